import type { FrameContent } from './frame-content.ts';

/** Bytes `from` to `to` of a content. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A content that was proven, and the places in it that may differ in the next one. */
export interface ProvenContent {
  readonly data: Buffer;
  /** Where digits stand, each of which may be another digit. */
  readonly digits: readonly Span[];
  /** The running number, if the protocol has one. */
  readonly sequence: Span | undefined;
  /** Where base64 stands, without its padding. */
  readonly audio: Span;
}

/** By two bytes of base64 in either order: 1, else 0. */
const pairs = new Uint8Array(1 << 16);
const base64Bytes = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
for (const first of base64Bytes) for (const second of base64Bytes) pairs[first | (second << 8)] = 1;
const fourOfBase64 = 0x41414141;

const everyBit = -1;
const highNibble = 0xf0;
const lowHalves = 0x0f0f0f0f;
/** Added to the low halves of four digits, it carries into the bits of `tooHigh` where one is above 9. */
const aboveNine = 0x06060606;
const tooHigh = 0x10101010;
const digitZero = 0x30;

/**
 * What the frames of one stream have in common: a telephone call sends the same envelope fifty times a second, with
 * other digits and other audio in it. A content that fits the stencil of a proven one is proven as well, and that is
 * seen four bytes at a time and through the mask.
 */
export class Stencil {
  private readonly length: number;
  /**
   * Two numbers for each word that is not all audio, in their order: the bits that stand (of a digit those above its value),
   * and what they are.
   */
  private readonly checks: Int32Array;
  /** The words that are all audio, and between which numbers of all words they lie. */
  private readonly audioFrom: number;
  private readonly audioTo: number;
  /** Of the words before and behind them, the bits that are audio. */
  private readonly audioBefore: number;
  private readonly audioBehind: number;
  private readonly sequence: Span | undefined;

  constructor({ data, digits, sequence, audio }: ProvenContent) {
    const size = Math.ceil(data.length / 4);
    const [stands, sound, content] = [wordsOf(size), wordsOf(size), wordsOf(size)];
    stands.bytes.fill(0xff, 0, data.length).fill(0, audio.from, audio.to);
    sound.bytes.fill(0xff, audio.from, audio.to);
    for (const { from, to } of digits) stands.bytes.fill(highNibble, from, to);
    data.copy(content.bytes);
    const checks: number[] = [];
    for (let index = 0; index < size; index += 1) {
      const bits = stands.words[index] ?? 0;
      if (sound.words[index] !== everyBit) checks.push(bits, (content.words[index] ?? 0) & bits);
    }
    this.checks = Int32Array.from(checks);
    this.audioFrom = Math.ceil(audio.from / 4);
    this.audioTo = Math.max(this.audioFrom, Math.floor(audio.to / 4));
    this.audioBefore = sound.words[this.audioFrom - 1] ?? 0;
    this.audioBehind = sound.words[this.audioTo] ?? 0;
    this.sequence = sequence;
    this.length = data.length;
  }

  /** True: the content differs from the proven one in digits and in audio alone. */
  fits(content: FrameContent): boolean {
    return content.length === this.length && this.fitsEnvelope(content) && this.fitsAudio(content);
  }

  /** The running number of a content that fits; -1 where there is none. */
  sequenceOf(content: FrameContent): number {
    if (this.sequence === undefined) return -1;
    let value = 0;
    for (let at = this.sequence.from; at < this.sequence.to; at += 1)
      value = value * 10 + content.byteAt(at) - digitZero;
    return value;
  }

  private fitsEnvelope({ words, mask }: FrameContent): boolean {
    const { checks, audioFrom } = this;
    const audioWords = this.audioTo - audioFrom;
    let differs = 0;
    for (let at = 0; at < checks.length; at += 2) {
      const index = at >> 1;
      const word = (words[index < audioFrom ? index : index + audioWords] ?? 0) ^ mask;
      const bits = checks[at] ?? 0;
      // Where only the upper half of a byte stands, the lower one is that of a digit.
      const digits = (bits >>> 4) & lowHalves & ~bits;
      differs |= (word & bits) ^ (checks[at + 1] ?? 0);
      differs |= ((word & digits) + (aboveNine & digits)) & tooHigh;
    }
    return differs === 0;
  }

  private fitsAudio({ words, mask }: FrameContent): boolean {
    const { audioFrom, audioTo, audioBefore, audioBehind } = this;
    let valid = pairsOf((((words[audioFrom - 1] ?? 0) ^ mask) & audioBefore) | (fourOfBase64 & ~audioBefore));
    for (let at = audioFrom; at < audioTo; at += 1) valid &= pairsOf((words[at] ?? 0) ^ mask);
    valid &= pairsOf((((words[audioTo] ?? 0) ^ mask) & audioBehind) | (fourOfBase64 & ~audioBehind));
    return valid === 1;
  }
}

/** 1 where the four bytes of a word are base64. */
function pairsOf(word: number): number {
  return (pairs[word & 0xffff] ?? 0) & (pairs[word >>> 16] ?? 0);
}

function wordsOf(size: number): { readonly bytes: Buffer; readonly words: Int32Array } {
  const words = new Int32Array(size);
  return { bytes: Buffer.from(words.buffer), words };
}
