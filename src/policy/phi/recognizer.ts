import type { PhiKind } from './kinds.ts';
import type { Token } from './tokens.ts';

/** Who is speaking. `caller` is the patient's side, `agent` the AI (or the practice) side. */
export type Speaker = 'caller' | 'agent';

/** A stretch of text that holds PHI. Offsets are UTF-16 code units, `end` exclusive; `score` is 0 to 1. */
export interface Span {
  readonly kind: PhiKind;
  readonly start: number;
  readonly end: number;
  readonly score: number;
}

/** The result of scanning one text. From `openFrom` on, a span may still begin or grow when more text comes. */
export interface Scan {
  readonly spans: readonly Span[];
  readonly openFrom: number;
}

/** One way of finding one kind. Pure: the same tokens give the same spans; it never throws on any text. */
export interface Recognizer {
  readonly name: string;
  find(text: string, tokens: readonly Token[], context: RecognizerContext): RecognizerResult;
}

/** What the dialogue lends to a recognizer: facts of earlier turns, never their text. */
export interface RecognizerContext {
  readonly speaker: Speaker;
  /** What the other side asked for last, if anything. */
  readonly asked: PhiKind | undefined;
}

export interface RecognizerResult {
  readonly spans: readonly Span[];
  /** The first offset from which this recognizer cannot yet be sure, were more text to come. */
  readonly openFrom: number;
}
