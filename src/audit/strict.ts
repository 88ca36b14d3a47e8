const space = 0x20;
const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/** More members and levels than any record has. One set for all calls: nothing is allocated for a record. */
const mostNames = 512;
const mostLevels = 32;
const nameStarts = new Int32Array(mostNames);
const nameEnds = new Int32Array(mostNames);
const levelStarts = new Int32Array(mostLevels);

/**
 * What makes a JSON text readable in two ways, or undefined. JSON.parse keeps the last of two members of one name and
 * other parsers the first; an escape in a name could hide a second one, and so could a space before the colon. The text
 * must be JSON: this looks only at names and at what stands between strings.
 */
export function flawOf(text: Buffer): string | undefined {
  let names = 0;
  let levels = 0;
  for (let at = 0; at < text.length; at += 1) {
    const byte = text[at] ?? 0;
    if (byte === quote) {
      const start = at + 1;
      at = endOfString(text, start);
      if (text[at + 1] !== colon) continue;
      const flaw = flawOfName(text, start, at, levelStarts[levels - 1] ?? 0, names);
      if (flaw !== undefined) return flaw;
      nameStarts[names] = start;
      nameEnds[names] = at;
      names += 1;
    } else if (byte === openBrace || byte === openBracket) {
      levelStarts[levels] = names;
      levels += 1;
    } else if (byte === closeBrace || byte === closeBracket) {
      levels -= 1;
      names = levelStarts[levels] ?? 0;
    } else if (byte <= space) return 'has a space between its members';
    if (names === mostNames || levels === mostLevels) return 'has more members than a record can have';
  }
  return undefined;
}

function endOfString(text: Buffer, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== quote) at += text[at] === backslash ? 2 : 1;
  return at;
}

function flawOfName(text: Buffer, start: number, end: number, first: number, names: number): string | undefined {
  for (let at = start; at < end; at += 1) if (text[at] === backslash) return 'has a member whose name is not plain';
  for (let other = first; other < names; other += 1) {
    const from = nameStarts[other] ?? 0;
    if ((nameEnds[other] ?? 0) - from === end - start && isSame(text, from, start, end - start))
      return 'has a member twice';
  }
  return undefined;
}

function isSame(text: Buffer, first: number, second: number, length: number): boolean {
  for (let at = 0; at < length; at += 1) if (text[first + at] !== text[second + at]) return false;
  return true;
}
