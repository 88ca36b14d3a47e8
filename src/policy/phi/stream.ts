import { seesAll, type KindClearance } from '../clearance.ts';
import type { PhiKind } from './kinds.ts';
import type { Speaker, Span } from './recognizer.ts';
import { cleared, joined, maskedWhole, nothing, redact, withUndecided } from './redact.ts';
import type { Redacted } from './redact.ts';
import type { Scanner } from './scan.ts';
import type { Token } from './tokens.ts';
import type { Pseudonyms } from './tokenise.ts';

/** Counts of spans by kind; never words. */
export type KindCounts = Readonly<Partial<Record<PhiKind, number>>>;

/**
 * The redacted view of one utterance while it is being spoken. One stream per utterance and party.
 * Three laws: any cutting of a text into deltas gives the same output as the whole; nothing released is later part of
 * a span; what is held is bounded.
 */
export interface TextStream {
  /** A piece that is appended (DELTA). Returns what may leave now; the rest is held. */
  push(delta: string): Redacted;
  /** The whole utterance so far (CUMULATIVE). An interim shows up to `openFrom` and masks the rest; a final shows all. */
  restate(whole: string, final: boolean): Redacted;
  /** The end of a delta utterance: the rest of it, redacted. */
  flush(): Redacted;
  /** The time limit for held text has passed: the held part leaves masked; later text goes on after it. */
  expire(): Redacted;
  /**
   * The utterance so far for a party that reads along, whoever the stream itself is for: decided text, then a mark where
   * something is undecided. Nothing is scanned again, and nothing of the stream or the conversation changes.
   */
  shownTo(clearance: KindClearance): Redacted;
  /** Held characters, UTF-16 code units. */
  readonly held: number;
  /** Spans found in the utterance so far, by kind. */
  readonly found: KindCounts;
}

/** The memory and the redactor of one call. Bounded; it goes with the call. */
export interface Conversation {
  /** A new utterance of one speaker, as it may be seen by a party with this clearance. */
  utterance(speaker: Speaker, clearance: KindClearance): TextStream;
  /**
   * A complete string outside the dialogue (an error echo, a tag, an id): scanned, never remembered. A `hint` is a term that
   * a recogniser of speech shall listen for: there a word that no list has counts as a name.
   */
  aside(
    text: string,
    clearance: KindClearance,
    hint?: boolean,
  ): { readonly text: Redacted; readonly found: KindCounts };
  /** What stands for a value that the protocol itself declares: nothing is recognised, all of it is replaced. */
  standIn(kind: PhiKind, value: string, clearance: KindClearance): Redacted;
  /** A fact of the signalling (caller number, caller name, a custom parameter): masked on sight in later text. */
  know(kind: PhiKind, value: string): void;
}

/** What a stream needs of its call. */
export interface Utterance {
  readonly clearance: KindClearance;
  readonly pseudonyms: Pseudonyms;
  /** A scanner with what the dialogue knows now. */
  scanner(): Scanner;
  /** The utterance has ended: what was said and found in it goes into the memory of the call. */
  heard(words: readonly Token[], spans: readonly Span[]): void;
}

export class UtteranceStream implements TextStream {
  private readonly utterance: Utterance;
  private readonly open: boolean;
  private scanner: Scanner;
  /** Nothing was said to the scanner yet. */
  private fresh = true;
  /** Everything before this offset has left. */
  private released = 0;
  /** Spans before this index have left. */
  private spent = 0;
  /** Stretches that left masked because their end did not come in time; the last one grows to the end of a cut word. */
  private lapsed: readonly { readonly from: number; readonly to: number }[] = [];
  private ended = false;

  constructor(utterance: Utterance) {
    this.utterance = utterance;
    this.open = seesAll(utterance.clearance);
    this.scanner = utterance.scanner();
  }

  push(delta: string): Redacted {
    this.reopen();
    this.fresh = false;
    this.scanner.append(delta);
    if (!this.open) return this.release();
    this.released = this.scanner.whole.length;
    return cleared(delta, this.utterance.clearance);
  }

  flush(): Redacted {
    if (this.ended) return nothing;
    this.ended = true;
    this.fresh = false;
    this.scanner.finish();
    this.utterance.heard(this.scanner.words, this.scanner.spans);
    if (this.open) return nothing;
    const rest = this.release();
    if (!this.scanner.failed) return rest;
    const masked = maskedWhole(this.scanner.whole.slice(this.released));
    this.released = this.scanner.whole.length;
    return masked;
  }

  restate(whole: string, final: boolean): Redacted {
    const { clearance } = this.utterance;
    this.restart();
    this.scanner.append(whole);
    if (final) this.finishWhole();
    this.released = this.scanner.whole.length;
    if (this.open) return cleared(whole, clearance);
    if (this.scanner.failed) return maskedWhole(whole);
    const shown = redact(whole, 0, this.scanner.openFrom, this.scanner.spans, clearance, this.utterance.pseudonyms);
    return this.scanner.openFrom < whole.length ? withUndecided(shown) : shown;
  }

  expire(): Redacted {
    const held = this.scanner.whole.slice(this.released);
    if (held.trim() === '' || this.open) return nothing;
    this.lapsed = [...this.masked, { from: this.released, to: this.scanner.whole.length }];
    this.scanner.abandon();
    this.released = this.scanner.whole.length;
    this.spent = this.scanner.spans.length;
    return maskedWhole(held);
  }

  shownTo(clearance: KindClearance): Redacted {
    const { whole, openFrom, failed } = this.scanner;
    if (seesAll(clearance)) return cleared(whole, clearance);
    const pieces: Redacted[] = [];
    let at = 0;
    for (const { from, to } of this.masked) {
      pieces.push(this.decided(at, from, clearance), maskedWhole(whole.slice(from, to)));
      at = to;
    }
    pieces.push(this.decided(at, openFrom, clearance));
    if (failed) return joined([...pieces, maskedWhole(whole.slice(openFrom))]);
    return openFrom < whole.length ? withUndecided(joined(pieces)) : joined(pieces);
  }

  get held(): number {
    return this.scanner.whole.length - this.released;
  }

  get found(): KindCounts {
    const counts: Partial<Record<PhiKind, number>> = {};
    for (const span of this.scanner.spans) counts[span.kind] = (counts[span.kind] ?? 0) + 1;
    return counts;
  }

  /** {@link lapsed}, the last stretch as long as it has become. */
  private get masked(): UtteranceStream['lapsed'] {
    const { hiddenTo } = this.scanner;
    return this.lapsed.map((stretch, index) =>
      index === this.lapsed.length - 1 ? { from: stretch.from, to: hiddenTo } : stretch,
    );
  }

  private decided(from: number, to: number, clearance: KindClearance): Redacted {
    const { whole, spans } = this.scanner;
    const inside = spans.filter((span) => span.start >= from && span.end <= to);
    return redact(whole, from, to, inside, clearance, this.utterance.pseudonyms);
  }

  private finishWhole(): void {
    this.ended = true;
    this.scanner.finish();
    this.utterance.heard(this.scanner.words, this.scanner.spans);
  }

  /** A stream is mostly made for the text that is restated at once, and has a scanner for it. */
  private restart(): void {
    this.lapsed = [];
    if (!this.fresh) {
      this.scanner.close();
      this.scanner = this.utterance.scanner();
    }
    this.fresh = false;
  }

  /** After its end a stream starts a new utterance: vendors reuse the key of an item. */
  private reopen(): void {
    if (!this.ended) return;
    this.ended = false;
    this.scanner = this.utterance.scanner();
    this.released = 0;
    this.spent = 0;
    this.lapsed = [];
  }

  private release(): Redacted {
    const { spans, whole, hiddenTo } = this.scanner;
    const to = Math.max(this.scanner.openFrom, hiddenTo);
    const text = redact(
      whole,
      Math.max(this.released, hiddenTo),
      to,
      spans.slice(this.spent),
      this.utterance.clearance,
      this.utterance.pseudonyms,
    );
    this.spent = spans.length;
    this.released = to;
    return text;
  }
}
