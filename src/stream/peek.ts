import type { AudioProver, Way } from './protocol.ts';
import type { CompiledField, CompiledShape } from './shape.ts';

/**
 * Proof that the bytes of a frame are audio and nothing else. A protocol says what its audio frames look like as shapes;
 * a walker compares a frame with them byte by byte: only keys of the shape, each at most once, only values of the proven
 * form, no escapes, no bytes after the end. Keys may come in any order and JSON white space may stand between tokens.
 */

const classOf = new Uint8Array(256);
const isBase64 = 1;
const isIdentifier = 2;
const isLetter = 4;
const longestNumber = 9;
const longestId = 128;

function mark(characters: string, flags: number): void {
  for (const byte of Buffer.from(characters)) classOf[byte] = (classOf[byte] ?? 0) | flags;
}
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
mark(letters, isBase64 | isIdentifier | isLetter);
mark('0123456789', isBase64 | isIdentifier);
mark('+/', isBase64);
mark('_-', isIdentifier);

const quote = 0x22;
const colon = 0x3a;
const comma = 0x2c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const equals = 0x3d;
const point = 0x2e;
const zero = 0x30;
const nine = 0x39;
const failed = -1;

function skipSpace(data: Buffer, start: number): number {
  let at = start;
  let byte = data[at];
  while (byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d) {
    at += 1;
    byte = data[at];
  }
  return at;
}

/** The position after `word` and a closing quote, or `failed`. */
function matchWord(data: Buffer, start: number, word: Buffer): number {
  return startsWith(data, start, word) && data[start + word.length] === quote ? start + word.length + 1 : failed;
}

function startsWith(data: Buffer, start: number, word: Buffer): boolean {
  for (let index = 0; index < word.length; index += 1) if (data[start + index] !== word[index]) return false;
  return true;
}

function matchBase64(data: Buffer, start: number): number {
  let at = start;
  let byte = data[at];
  while (byte !== undefined && ((classOf[byte] ?? 0) & isBase64) !== 0) {
    at += 1;
    byte = data[at];
  }
  for (let padding = 0; padding < 2 && byte === equals; padding += 1) {
    at += 1;
    byte = data[at];
  }
  return byte === quote && at > start && (at - start) % 4 === 0 ? at + 1 : failed;
}

function matchId(data: Buffer, start: number): number {
  let at = start;
  let seen = 0;
  let flags = classOf[data[at] ?? 0] ?? 0;
  while ((flags & isIdentifier) !== 0 && at - start < longestId) {
    seen |= flags;
    at += 1;
    flags = classOf[data[at] ?? 0] ?? 0;
  }
  return data[at] === quote && (seen & isLetter) !== 0 ? at + 1 : failed;
}

/** The position after one to nine digits, or `failed`. */
function matchDigits(data: Buffer, start: number): number {
  let at = start;
  while (isDigit(data[at]) && at - start < longestNumber) at += 1;
  return at === start ? failed : at;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= nine;
}

function numberAt(data: Buffer, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) value = value * 10 + (data[at] ?? zero) - zero;
  return value;
}

/** The position after a JSON number of at most nine digits before and after its point, or `failed`. */
function matchNumber(data: Buffer, start: number): number {
  const whole = matchDigits(data, start);
  return whole !== failed && data[whole] === point ? matchDigits(data, whole + 1) : whole;
}

const flags = ['true', 'false', 'null'].map((word) => Buffer.from(word));

function matchFlag(data: Buffer, start: number): number {
  for (let index = 0; index < flags.length; index += 1) {
    const word = flags[index];
    if (word !== undefined && startsWith(data, start, word)) return start + word.length;
  }
  return failed;
}

/** The prover of one call. Its only memory is the bound stream id, the last running number and the last place of audio. */
export class ShapeProver implements AudioProver {
  sequence = -1;
  payloadFrom = 0;
  payloadTo = 0;
  private readonly shapes: Readonly<Record<Way, readonly CompiledShape[]>>;
  private readonly binaryIsAudio: Readonly<Record<Way, boolean>>;
  private boundStream: Buffer | undefined;

  constructor(shapes: Readonly<Record<Way, readonly CompiledShape[]>>, binaryIsAudio: Readonly<Record<Way, boolean>>) {
    this.shapes = shapes;
    this.binaryIsAudio = binaryIsAudio;
  }

  bind(streamSid: string): void {
    this.boundStream = Buffer.from(streamSid);
  }

  proves(way: Way, data: Buffer, binary: boolean): boolean {
    if (binary) return this.provesBinary(way, data);
    const shapes = this.shapes[way];
    for (let index = 0; index < shapes.length; index += 1) {
      const shape = shapes[index];
      this.sequence = -1;
      if (shape === undefined) return false;
      const at = this.matchObject(data, skipSpace(data, 0), shape);
      if (at !== failed && skipSpace(data, at) === data.length) return true;
    }
    return false;
  }

  private provesBinary(way: Way, data: Buffer): boolean {
    this.payloadFrom = 0;
    this.payloadTo = data.length;
    return this.binaryIsAudio[way] && data.length > 0;
  }

  private matchObject(data: Buffer, start: number, shape: CompiledShape): number {
    if (data[start] !== openBrace) return failed;
    let at = start + 1;
    let seen = 0;
    for (;;) {
      at = skipSpace(data, at);
      if (data[at] !== quote) return failed;
      const index = this.findKey(data, at + 1, shape, seen);
      const field = shape.fields[index];
      if (field === undefined) return failed;
      seen |= 1 << index;
      at = skipSpace(data, at + 2 + field.key.length);
      if (data[at] !== colon) return failed;
      at = this.matchValue(data, skipSpace(data, at + 1), field);
      if (at === failed) return failed;
      at = skipSpace(data, at);
      const byte = data[at];
      at += 1;
      if (byte === closeBrace) return (seen & shape.required) === shape.required ? at : failed;
      if (byte !== comma) return failed;
    }
  }

  /** Index of the field whose key stands here and was not seen yet, or `failed`. */
  private findKey(data: Buffer, start: number, shape: CompiledShape, seen: number): number {
    for (let index = 0; index < shape.fields.length; index += 1) {
      const field = shape.fields[index];
      if (field !== undefined && (seen & (1 << index)) === 0 && matchWord(data, start, field.key) !== failed)
        return index;
    }
    return failed;
  }

  private matchValue(data: Buffer, start: number, field: CompiledField): number {
    if (field.shape !== undefined) return this.matchObject(data, start, field.shape);
    if (field.form === 'number') return matchNumber(data, start);
    if (field.form === 'flag') return matchFlag(data, start);
    if (data[start] !== quote) return failed;
    switch (field.form) {
      case 'base64':
        return this.matchPayload(data, start + 1);
      case 'id':
        return matchId(data, start + 1);
      case 'stream':
        return this.boundStream === undefined ? failed : matchWord(data, start + 1, this.boundStream);
      case 'literal':
        return this.matchLiteral(data, start + 1, field.values);
      case 'digits':
      case 'sequence':
      case 'object':
        break;
    }
    return this.matchQuotedDigits(data, start + 1, field.form === 'sequence');
  }

  private matchPayload(data: Buffer, start: number): number {
    const at = matchBase64(data, start);
    this.payloadFrom = start;
    this.payloadTo = at - 1;
    return at;
  }

  private matchLiteral(data: Buffer, start: number, values: readonly Buffer[]): number {
    for (let index = 0; index < values.length; index += 1) {
      const value = values[index];
      const at = value === undefined ? failed : matchWord(data, start, value);
      if (at !== failed) return at;
    }
    return failed;
  }

  private matchQuotedDigits(data: Buffer, start: number, keep: boolean): number {
    const at = matchDigits(data, start);
    if (at === failed || data[at] !== quote) return failed;
    if (keep) this.sequence = numberAt(data, start, at);
    return at + 1;
  }
}
