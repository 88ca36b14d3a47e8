import { unread } from './redact.ts';

/**
 * Carries what was removed from a text over to the same text in pieces: the words of a transcript, the characters of a
 * caption. A piece alone says too little for a recognizer, a spoken number least of all.
 */
export type PieceUnit = 'word' | 'character';

/** Anything that can stand in a redacted text in place of words: a placeholder, or the mark of undecided words. */
const gap = /\[[A-Z][A-Z0-9_]*\]|\u2026/u;

/**
 * For each UTF-16 unit of `original` 1 where it certainly still stands in `shown`. `shown` is the original with gaps; where
 * the stretches between the gaps fit in more than one way, what does not stand in all of them counts as removed.
 */
export function keptIn(original: string, shown: string): Uint8Array {
  const kept = new Uint8Array(original.length);
  if (shown === original) return kept.fill(1);
  const stretches = shown.split(gap);
  const leftmost = placeForward(original, stretches);
  const rightmost = placeBackward(original, stretches);
  if (leftmost === undefined || rightmost === undefined) return kept;
  for (const [index, stretch] of stretches.entries()) {
    const start = leftmost[index] ?? 0;
    if (start === rightmost[index]) kept.fill(1, start, start + stretch.length);
  }
  return kept;
}

function placeForward(original: string, stretches: readonly string[]): readonly number[] | undefined {
  const starts: number[] = [];
  let from = 0;
  for (const [index, stretch] of stretches.entries()) {
    const start = index === 0 ? 0 : original.indexOf(stretch, from);
    if (start < 0 || !original.startsWith(stretch, start)) return undefined;
    starts.push(start);
    from = start + stretch.length;
  }
  return starts;
}

function placeBackward(original: string, stretches: readonly string[]): readonly number[] | undefined {
  const starts: number[] = [];
  let to = original.length;
  for (const [index, stretch] of stretches.toReversed().entries()) {
    const start = index === 0 ? to - stretch.length : original.lastIndexOf(stretch, to - stretch.length);
    if (start < 0 || to < stretch.length || !original.startsWith(stretch, start)) return undefined;
    starts.unshift(start);
    to = start;
  }
  return starts;
}

/** What each ASCII character folds to; empty for what is neither letter nor digit. */
const ascii = Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  return /[a-z0-9]/iu.test(character) ? character.toLowerCase() : '';
});

/** Of one UTF-16 unit of a text; a letter may fold to several. */
function foldUnit(text: string, index: number): string {
  const code = text.charCodeAt(index);
  if (code < ascii.length) return ascii[code] ?? '';
  const unit = text.charAt(index);
  const isHalf = code >= 0xd800 && code <= 0xdfff;
  return isHalf || /[\p{L}\p{N}]/u.test(unit) ? unit.toLowerCase() : '';
}

const isAscii = /^\p{ASCII}*$/u;
const neither = /[^a-z0-9]+/gu;

/** A text as its letters and digits alone. */
function fold(text: string): string {
  if (isAscii.test(text)) return text.toLowerCase().replaceAll(neither, '');
  let folded = '';
  for (let index = 0; index < text.length; index += 1) folded += foldUnit(text, index);
  return folded;
}

/** What is known of each unit of a text, for each unit of what it folds to. */
function foldKept(text: string, kept: Uint8Array, folded: string): Uint8Array {
  const keptOfFolded = new Uint8Array(folded.length);
  let at = 0;
  for (let index = 0; index < text.length; index += 1) {
    const end = at + foldUnit(text, index).length;
    keptOfFolded.fill(kept[index] ?? 0, at, end);
    at = end;
  }
  return keptOfFolded;
}

/**
 * The pieces as they may be shown, one for one, or undefined where they are not the pieces of `original`. They may be a
 * stretch of it, and differ in case, punctuation and white space. Of a run of removed words the first becomes the mark
 * of removal and the others become empty; a removed character becomes `*`.
 */
export function alignPieces(
  original: string,
  shown: string,
  pieces: readonly string[],
  unit: PieceUnit,
): readonly string[] | undefined {
  const whole = fold(original);
  const folded = pieces.map(fold);
  const start = whole.indexOf(folded.join(''));
  if (start < 0) return undefined;
  const kept = foldKept(original, keptIn(original, shown), whole);
  let at = start;
  let removing = false;
  return pieces.map((piece, index) => {
    const length = folded[index]?.length ?? 0;
    const stands = isKept(kept, at, at + length);
    at += length;
    if (length === 0) return piece;
    const first = !removing;
    removing = !stands;
    return stands ? piece : removedPiece(piece, unit, first);
  });
}

function isKept(kept: Uint8Array, from: number, to: number): boolean {
  for (let index = from; index < to; index += 1) if (kept[index] !== 1) return false;
  return true;
}

/** Every piece with a letter or digit removed: for pieces whose text is not known. */
export function removePieces(pieces: readonly string[], unit: PieceUnit): readonly string[] {
  let first = true;
  return pieces.map((piece) => {
    if (fold(piece) === '') return piece;
    const shown = removedPiece(piece, unit, first);
    first = false;
    return shown;
  });
}

function removedPiece(piece: string, unit: PieceUnit, first: boolean): string {
  if (unit === 'character') return '*'.repeat(piece.length);
  return first ? unread : '';
}
