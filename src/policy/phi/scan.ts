import { Flag } from './lexicon/flags.ts';
import { flagsOf } from './lexicon/index.ts';
import type { Lexicon } from './lexicon/index.ts';
import type { Match, Recognizer, RecognizerContext, Run, Span, View } from './recognizer.ts';
import { readRun } from './spoken.ts';
import { nameLookahead } from './tagger.ts';
import type { NameTagger } from './tagger.ts';
import { tokenizeFrom } from './tokens.ts';
import type { Token } from './tokens.ts';

/** How far a recognizer sees to the right of the token it is asked about, in UTF-16 code units: what is held is bounded by it. */
export const sight = 200;
/** How many tokens it sees to the left. */
const memory = 48;
/** A token stays uncertain for at most this many code units after its end (see `tokenizeFrom`). */
const tokenDoubt = 4;

const nowhere: Token = { text: '', lower: '', start: 0, end: 0, kind: 'punct' };

export interface Rules {
  readonly lexicon: Lexicon;
  readonly tagger: NameTagger;
  readonly recognizers: readonly Recognizer[];
}

/**
 * Scans one utterance from left to right while it grows. Each token is decided once, by what the recognizers see of it
 * and its surroundings; a token is decided only when none of them had to look at text that has not come. So the spans
 * are the same for every cut of the text, and no decided token can become part of a later span.
 */
export class Scanner implements View {
  readonly context: RecognizerContext;
  readonly spans: Span[] = [];
  before: View['before'];
  /** True when a recognizer threw: nothing from `openFrom` on may be shown. */
  failed = false;

  private readonly rules: Rules;
  private readonly tokens: Token[] = [];
  private readonly bits: number[] = [];
  private text = '';
  private cutTo = 0;
  private complete = false;
  /** The token that is being decided. */
  private at = 0;
  private starved = false;
  private tagBase = -1;
  private tagSettled = 0;
  private tagged: Float32Array = new Float32Array(0);
  private runAt = -1;
  private runRead: Run | undefined;

  constructor(rules: Rules, context: RecognizerContext) {
    this.rules = rules;
    this.context = context;
  }

  append(piece: string): void {
    this.text += piece;
    this.cut();
  }

  finish(): void {
    this.complete = true;
    this.cut();
  }

  get length(): number {
    return this.text.length;
  }

  get whole(): string {
    return this.text;
  }

  /** The first offset that is not decided yet. */
  get openFrom(): number {
    if (this.failed) return this.failedFrom;
    const open = this.tokens[this.at];
    if (open !== undefined) return open.start;
    return this.complete ? this.text.length : Math.max(this.cutTo, this.hiddenTo);
  }

  private failedFrom = 0;
  /** Everything before this offset has left masked, whatever it was. */
  hiddenTo = 0;

  /** What is undecided leaves masked: it is never decided, and a word that it cut stays hidden to its end. */
  abandon(): void {
    this.hiddenTo = this.text.length;
    this.at = this.tokens.length;
    this.before = { kind: 'CALL_ID', start: this.at, end: this.at };
  }

  private cut(): void {
    const { tokens: fresh, to } = tokenizeFrom(this.text, this.cutTo, this.complete);
    this.cutTo = to;
    for (const token of fresh) {
      this.tokens.push(token);
      this.bits.push(flagsOf(token, this.rules.lexicon));
      if (token.start < this.hiddenTo) {
        this.hiddenTo = Math.max(this.hiddenTo, token.end);
        this.at = this.tokens.length;
        this.before = { kind: 'CALL_ID', start: this.at, end: this.at };
      }
    }
    if (fresh.length > 0 || this.complete) this.decide();
  }

  private decide(): void {
    while (this.at < this.tokens.length && !this.failed) {
      this.starved = false;
      this.runAt = -1;
      const match = this.best();
      if (this.starved || this.failed) return;
      if (match === undefined) this.at += 1;
      else this.take(match);
    }
  }

  private take(match: Match): void {
    const first = this.tokens[this.at];
    const last = this.tokens[match.end - 1];
    if (first === undefined || last === undefined) throw new RangeError('A match ends outside the text');
    this.spans.push({ kind: match.kind, start: first.start, end: last.end, score: match.score });
    this.before = { kind: match.kind, start: this.at, end: match.end };
    this.at = match.end;
  }

  /** The surest match at the token, the longest of equally sure ones. */
  private best(): Match | undefined {
    const bits = this.bits[this.at] ?? 0;
    let best: Match | undefined;
    try {
      for (const recognizer of this.rules.recognizers) {
        if ((recognizer.opens & bits) === 0) continue;
        const match = recognizer.match(this, this.at);
        if (this.starved) return undefined;
        if (match === undefined || match.end <= this.at) continue;
        if (best === undefined || match.score > best.score || (match.score === best.score && match.end > best.end))
          best = match;
      }
      return best;
    } catch {
      this.failed = true;
      this.failedFrom = this.tokens[this.at]?.start ?? this.text.length;
      return undefined;
    }
  }

  token(index: number): Token {
    return this.visible(index) ? (this.tokens[index] ?? nowhere) : nowhere;
  }

  flags(index: number): number {
    return this.visible(index) ? (this.bits[index] ?? Flag.end) : Flag.end;
  }

  glued(index: number): boolean {
    const before = this.tokens[index - 1];
    if (before === undefined || index <= 0) return false;
    // A space after the token before answers without the token that has not come yet.
    if (before.end < this.text.length && this.text.charCodeAt(before.end) <= 32) return false;
    return this.visible(index) && before.end === this.tokens[index]?.start;
  }

  slice(first: number, last: number): string {
    return this.text.slice(this.token(first).start, this.token(last).end);
  }

  run(at: number): Run | undefined {
    if (this.runAt !== at) {
      this.runRead = readRun(this, at);
      this.runAt = at;
    }
    return this.runRead;
  }

  named(index: number): number {
    const base = tagBase(index);
    const last = this.judgedBy(index);
    if (last < 0) return this.tag(base, -last)[index - base] ?? 0;
    const to = Math.min(this.tokens.length, base + longestTagged);
    if (base !== this.tagBase || this.tagged.length < to - base) {
      this.tagged = this.tag(base, to);
      this.tagBase = base;
      this.tagSettled = base + this.rules.tagger.settled;
    }
    if (index >= this.tagSettled && last === this.tokens.length) this.visible(last);
    return this.tagged[index - base] ?? 0;
  }

  /**
   * Up to which token the tagger needs to read on to judge a word: the index after it, or after the last token that has
   * come. Negative where the bound of sight comes first: then the word is judged by what lies within it alone.
   */
  private judgedBy(index: number): number {
    let words = 0;
    for (let at = index + 1; ; at += 1) {
      if (this.tokens[at] === undefined) return at;
      if (!this.visible(at)) return -at;
      if (((this.bits[at] ?? 0) & (Flag.punct | Flag.filler | Flag.letter)) === 0) words += 1;
      if (words > nameLookahead) return at + 1;
    }
  }

  private tag(from: number, to: number): Float32Array {
    const { asked, speaker } = this.context;
    return this.rules.tagger.tag(this.tokens.slice(from, to), asked.includes('NAME') ? 'NAME' : asked[0], speaker);
  }

  /** Is there a token that may be looked at? Looking at one that has not come yet postpones the decision. */
  private visible(index: number): boolean {
    if (index < 0 || index < this.at - memory) return false;
    const origin = this.tokens[this.at]?.start ?? 0;
    const token = this.tokens[index];
    if (token !== undefined) return token.end - origin <= sight;
    if (!this.complete && this.text.length - origin <= sight + tokenDoubt) this.starved = true;
    return false;
  }
}

/**
 * The tagger reads from the start of the utterance, or, in a long one, from a border that depends on the place of the
 * word alone: the same word is judged by the same words in every cut.
 */
const tagStride = 96;
const longestTagged = tagStride * 3;

function tagBase(index: number): number {
  return index < tagStride ? 0 : (Math.floor(index / tagStride) - 1) * tagStride + tagStride / 2;
}
