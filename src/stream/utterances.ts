import type { TextStream } from '../policy/phi/stream.ts';
import { bounds } from './limits.ts';
import type { OpenMessage, Slot, Way } from './protocol.ts';

/** One utterance on its way to one party. */
export interface Utterance {
  readonly way: Way;
  readonly key: string;
  readonly stream: TextStream;
  /** Type of the message that began it: what its event names. */
  readonly type: string;
  /** The frame that brought its last piece, so that what is held can leave in the same form. */
  carrier: { readonly message: OpenMessage; readonly slot: Slot } | undefined;
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

  set(way: Way, text: string, value: string): void {
    if (text.length > bounds.finishedTextLength) return;
    const [oldest] = this.texts.keys();
    if (this.texts.size >= this.limit && oldest !== undefined) this.texts.delete(oldest);
    this.texts.set(nameOf(way, text), value);
  }
}
