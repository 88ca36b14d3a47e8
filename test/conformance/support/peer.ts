import type { Socket } from 'node:net';
import { closeOf, frame, FrameReader, Opcode, type FrameOptions, type ReadFrame } from './frames.ts';

export interface PeerClose {
  /** Of the close frame; 1006 where none came. */
  readonly code: number;
  readonly reason: string;
  /** When the close frame came, or the connection ended without one; monotonic milliseconds. */
  readonly at: number;
}

/** One end of a WebSocket connection on a bare socket. It answers nothing by itself unless it is told to. */
export class Peer {
  readonly socket: Socket;
  readonly frames: ReadFrame[] = [];
  /** The masking key that this end owes; a server has none. */
  readonly mask: Buffer | undefined;
  /** When the last byte of a data frame came. */
  lastDataAt = 0;
  readonly closed: Promise<PeerClose>;
  /** Resolves when the connection is gone, whoever ended it. */
  readonly gone: Promise<number>;
  /** Answer pings, and a close with its echo. */
  polite = true;
  /** Gets the frames instead of {@link frames}, which would grow with a long call. */
  watch: ((frame: ReadFrame) => void) | undefined;
  readonly #reader = new FrameReader();
  #sentClose = false;

  /** `head`: bytes that came with the handshake. */
  constructor(socket: Socket, mask: Buffer | undefined, head: Buffer = Buffer.alloc(0)) {
    this.socket = socket;
    this.mask = mask;
    socket.on('error', () => undefined);
    this.gone = new Promise((resolve) => {
      socket.once('close', () => resolve(performance.now()));
    });
    this.closed = new Promise((resolve) => {
      socket.once('close', () => resolve({ code: 1006, reason: '', at: performance.now() }));
      this.#onClose = resolve;
    });
    socket.on('data', (bytes: Buffer) => this.#take(bytes));
    if (head.length > 0) this.#take(head);
  }

  #onClose: (close: PeerClose) => void = () => undefined;

  /** Sends a frame with the mask that this end owes, unless the options say otherwise. */
  send(payload: Buffer | string, options: FrameOptions = {}): void {
    if (options.opcode === Opcode.close) this.#sentClose = true;
    this.raw(frame(payload, { mask: this.mask, ...options }));
  }

  raw(bytes: Buffer): void {
    if (this.socket.writable) this.socket.write(bytes);
  }

  /** Texts of the data frames that came. */
  get texts(): string[] {
    return this.frames.filter(({ opcode }) => opcode < Opcode.close).map(({ payload }) => payload.toString('utf8'));
  }

  /** Leaves what comes unread, as a peer does that hangs. */
  stopReading(): void {
    this.socket.pause();
  }

  #take(bytes: Buffer): void {
    for (const one of this.#reader.push(bytes, performance.now())) {
      if (this.watch === undefined) this.frames.push(one);
      else this.watch(one);
      if (one.opcode < Opcode.close) this.lastDataAt = one.at;
      else if (one.opcode === Opcode.ping && this.polite) this.send(one.payload, { opcode: Opcode.pong });
      else if (one.opcode === Opcode.close) this.#leave(one);
    }
  }

  #leave({ payload, at }: ReadFrame): void {
    this.#onClose({ ...closeOf(payload), at });
    if (!this.polite) return;
    if (!this.#sentClose) this.send(payload, { opcode: Opcode.close });
    this.socket.end();
  }
}

/** Resolves to the bytes of the head of an HTTP message and to what came behind it. */
export function readHead(socket: Socket): Promise<{ readonly head: string; readonly rest: Buffer }> {
  return new Promise((resolve, reject) => {
    let bytes: Buffer = Buffer.alloc(0);
    const finish = (): void => {
      socket.removeListener('data', onData).removeListener('close', onClose);
    };
    const onClose = (): void => {
      finish();
      if (bytes.length === 0) reject(new Error('The connection ended without an answer'));
      else resolve({ head: bytes.toString('latin1'), rest: Buffer.alloc(0) });
    };
    const onData = (part: Buffer): void => {
      bytes = Buffer.concat([bytes, part]);
      const end = bytes.indexOf('\r\n\r\n');
      if (end < 0) return;
      finish();
      resolve({ head: bytes.subarray(0, end).toString('latin1'), rest: bytes.subarray(end + 4) });
    };
    socket.on('data', onData).once('close', onClose);
    socket.on('error', () => undefined);
  });
}
