/** Bytes of JSON compared with what they may be: each function gives the position after what it found, or `failed`. */

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

export const quote = 0x22;
export const colon = 0x3a;
export const comma = 0x2c;
export const openBrace = 0x7b;
export const closeBrace = 0x7d;
export const equals = 0x3d;
export const point = 0x2e;
const zero = 0x30;
const nine = 0x39;
export const failed = -1;

export function skipSpace(data: Buffer, start: number): number {
  let at = start;
  let byte = data[at];
  while (byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d) {
    at += 1;
    byte = data[at];
  }
  return at;
}

/** The position after `word` and a closing quote, or `failed`. */
export function matchWord(data: Buffer, start: number, word: Buffer): number {
  return startsWith(data, start, word) && data[start + word.length] === quote ? start + word.length + 1 : failed;
}

function startsWith(data: Buffer, start: number, word: Buffer): boolean {
  for (let index = 0; index < word.length; index += 1) if (data[start + index] !== word[index]) return false;
  return true;
}

export function matchBase64(data: Buffer, start: number): number {
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

export function matchId(data: Buffer, start: number): number {
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
export function matchDigits(data: Buffer, start: number): number {
  let at = start;
  while (isDigit(data[at]) && at - start < longestNumber) at += 1;
  return at === start ? failed : at;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= nine;
}

export function numberAt(data: Buffer, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) value = value * 10 + (data[at] ?? zero) - zero;
  return value;
}

/** The position after a JSON number of at most nine digits before and after its point, or `failed`. */
export function matchNumber(data: Buffer, start: number): number {
  const whole = matchDigits(data, start);
  return whole !== failed && data[whole] === point ? matchDigits(data, whole + 1) : whole;
}

const flags = ['true', 'false', 'null'].map((word) => Buffer.from(word));

export function matchFlag(data: Buffer, start: number): number {
  for (let index = 0; index < flags.length; index += 1) {
    const word = flags[index];
    if (word !== undefined && startsWith(data, start, word)) return start + word.length;
  }
  return failed;
}
