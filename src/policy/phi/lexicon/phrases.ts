import type { View } from '../recognizer.ts';

/** Terms of one or more words, found by their first word. */
export class Phrases<T> {
  private readonly byFirst = new Map<string, { readonly rest: readonly string[]; readonly value: T }[]>();

  /** `term` is folded text; its words are separated by spaces. The first entry of a term wins. */
  add(term: string, value: T): void {
    const [first, ...rest] = term.split(' ');
    if (first === undefined || first === '') return;
    const own = this.byFirst.get(first) ?? [];
    own.push({ rest, value });
    if (own.length > 1) own.sort((a, b) => b.rest.length - a.rest.length);
    this.byFirst.set(first, own);
  }

  firstWords(): Iterable<string> {
    return this.byFirst.keys();
  }

  /** The longest term that begins at a token; a hyphen may stand where the term has a space. */
  longest(view: View, at: number): { readonly end: number; readonly value: T } | undefined {
    for (const { rest, value } of this.byFirst.get(view.token(at).lower) ?? []) {
      const end = restEnd(view, at + 1, rest);
      if (end !== undefined) return { end, value };
    }
    return undefined;
  }
}

function restEnd(view: View, from: number, rest: readonly string[]): number | undefined {
  let at = from;
  for (const word of rest) {
    if (view.token(at).lower === '-' && view.glued(at) && word !== '-') at += 1;
    if (view.token(at).lower !== word) return undefined;
    at += 1;
  }
  return at;
}
