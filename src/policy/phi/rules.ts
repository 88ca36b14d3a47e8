import type { Lexicon } from './lexicon/index.ts';
import type { Recognizer } from './recognizer.ts';
import type { NameTagger } from './tagger.ts';
import { Workspaces } from './workspace.ts';

/** What is looked for, and what looking takes. One for all texts of a process. */
export interface Rules {
  readonly lexicon: Lexicon;
  readonly tagger: NameTagger;
  readonly recognizers: readonly Asked[];
  /** By word, the `begins` of all recognizers that begin with it. */
  readonly beginnings: ReadonlyMap<string, number>;
  readonly workspaces: Workspaces;
}

/** A recognizer and when it is asked. */
export interface Asked {
  readonly recognizer: Recognizer;
  /** Bits of `Flag`. */
  readonly opens: number;
  /** A bit of its own, where words are named with which it begins; else 0. */
  readonly begins: number;
}

export function createRules(lexicon: Lexicon, tagger: NameTagger, recognizers: readonly Recognizer[]): Rules {
  const beginnings = new Map<string, number>();
  let free = 1;
  const asked = recognizers.map((recognizer): Asked => {
    const { opens, begins: words } = recognizer;
    if (words === undefined) return { recognizer, opens, begins: 0 };
    const begins = free;
    if (begins === 0) throw new Error('More than 32 recognizers name the words that they begin with');
    free <<= 1;
    for (const word of words) beginnings.set(word, (beginnings.get(word) ?? 0) | begins);
    return { recognizer, opens, begins };
  });
  return { lexicon, tagger, recognizers: asked, beginnings, workspaces: new Workspaces() };
}
