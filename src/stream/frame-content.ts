/** Content of the longest frame that is looked at; a second of telephony audio in base64 has 10,668 bytes. */
export const longestContent = 16 * 1024;

/** Where content lies in the place that all frames share: behind the longest header, at the border of a word. */
const contentFrom = 8;
const maskFrom = contentFrom - 4;
const maskWord = maskFrom / 4;

const place = Buffer.allocUnsafeSlow(contentFrom + longestContent);
const wordsOfPlace = new Int32Array(place.buffer);
/** The content as words of four bytes, in the byte order of the machine. What follows its end is left from before. */
const words = new Int32Array(place.buffer, contentFrom);
const none = Buffer.alloc(0);

/**
 * The content of the frame in hand. Frames are looked at one after the other, so that all directions of all calls share
 * one place: it is copied there when it is first read, and is borrowed until the frame was taken.
 */
export class FrameContent {
  readonly words = words;
  length = 0;
  /** What every word still has to be XORed with; 0 once the content is open. RFC 6455 section 5.3. */
  mask = 0;
  private bytes: Buffer = none;
  private from = 0;
  private to = 0;
  private masked = false;
  private loaded = false;

  /** The content stands from `from` to `to` in `bytes`; a mask of four bytes stands before it. */
  hold(bytes: Buffer, from: number, to: number, masked: boolean): void {
    this.bytes = bytes;
    this.from = from;
    this.to = to;
    this.masked = masked;
    this.length = to - from;
    this.loaded = false;
  }

  /** Copies the content to its place, still under its mask. */
  load(): void {
    const { bytes, from, to, masked } = this;
    this.loaded = true;
    // The usual read is one frame: copied with its header, it needs no view of a part.
    if (to === bytes.length && from <= contentFrom) place.set(bytes, contentFrom - from);
    else if (masked) place.set(bytes.subarray(from - 4, to), maskFrom);
    else place.set(bytes.subarray(from, to), contentFrom);
    this.mask = masked ? (wordsOfPlace[maskWord] ?? 0) : 0;
  }

  /** The byte at `index`, without its mask. */
  byteAt(index: number): number {
    const byte = place[contentFrom + index] ?? 0;
    return this.mask === 0 ? byte : byte ^ (place[maskFrom + (index & 3)] ?? 0);
  }

  /** The bytes without their mask. */
  open(): Buffer {
    if (!this.loaded) this.load();
    const { mask, length } = this;
    if (mask !== 0) for (let index = 0; index * 4 < length; index += 1) words[index] = (words[index] ?? 0) ^ mask;
    this.mask = 0;
    return place.subarray(contentFrom, contentFrom + length);
  }
}
