import { isUtf8 } from 'node:buffer';
import { headerLength, hexAt, leafInPlace, maximumBody, smallestBody } from './frame.ts';
import { empty, holdsBase64 } from './quick-bytes.ts';

const newline = 0x0a;
const space = 0x20;
const quote = 0x22;
const comma = 0x2c;
const minus = 0x2d;
const dot = 0x2e;
const zero = 0x30;
const nine = 0x39;
const colon = 0x3a;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Members of one object: more is left to the careful reader. */
const mostNames = 48;
const previousLength = 44;
/** Nothing there. */
const none = -1;

/** Where the text of a member's value lies in the bytes that were read, without its quotes. */
export interface Span {
  start: number;
  end: number;
}

/**
 * Proves that a record is whole and in its place from its bytes alone: no text, no object and no copy is made of it. It
 * knows only what the writer writes (no escapes, no deeper objects, whole numbers); whatever else a record may be it
 * leaves to `readFrame` and `readRecord`, which also say what is wrong. It MUST NOT accept what those two reject.
 */
export class QuickReader {
  /** Of the record that was read last. */
  leaf: Buffer = empty;
  next = 0;
  /** Member `t`. */
  time = 0;
  readonly run: Span = { start: none, end: none };
  readonly kind: Span = { start: none, end: none };
  readonly call: Span = { start: none, end: none };
  readonly subject: Span = { start: none, end: none };
  readonly #previous: Span = { start: none, end: none };
  readonly #payload: Span = { start: none, end: none };
  readonly #nameStarts = new Int32Array(2 * mostNames);
  readonly #nameEnds = new Int32Array(2 * mostNames);
  #index = none;
  #isAscii = true;
  /** All bits of the text that was read last. */
  #seen = 0;

  /** True: the record of this index stands whole at `offset`, behind one whose leaf is `previous`. */
  read(bytes: Buffer, offset: number, index: number, previous: Buffer): boolean {
    const length = hexAt(bytes, offset);
    const start = offset + headerLength;
    const end = start + length;
    if (length < smallestBody || length > maximumBody || end >= bytes.length || bytes[end] !== newline) return false;
    const prefix = hexAt(bytes, offset + 9);
    if (prefix < 0 || bytes[offset + 8] !== space || bytes[offset + 17] !== space) return false;
    if (!this.#readMembers(bytes, start, end) || this.#index !== index) return false;
    if (!holdsBase64(bytes, this.#previous.start, previous)) return false;
    if (!this.#isAscii && !isUtf8(bytes.subarray(start, end))) return false;
    this.leaf = leafInPlace(bytes, offset, length);
    this.next = end + 1;
    return this.leaf.readUInt32BE(0) === prefix;
  }

  /** The text of a member of the record that was read last. */
  text(bytes: Buffer, { start, end }: Span): string {
    return bytes.toString(this.#isAscii ? 'latin1' : 'utf8', start, end);
  }

  #readMembers(bytes: Buffer, start: number, end: number): boolean {
    this.#index = none;
    this.#isAscii = true;
    this.time = none;
    for (const span of [this.run, this.kind, this.call, this.subject, this.#previous, this.#payload]) {
      span.start = none;
      span.end = none;
    }
    // The line feed at `end` ends every loop: no value can hold one.
    if (bytes[start] !== openBrace || this.#object(bytes, start, 0) !== end) return false;
    const { run, kind } = this;
    return run.start !== none && kind.start !== none && this.time !== none && this.#endsAsItMust(end);
  }

  /** `p` is the last member, or the one before `e`. */
  #endsAsItMust(end: number): boolean {
    const previous = this.#previous;
    const payload = this.#payload;
    if (previous.start === none || previous.end - previous.start !== previousLength) return false;
    if (payload.start === none) return previous.end === end - 2;
    return (
      payload.end === end - 2 &&
      payload.start === previous.end + '","e":"'.length &&
      (payload.end - payload.start) % 4 === 0
    );
  }

  /** Offset behind the object that begins at `from`; -1 where it is none that is known here. */
  #object(bytes: Buffer, from: number, depth: number): number {
    const base = depth * mostNames;
    let names = base;
    let at = from + 1;
    if (bytes[at] === closeBrace) return depth === 0 ? none : at + 1;
    for (;;) {
      if (bytes[at] !== quote) return none;
      const start = at + 1;
      const end = this.#string(bytes, start);
      if (end === none || bytes[end + 1] !== colon || this.#isKnown(bytes, start, end, base, names)) return none;
      this.#nameStarts[names] = start;
      this.#nameEnds[names] = end;
      names += 1;
      at = this.#value(bytes, start, end, depth);
      if (at === none) return none;
      const byte = bytes[at];
      if (byte === closeBrace) return at + 1;
      if (byte !== comma || names === base + mostNames) return none;
      at += 1;
    }
  }

  /** Reads the value behind a name; resolves to the offset behind it. */
  #value(bytes: Buffer, name: number, nameEnd: number, depth: number): number {
    const at = nameEnd + 2;
    const byte = bytes[at] ?? 0;
    if (byte === quote) {
      const end = this.#string(bytes, at + 1);
      if (end === none) return none;
      if (depth === 0 && nameEnd - name === 1) this.#noteText(bytes[name] ?? 0, at + 1, end);
      return end + 1;
    }
    // A `p` or an `e` that is no text is for the careful reader to refuse.
    if (depth === 0 && nameEnd - name === 1 && (bytes[name] === 0x70 || bytes[name] === 0x65)) return none;
    if (byte === openBrace) return depth === 0 ? this.#object(bytes, at, 1) : none;
    const end = this.#number(bytes, at);
    if (end !== none && depth === 0 && nameEnd - name === 1) this.#noteNumber(bytes, bytes[name] ?? 0, at, end);
    return end;
  }

  #noteText(name: number, start: number, end: number): void {
    const span = this.#spanOf(name);
    if (span === undefined || (span === this.#payload && this.#seen > 0x7f)) return;
    span.start = start;
    span.end = end;
  }

  #spanOf(name: number): Span | undefined {
    if (name === 0x70) return this.#previous;
    if (name === 0x65) return this.#payload;
    if (name === 0x6b) return this.kind;
    if (name === 0x62) return this.run;
    if (name === 0x63) return this.call;
    return name === 0x73 ? this.subject : undefined;
  }

  #noteNumber(bytes: Buffer, name: number, start: number, end: number): void {
    if (name !== 0x6e && name !== 0x74) return;
    let value = 0;
    for (let at = start; at < end; at += 1) {
      const digit = (bytes[at] ?? 0) - zero;
      if (digit < 0 || digit > 9) return;
      value = value * 10 + digit;
    }
    if (name === 0x74) this.time = value;
    else if (bytes[start - 5] === openBrace && end - start < 16) this.#index = value;
  }

  /** Offset of the quote that ends the text; -1 where it holds an escape or a control character. */
  #string(bytes: Buffer, from: number): number {
    let at = from;
    let seen = 0;
    for (let byte = bytes[at] ?? 0; byte !== quote; byte = bytes[at] ?? 0) {
      if (byte < space || byte === backslash) return none;
      seen |= byte;
      at += 1;
    }
    this.#seen = seen;
    if (seen > 0x7f) this.#isAscii = false;
    return at;
  }

  /** Offset behind a number without an exponent; -1 for anything else. */
  #number(bytes: Buffer, from: number): number {
    let at = bytes[from] === minus ? from + 1 : from;
    const first = bytes[at] ?? 0;
    if (first < zero || first > nine) return none;
    at += 1;
    if (first !== zero) while (isDigit(bytes[at])) at += 1;
    if (bytes[at] !== dot) return at;
    if (!isDigit(bytes[at + 1])) return none;
    at += 2;
    while (isDigit(bytes[at])) at += 1;
    return at;
  }

  #isKnown(bytes: Buffer, start: number, end: number, base: number, names: number): boolean {
    for (let other = base; other < names; other += 1) {
      const from = this.#nameStarts[other] ?? 0;
      if ((this.#nameEnds[other] ?? 0) - from !== end - start) continue;
      let at = 0;
      while (at < end - start && bytes[from + at] === bytes[start + at]) at += 1;
      if (at === end - start) return true;
    }
    return false;
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= nine;
}
