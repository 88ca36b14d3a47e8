/** The text around base64 audio in a protocol. Audio moves from one protocol to another by changing it, undecoded. */
export class Envelope {
  private readonly before: Buffer;
  private readonly after: Buffer;

  constructor(before: string, after: string) {
    this.before = Buffer.from(before);
    this.after = Buffer.from(after);
  }

  /** Around bytes `from` to `to` of `data`, which are base64. */
  around(data: Buffer, from: number, to: number): Buffer {
    const frame = this.frame(to - from);
    data.copy(frame, this.before.length, from, to);
    return frame;
  }

  aroundText(base64: string): Buffer {
    const frame = this.frame(base64.length);
    frame.write(base64, this.before.length, 'latin1');
    return frame;
  }

  private frame(length: number): Buffer {
    const { before, after } = this;
    const frame = Buffer.allocUnsafe(before.length + length + after.length);
    before.copy(frame, 0);
    after.copy(frame, before.length + length);
    return frame;
  }
}

const equals = 0x3d;
const quote = 0x22;
const colon = 0x3a;
const longestNumber = 9;

/** How many bytes base64 stands for. */
export function decodedLength(data: Buffer, from: number, to: number): number {
  let padding = 0;
  while (padding < 2 && data[to - 1 - padding] === equals) padding += 1;
  return ((to - from) / 4) * 3 - padding;
}

/**
 * The string under a key of a frame that is proven audio: its strings hold no escapes, and where the key's name is itself a
 * value no colon follows.
 */
export function stringUnder(quotedKey: Buffer, data: Buffer): string | undefined {
  const start = valueUnder(quotedKey, data);
  if (data[start] !== quote) return undefined;
  return data.toString('latin1', start + 1, data.indexOf(quote, start + 1));
}

/** The number under a key of such a frame; 0 where there is none. */
export function numberUnder(quotedKey: Buffer, data: Buffer): number {
  const start = valueUnder(quotedKey, data);
  return start < 0 ? 0 : Number.parseInt(data.toString('latin1', start, start + longestNumber), 10) || 0;
}

function valueUnder(quotedKey: Buffer, data: Buffer): number {
  const key = data.indexOf(quotedKey);
  const separator = skipSpace(data, key + quotedKey.length);
  return key < 0 || data[separator] !== colon ? -1 : skipSpace(data, separator + 1);
}

function skipSpace(data: Buffer, start: number): number {
  let at = start;
  while (data[at] === 0x20 || data[at] === 0x09 || data[at] === 0x0a || data[at] === 0x0d) at += 1;
  return at;
}
