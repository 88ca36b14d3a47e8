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
const lowNibble = 0x0f;
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
  /** Four numbers for each word that is not all audio: its index, the bits that stand, what they are, the bits of digits. */
  private readonly checks: Int32Array;
  /** Two numbers for each word that is audio in part: its index, and the bits of audio. */
  private readonly edges: Int32Array;
  private readonly audioFrom: number;
  private readonly audioTo: number;
  private readonly sequence: Span | undefined;

  constructor({ data, digits, sequence, audio }: ProvenContent) {
    const size = Math.ceil(data.length / 4);
    const [stands, digit, sound] = [wordsOf(size), wordsOf(size), wordsOf(size)];
    stands.bytes.fill(0xff, 0, data.length).fill(0, audio.from, audio.to);
    sound.bytes.fill(0xff, audio.from, audio.to);
    for (const { from, to } of digits) {
      stands.bytes.fill(highNibble, from, to);
      digit.bytes.fill(lowNibble, from, to);
    }
    const content = wordsOf(size);
    data.copy(content.bytes);
    const checks: number[] = [];
    const edges: number[] = [];
    for (let index = 0; index < size; index += 1) {
      const [bits, sounds] = [stands.words[index] ?? 0, sound.words[index] ?? 0];
      if (bits !== 0) checks.push(index, bits, (content.words[index] ?? 0) & bits, digit.words[index] ?? 0);
      if (sounds !== 0 && sounds !== everyBit) edges.push(index, sounds);
    }
    this.checks = Int32Array.from(checks);
    this.edges = Int32Array.from(edges);
    this.audioFrom = Math.ceil(audio.from / 4);
    this.audioTo = Math.floor(audio.to / 4);
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
    const { checks } = this;
    let differs = 0;
    for (let at = 0; at < checks.length; at += 4) {
      const word = (words[checks[at] ?? 0] ?? 0) ^ mask;
      const digits = checks[at + 3] ?? 0;
      differs |= (word & (checks[at + 1] ?? 0)) ^ (checks[at + 2] ?? 0);
      differs |= ((word & digits) + (aboveNine & digits)) & tooHigh;
    }
    return differs === 0;
  }

  private fitsAudio({ words, mask }: FrameContent): boolean {
    const { edges, audioTo } = this;
    let valid = 1;
    for (let at = 0; at < edges.length; at += 2) {
      const bits = edges[at + 1] ?? 0;
      valid &= pairsOf((((words[edges[at] ?? 0] ?? 0) ^ mask) & bits) | (fourOfBase64 & ~bits));
    }
    for (let at = this.audioFrom; at < audioTo; at += 1) valid &= pairsOf((words[at] ?? 0) ^ mask);
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
