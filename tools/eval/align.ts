/**
 * Which characters of a turn still stand in its redacted form: the longest common sequence of their tokens, so that a
 * token that is still there in order counts as kept.
 */
export interface Piece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const placeholders = /\[[A-Z][A-Z_0-9]*\]|<[A-Z][A-Z_0-9]*>|\{\{[^}]*\}\}|[A-Z]+_REDACTED|\*{3,}|█+|•+|#{3,}|X{4,}|…/g;
const piecePattern = /[\p{L}\p{M}]+|\p{N}+/gu;

export function withoutPlaceholders(text: string): string {
  return text.replace(placeholders, ' ');
}

export function pieces(text: string): Piece[] {
  return [...text.matchAll(piecePattern)].map((match) => ({
    text: match[0].toLowerCase(),
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/** For each piece of the original, whether it was kept. */
export function keptPieces(original: readonly Piece[], redacted: string): boolean[] {
  const left = pieces(withoutPlaceholders(redacted));
  const rows = original.length + 1;
  const columns = left.length + 1;
  const table = new Uint16Array(rows * columns);
  const at = (row: number, column: number): number => table[row * columns + column] ?? 0;
  for (let row = original.length - 1; row >= 0; row -= 1) {
    for (let column = left.length - 1; column >= 0; column -= 1) {
      const same = original[row]?.text === left[column]?.text;
      table[row * columns + column] = same
        ? at(row + 1, column + 1) + 1
        : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  return walk(original, left, at);
}

function walk(
  original: readonly Piece[],
  left: readonly Piece[],
  at: (row: number, column: number) => number,
): boolean[] {
  const kept = original.map(() => false);
  let column = 0;
  for (let row = 0; row < original.length && column < left.length; row += 1) {
    if (original[row]?.text === left[column]?.text && at(row, column) === at(row + 1, column + 1) + 1) {
      kept[row] = true;
      column += 1;
    } else {
      while (column < left.length && at(row + 1, column) < at(row, column)) {
        if (original[row]?.text === left[column]?.text) break;
        column += 1;
      }
      if (original[row]?.text === left[column]?.text && at(row, column) === at(row + 1, column + 1) + 1) {
        kept[row] = true;
        column += 1;
      }
    }
  }
  return kept;
}
