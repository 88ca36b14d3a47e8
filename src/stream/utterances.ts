import type { TextStream } from '../policy/phi/stream.ts';
import { bounds } from './limits.ts';
import type { Spoken } from './ports.ts';
import type { Kind, OpenMessage, Slot, Way } from './protocol.ts';

/** One utterance on its way to one party. */
export interface Utterance extends Spoken {
  readonly way: Way;
  readonly key: string;
  readonly stream: TextStream;
  /** Type of the message that began it: what its event names. */
  readonly type: string;
  /** Kind of that message. */
  readonly kind: Kind;
  /** The frame that brought its last piece, so that what is held can leave in the same form. */
  carrier: { readonly message: OpenMessage; readonly slot: Slot } | undefined;
  /** When its last piece came. */
  spokenAt: number;
  /** Since when text is held; undefined when none is. */
  heldSince: number | undefined;
  /** Everything said so far and everything let go, while it is short enough to be remembered. */
  original: string;
  released: string;
}

/** The open utterances of a call, at most `bounds.openUtterances`. */
export class Utterances {
  private readonly open = new Map<string, Utterance>();

  get(way: Way, key: string): Utterance | undefined {
    return this.open.get(nameOf(way, key));
  }

  /** All of a name, whatever tells them apart. */
  named(way: Way, name: string): readonly Utterance[] {
    return this.all().filter((utterance) => utterance.way === way && utterance.key.startsWith(`${name}|`));
  }

  /** Adds one; gives back the oldest where there are too many, for its end to be recorded. */
  add(utterance: Utterance): Utterance | undefined {
    const [oldest] = this.open.values();
    const evicted = this.open.size >= bounds.openUtterances ? oldest : undefined;
    if (evicted !== undefined) this.delete(evicted);
    this.open.set(nameOf(utterance.way, utterance.key), utterance);
    return evicted;
  }

  delete(utterance: Utterance): void {
    this.open.delete(nameOf(utterance.way, utterance.key));
  }

  all(): readonly Utterance[] {
    return [...this.open.values()];
  }
}

function nameOf(way: Way, key: string): string {
  return `${way}|${key}`;
}

/** Strings of a call that come again, the oldest forgotten first. */
export class Recent {
  private readonly texts = new Map<string, string>();
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  get(way: Way, text: string): string | undefined {
    return this.texts.get(nameOf(way, text));
  }

  /** The newest text of a way in which these words stand, with its value. */
  find(way: Way, words: string): readonly [text: string, value: string] | undefined {
    if (words.trim() === '') return undefined;
    const prefix = nameOf(way, '');
    const [name, value] =
      [...this.texts].findLast(([each]) => each.startsWith(prefix) && each.includes(words, prefix.length)) ?? [];
    return name === undefined || value === undefined ? undefined : [name.slice(prefix.length), value];
  }

  set(way: Way, text: string, value: string): void {
    if (text.length > bounds.finishedTextLength) return;
    const [oldest] = this.texts.keys();
    if (this.texts.size >= this.limit && oldest !== undefined) this.texts.delete(oldest);
    this.texts.set(nameOf(way, text), value);
  }
}
