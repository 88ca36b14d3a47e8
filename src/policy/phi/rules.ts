import type { Lexicon } from './lexicon/index.ts';
import type { Recognizer } from './recognizer.ts';
import type { NameTagger } from './tagger.ts';
import { Workspaces } from './workspace.ts';

/** What is looked for, and what looking takes. One for all texts of a process. */
export interface Rules {
  readonly lexicon: Lexicon;
  readonly tagger: NameTagger;
  readonly recognizers: readonly Recognizer[];
  readonly workspaces: Workspaces;
}

export function createRules(lexicon: Lexicon, tagger: NameTagger, recognizers: readonly Recognizer[]): Rules {
  return { lexicon, tagger, recognizers, workspaces: new Workspaces() };
}
