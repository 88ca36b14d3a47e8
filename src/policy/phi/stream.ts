import type { PhiKind } from './kinds.ts';
import type { Speaker } from './recognizer.ts';
import type { Redacted } from './redact.ts';
import type { KindClearance } from '../clearance.ts';

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
  /** Held characters, UTF-16 code units. */
  readonly held: number;
  /** Spans found in the utterance so far, by kind. */
  readonly found: KindCounts;
}

/** The memory and the redactor of one call. Bounded; it goes with the call. */
export interface Conversation {
  /** A new utterance of one speaker, as it may be seen by a party with this clearance. */
  utterance(speaker: Speaker, clearance: KindClearance): TextStream;
  /** A complete string outside the dialogue (an error echo, a tag, an id): scanned, never remembered. */
  aside(text: string, clearance: KindClearance): { readonly text: Redacted; readonly found: KindCounts };
  /** A fact of the signalling (caller number, caller name, a custom parameter): masked on sight in later text. */
  know(kind: PhiKind, value: string): void;
}
