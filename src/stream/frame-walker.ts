import { FrameContent, longestContent } from './frame-content.ts';

/**
 * Follows the bytes of one direction of a WebSocket from frame to frame, so that a whole small data frame can be looked
 * at, and passed on, where it lies. It keeps no bytes and changes none: what is not taken goes on to the WebSocket
 * library, which alone decides what is a violation. RFC 6455 section 5.2.
 */

/** Who gets the bytes, in their order. */
export interface FrameTaker {
  /**
   * A whole unfragmented data frame, and its content, borrowed until this returns. False: it counts as other bytes.
   */
  take(frame: Buffer, content: FrameContent, binary: boolean): boolean;
  /** All other bytes: control frames, fragments, long frames, parts of frames. */
  pass(bytes: Buffer): void;
}

const finalBit = 0x80;
const maskBit = 0x80;
const opcodeBits = 0x0f;
const lengthBits = 0x7f;
const finalText = 0x81;
const finalBinary = 0x82;
const firstControl = 0x8;
const twoByteLength = 126;
const eightByteLength = 127;
const longestHeader = 14;
const none = -1;

/** Of the frame in hand, whichever walker has it. */
const content = new FrameContent();

export class FrameWalker {
  private readonly masked: boolean;
  private readonly taker: FrameTaker;
  private readonly header = Buffer.alloc(longestHeader);
  /** Bytes of a header that was cut by the end of a read. */
  private headerBytes = 0;
  /** Bytes of the frame in hand that are still to come. */
  private rest = 0;
  private fragmented = false;
  private contentAt = 0;

  /** `masked`: the frames come from a client. RFC 6455 section 5.1. */
  constructor(masked: boolean, taker: FrameTaker) {
    this.masked = masked;
    this.taker = taker;
  }

  push(bytes: Buffer): void {
    let passedTo = 0;
    let at = 0;
    while (at < bytes.length) {
      if (this.rest > 0) {
        const step = Math.min(this.rest, bytes.length - at);
        this.rest -= step;
        at += step;
        continue;
      }
      const end = this.headerBytes === 0 ? this.endOfWhole(bytes, at) : none;
      if (end === none) {
        at = this.readHeader(bytes, at);
        continue;
      }
      if (passedTo < at) this.taker.pass(bytes.subarray(passedTo, at));
      passedTo = this.offer(bytes, at, end) ? end : at;
      at = end;
    }
    if (passedTo < at) this.taker.pass(passedTo === 0 ? bytes : bytes.subarray(passedTo));
  }

  /** The end of the whole data frame that begins here, or `none`. Sets where its content begins. */
  private endOfWhole(bytes: Buffer, at: number): number {
    const first = bytes[at];
    const second = bytes[at + 1];
    if (this.fragmented || second === undefined || (first !== finalText && first !== finalBinary)) return none;
    if (second >= maskBit !== this.masked) return none;
    let length = second & lengthBits;
    let headerLength = this.masked ? 6 : 2;
    if (length === eightByteLength) return none;
    if (length === twoByteLength) {
      length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
      headerLength += 2;
    }
    this.contentAt = at + headerLength;
    const end = this.contentAt + length;
    return end <= bytes.length && length <= longestContent ? end : none;
  }

  private offer(bytes: Buffer, at: number, end: number): boolean {
    content.hold(bytes, this.contentAt, end, this.masked);
    const frame = at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end);
    return this.taker.take(frame, content, bytes[at] === finalBinary);
  }

  /** Takes up the header of a frame that is not looked at; it may come in several reads. */
  private readHeader(bytes: Buffer, start: number): number {
    let at = start;
    while (at < bytes.length && this.headerBytes < this.headerLength()) {
      this.header[this.headerBytes] = bytes[at] ?? 0;
      this.headerBytes += 1;
      at += 1;
    }
    if (this.headerBytes === this.headerLength()) this.beginFrame();
    return at;
  }

  private headerLength(): number {
    if (this.headerBytes < 2) return 2;
    const second = this.header[1] ?? 0;
    const length = second & lengthBits;
    const lengthBytes = length === twoByteLength ? 2 : length === eightByteLength ? 8 : 0;
    return 2 + lengthBytes + (second >= maskBit ? 4 : 0);
  }

  private beginFrame(): void {
    const first = this.header[0] ?? 0;
    const short = (this.header[1] ?? 0) & lengthBits;
    this.headerBytes = 0;
    if (short === twoByteLength) this.rest = this.header.readUInt16BE(2);
    else if (short === eightByteLength) this.rest = this.header.readUInt32BE(2) * 2 ** 32 + this.header.readUInt32BE(6);
    else this.rest = short;
    if ((first & opcodeBits) < firstControl) this.fragmented = (first & finalBit) === 0;
  }
}
