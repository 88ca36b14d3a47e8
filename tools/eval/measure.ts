import { keptPieces, pieces } from './align.ts';
import type { Piece } from './align.ts';
import { isHealth, isIdentifier, isNeither } from './items.ts';
import type { Item, Label, Turn } from './items.ts';

/** Words that may stay inside a span, unless it has nothing else. */
const idle = new Set(
  `um uh er erm hmm the of and sorry no not wait like on in is that s i mean well at dot dash underscore as for to or then so it double triple space hyphen point plus`.split(
    ' ',
  ),
);

/** What the section "Measures" of the labelling rules counts, for one turn. */
export interface TurnScore {
  readonly spans: readonly { readonly label: Label; readonly leaked: boolean }[];
  readonly required: number;
  readonly leaked: number;
  /** Redacted characters outside the neither-way spans, and those of them inside required spans. */
  readonly redacted: number;
  readonly rightly: number;
  readonly clean: boolean;
  readonly touched: boolean;
  readonly kept: readonly Piece[];
}

function inside(piece: Piece, label: Label): boolean {
  return piece.start < label.end && piece.end > label.start;
}

function requiredPieces(all: readonly Piece[], label: Label): Piece[] {
  const own = all.filter((piece) => inside(piece, label));
  const telling = own.filter((piece) => !idle.has(piece.text));
  return telling.length > 0 ? telling : own;
}

const size = (list: readonly Piece[]): number => list.reduce((sum, piece) => sum + piece.text.length, 0);

export function scoreTurn(turn: Turn, redacted: string): TurnScore {
  const all = pieces(turn.text);
  const flags = keptPieces(all, redacted);
  const kept = all.filter((_, index) => flags[index] === true);
  const gone = all.filter((_, index) => flags[index] !== true);
  const keptSet = new Set(kept);
  const wanted = turn.spans.filter((span) => !isNeither(span.type));
  const free = turn.spans.filter((span) => isNeither(span.type));
  const spans = wanted.map((label) => ({
    label,
    leaked: requiredPieces(all, label).some((piece) => keptSet.has(piece)),
  }));
  const must = wanted.filter((span) => isIdentifier(span.type)).flatMap((label) => requiredPieces(all, label));
  const counted = gone.filter((piece) => !free.some((span) => inside(piece, span)));
  return {
    spans,
    required: size(must),
    leaked: size(must.filter((piece) => keptSet.has(piece))),
    redacted: size(counted),
    rightly: size(counted.filter((piece) => wanted.some((span) => inside(piece, span)))),
    clean: wanted.length === 0,
    touched: counted.length > 0,
    kept,
  };
}

export interface CallScore {
  readonly item: Item;
  readonly turns: readonly TurnScore[];
  readonly identifying: boolean;
  readonly leaks: boolean;
}

export function scoreCall(item: Item, outputs: readonly string[]): CallScore {
  const turns = item.turns.map((turn, index) => scoreTurn(turn, outputs[index] ?? turn.text));
  const ids = turns.flatMap((turn) => turn.spans.filter(({ label }) => isIdentifier(label.type)));
  return { item, turns, identifying: ids.length > 0, leaks: ids.some(({ leaked }) => leaked) };
}

export interface Recall {
  found: number;
  all: number;
}

/** Recall by type, with `ID` for all identifiers and `HEALTH` for the rest. */
export function recallByType(calls: readonly CallScore[]): Map<string, Recall> {
  const table = new Map<string, Recall>();
  const add = (type: string, leaked: boolean): void => {
    const row = table.get(type) ?? { found: 0, all: 0 };
    row.all += 1;
    if (!leaked) row.found += 1;
    table.set(type, row);
  };
  for (const call of calls) {
    for (const turn of call.turns) {
      for (const { label, leaked } of turn.spans) {
        add(label.type, leaked);
        add(isHealth(label.type) ? 'HEALTH' : 'ID', leaked);
      }
    }
  }
  return table;
}
