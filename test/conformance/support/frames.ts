/** WebSocket frames written and read by hand, so that they can be wrong in every way. RFC 6455 section 5.2. */

export const Opcode = { continuation: 0x0, text: 0x1, binary: 0x2, close: 0x8, ping: 0x9, pong: 0xa } as const;

export interface FrameOptions {
  readonly fin?: boolean;
  /** The three reserved bits as a number from 0 to 7. */
  readonly rsv?: number;
  readonly opcode?: number;
  /** Masking key; undefined for an unmasked frame. */
  readonly mask?: Buffer | undefined;
  /** How the length is written; the shortest form when left out. */
  readonly form?: 7 | 16 | 64;
  /** The length that is claimed, where it is not the true one. */
  readonly claims?: bigint;
}

/** Any masking key does for a peer that need not be unpredictable; this one has no zero byte. */
export const maskingKey = Buffer.from('c0ffee5a', 'hex');

/** One frame. Text by default, masked only when a key is given. */
export function frame(payload: Buffer | string, options: FrameOptions = {}): Buffer {
  const body = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const { fin = true, rsv = 0, opcode = Opcode.text, mask, claims = BigInt(body.length) } = options;
  const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  const length = lengthOf(claims, options.form ?? (claims < 126n ? 7 : claims < 65_536n ? 16 : 64));
  if (mask !== undefined) length[0] = (length[0] ?? 0) | 0x80;
  return Buffer.concat([Buffer.from([first]), length, mask ?? Buffer.alloc(0), masked(body, mask)]);
}

function lengthOf(length: bigint, form: 7 | 16 | 64): Buffer {
  if (form === 7) return Buffer.from([Number(length)]);
  const bytes = Buffer.alloc(form === 16 ? 3 : 9);
  bytes[0] = form === 16 ? 126 : 127;
  if (form === 16) bytes.writeUInt16BE(Number(length), 1);
  else bytes.writeBigUInt64BE(length, 1);
  return bytes;
}

function masked(body: Buffer, key: Buffer | undefined): Buffer {
  if (key === undefined) return body;
  const result = Buffer.allocUnsafe(body.length);
  for (let at = 0; at < body.length; at += 1) result[at] = (body[at] ?? 0) ^ (key[at & 3] ?? 0);
  return result;
}

/** The payload of a close frame. */
export function closePayload(code: number, reason: Buffer | string = ''): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(code);
  return Buffer.concat([bytes, typeof reason === 'string' ? Buffer.from(reason) : reason]);
}

/** A frame as it was read. */
export interface ReadFrame {
  readonly fin: boolean;
  readonly rsv: number;
  readonly opcode: number;
  readonly masked: boolean;
  /** Its masking key, where it has one. */
  readonly key: Buffer | undefined;
  readonly payload: Buffer;
  /** Arrival, monotonic milliseconds. */
  readonly at: number;
}

/** Takes bytes as they come and gives whole frames. What it reads is written by the program under test. */
export class FrameReader {
  #bytes: Buffer = Buffer.alloc(0);

  push(bytes: Buffer, at: number): ReadFrame[] {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    const frames: ReadFrame[] = [];
    for (let next = this.#take(at); next !== undefined; next = this.#take(at)) frames.push(next);
    return frames;
  }

  #take(at: number): ReadFrame | undefined {
    const bytes = this.#bytes;
    if (bytes.length < 2) return undefined;
    const [first = 0, second = 0] = bytes;
    const short = second & 0x7f;
    const headerBytes = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (bytes.length < headerBytes) return undefined;
    const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
    const isMasked = second > 0x7f;
    const from = headerBytes + (isMasked ? 4 : 0);
    if (bytes.length < from + length) return undefined;
    const key = isMasked ? bytes.subarray(headerBytes, from) : undefined;
    this.#bytes = bytes.subarray(from + length);
    return {
      fin: first > 0x7f,
      rsv: (first >> 4) & 7,
      opcode: first & 0xf,
      masked: isMasked,
      key: key === undefined ? undefined : Buffer.from(key),
      payload: masked(bytes.subarray(from, from + length), key),
      at,
    };
  }
}

/** What a close frame says; 1005 where it says nothing. */
export function closeOf(payload: Buffer): { readonly code: number; readonly reason: string } {
  if (payload.length < 2) return { code: 1005, reason: '' };
  return { code: payload.readUInt16BE(0), reason: payload.subarray(2).toString() };
}
