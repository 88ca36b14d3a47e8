import type { TextStream } from '../policy/phi/stream.ts';
import { bounds } from './limits.ts';
import type { Spoken } from './ports.ts';
import { Way, type Kind, type OpenMessage, type Slot } from './protocol.ts';

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

/** Strings of a call that come again, by way; the oldest of the way that holds more is forgotten first. */
export class Recent {
  private readonly texts: Readonly<Record<Way, Map<string, string>>> = {
    [Way.toVendor]: new Map(),
    [Way.toCaller]: new Map(),
  };
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  get(way: Way, text: string): string | undefined {
    return this.texts[way].get(text);
  }

  /** The newest text of a way in which these words stand, with its value. */
  find(way: Way, words: string): readonly [text: string, value: string] | undefined {
    return words.trim() === '' ? undefined : [...this.texts[way]].findLast(([each]) => each.includes(words));
  }

  set(way: Way, text: string, value: string): void {
    if (text.length > bounds.finishedTextLength) return;
    this.makeRoom();
    this.texts[way].set(text, value);
  }

  private makeRoom(): void {
    const [one, other] = [this.texts[Way.toVendor], this.texts[Way.toCaller]];
    if (one.size + other.size < this.limit) return;
    const larger = one.size < other.size ? other : one;
    const [oldest] = larger.keys();
    if (oldest !== undefined) larger.delete(oldest);
  }
}
