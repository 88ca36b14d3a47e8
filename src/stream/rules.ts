import type { NameForm } from '../policy/nested.ts';
import type { Speaker } from '../policy/phi/recognizer.ts';
import type { Json } from './json.ts';
import type { Known, SlotMode } from './protocol.ts';

/**
 * What a value without words may look like. Anything else under such a key is scanned like every other string.
 * `number` is a JSON number of any size, the others are strings; `name` is what vendors call models, voices and tools;
 * `credential` is a token, with the word of its scheme before it; `dialect` is what a JSON Schema says that it is.
 */
export type Wordless = 'id' | 'enum' | 'name' | 'digits' | 'base64' | 'number' | 'credential' | 'dialect';

export const wordlessForms: Readonly<Record<Wordless, RegExp>> = {
  id: /^(?![\d ().+-]{7,}$)[\w.:/+=-]{0,512}$/u,
  enum: /^(?!(?:\D*\d){7})[\w.:/+;=-]{0,64}$/u,
  name: /^(?!.*\d{7})[A-Za-z][\w.:/@+-]{0,127}$/u,
  credential: /^(?:Bearer |Token |Basic )?[\w.~:+/=-]{16,4096}$/u,
  dialect: /^https?:\/\/json-schema\.org\/[\w./-]{0,64}#?$/u,
  digits: /^\d{0,9}$/u,
  number: /^-?\d{0,9}(?:\.\d{0,9})?$/u,
  base64: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/u,
};

/** The value at a path, and which values mean yes. */
export interface Condition {
  readonly at: string;
  readonly is: readonly Json[];
}

/** How a table speaks of the end of an utterance; `whenMissing` holds where the path is missing. */
export interface LastRule extends Condition {
  readonly whenMissing: boolean;
}

/** Who speaks, told by a field: whoever is not the agent is the caller. `./role` stands beside the text. */
export interface SpeakerRule {
  readonly at: string;
  readonly agent: readonly string[];
}

/** Somebody is named here. `harmless` values mean the vendor itself, or nobody. */
export interface NameRule {
  readonly form: NameForm;
  readonly harmless: readonly string[];
  /** Path of the provider whose model or region this is; the arrays on the way are the same. */
  readonly of?: string;
}

export interface TextRule {
  readonly mode: SlotMode;
  readonly speaker: Speaker | SpeakerRule;
  /** Name of the utterance; the path where the table gives none. */
  readonly key?: string;
  /** Paths whose values tell utterances of that name apart; `./id` is a field beside the text. */
  readonly by?: readonly string[];
  readonly last?: LastRule;
  readonly silentWhenEmpty?: true;
  /** The protocol marks no end: a long pause ends the utterance. */
  readonly endsWithSilence?: true;
  /** The text is one of the pieces, in a list, of the text at this path of the same message; empty: of an earlier one. */
  readonly pieceOf?: string;
}

/** What the table says of the value at a path. */
export type Rule =
  | { readonly is: 'text'; readonly text: TextRule }
  | { readonly is: 'known'; readonly known: Known }
  | { readonly is: 'wordless'; readonly form: Wordless }
  | ({ readonly is: 'name' } & NameRule)
  | { readonly is: 'dropped' }
  | { readonly is: 'free' };

/** Rules by path, as a tree: `*` any key, `[]` any element. Walked in step with a message. */
export class RuleTree {
  readonly children = new Map<string, RuleTree>();
  rule: Rule | undefined;
  pattern = '';

  /** `channel.alternatives[].transcript`, `customParameters.*`. With `snake` each key may also be written in snake case. */
  add(path: string, rule: Rule, snake = false): void {
    const leaf = keysOf(path).reduce((node: RuleTree, key) => node.childOrNew(key, snake), this);
    leaf.rule = rule;
    leaf.pattern = path;
  }

  /** Some servers take an object where a list belongs, as its only element: it is read as one. */
  child(key: string): RuleTree | undefined {
    return this.children.get(key) ?? this.children.get('*') ?? this.children.get('[]')?.child(key);
  }

  private childOrNew(key: string, snake: boolean): RuleTree {
    const child = this.children.get(key) ?? new RuleTree();
    this.children.set(key, child);
    if (snake) this.children.set(snakeCase(key), child);
    return child;
  }
}

export function keysOf(path: string): readonly string[] {
  return path.replaceAll('[]', '.[]').split('.');
}

export function snakeCase(key: string): string {
  return key.replaceAll(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`);
}
