import type { Lexicon } from './lexicon/index.ts';
import type { Recognizer } from './recognizer.ts';
import { SignBook } from './signs.ts';
import type { NameTagger } from './tagger.ts';
import { Workspaces } from './workspace.ts';

/** What is looked for, and what looking takes. One for all texts of a process. */
export interface Rules {
  readonly lexicon: Lexicon;
  readonly tagger: NameTagger;
  /** The recognizers, and the words that say where they are asked. */
  readonly signs: SignBook;
  readonly workspaces: Workspaces;
}

export function createRules(lexicon: Lexicon, tagger: NameTagger, recognizers: readonly Recognizer[]): Rules {
  return { lexicon, tagger, signs: new SignBook(recognizers), workspaces: new Workspaces() };
}
