import { Flag } from './lexicon/flags.ts';
import { withFlags } from './lexicon/index.ts';
import { Naming } from './naming.ts';
import type { Match, RecognizerContext, Run, Span, View } from './recognizer.ts';
import { readValue } from './numeral.ts';
import type { Rules } from './rules.ts';
import { readRun } from './spoken.ts';
import { nameLookahead } from './tagger.ts';
import { nowhere, tokenizeInto, type Token } from './tokens.ts';
import type { Workspace } from './workspace.ts';

/** How far a recognizer sees to the right of the token it is asked about, in UTF-16 code units: what is held is bounded by it. */
export const sight = 200;
/** How many tokens it sees to the left. */
const memory = 48;
/** A token stays uncertain for at most this many code units after its end (see `tokenizeInto`). */
const tokenDoubt = 4;

/**
 * Scans one utterance from left to right while it grows. Each token is decided once, by what the recognizers see of it
 * and its surroundings; a token is decided only when none of them had to look at text that has not come. So the spans
 * are the same for every cut of the text, and no decided token can become part of a later span.
 */
export class Scanner implements View {
  readonly context: RecognizerContext;
  before: View['before'];
  private readonly rules: Rules;
  private readonly naming: Naming;
  private readonly tokens: Token[] = [];
  private readonly space: Workspace;
  private closed = false;
  private text = '';
  private cutTo = 0;
  private complete = false;
  /** Text has come that nobody has asked about yet. */
  private unread = false;
  private readonly found: Span[] = [];
  private faultAt: number | undefined;
  private maskedTo = 0;
  /** The token that is being decided. */
  private at = 0;
  /** The tokens that may be looked at while it is decided, both inclusive. */
  private first = 0;
  private last = -1;
  private starved = false;
  private runAt = -1;
  private runRead: Run | undefined;
  /** Does a value begin at the token? A dozen recognizers ask it of every word. */
  private value: boolean | undefined;

  constructor(rules: Rules, context: RecognizerContext) {
    this.rules = rules;
    this.context = context;
    this.space = rules.workspaces.take();
    this.naming = new Naming(rules.tagger, context, this.space);
  }

  append(piece: string): void {
    this.text += piece;
    this.unread = true;
  }

  finish(): void {
    this.complete = this.unread = true;
  }

  get whole(): string {
    return this.text;
  }

  /** The words and marks that are certain. */
  get words(): readonly Token[] {
    this.read();
    return this.tokens;
  }

  /** What was found so far, in order. */
  get spans(): readonly Span[] {
    this.read();
    return this.found;
  }

  /** True when a recognizer threw: nothing from `openFrom` on may be shown. */
  get failed(): boolean {
    this.read();
    return this.faultAt !== undefined;
  }

  /** Everything before this offset has left masked, whatever it was. */
  get hiddenTo(): number {
    this.read();
    return this.maskedTo;
  }

  /** The first offset that is not decided yet. */
  get openFrom(): number {
    this.read();
    if (this.faultAt !== undefined) return this.faultAt;
    const open = this.tokens[this.at];
    if (open !== undefined) return open.start;
    return this.complete ? this.text.length : Math.max(this.cutTo, this.maskedTo);
  }

  /** What is undecided leaves masked: it is never decided, and a word that it cut stays hidden to its end. */
  abandon(): void {
    this.read();
    this.maskedTo = this.text.length;
    this.at = this.tokens.length;
    this.before = { kind: 'CALL_ID', start: this.at, end: this.at };
  }

  private read(): void {
    if (!this.unread) return;
    this.unread = false;
    const known = this.tokens.length;
    this.cutTo = tokenizeInto(this.tokens, this.text, this.cutTo, this.complete);
    this.space.flags = withFlags(this.space.flags, this.tokens, known, this.rules.lexicon);
    this.space.signs.read(this.tokens, known, this.complete, this.rules.signs);
    for (let index = known; index < this.tokens.length; index += 1) this.skipCut(this.tokens[index] ?? nowhere, index);
    if (this.tokens.length > known || this.complete) this.decide();
    if (this.complete) this.close();
  }

  /** No more is read: what was found stays. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.naming.close();
    this.rules.workspaces.giveBack(this.space);
  }

  private skipCut({ start, end }: Token, index: number): void {
    if (start >= this.maskedTo) return;
    this.maskedTo = Math.max(this.maskedTo, end);
    this.at = index + 1;
    this.before = { kind: 'CALL_ID', start: this.at, end: this.at };
  }

  private decide(): void {
    while (this.at < this.tokens.length && this.faultAt === undefined) {
      this.look();
      this.starved = false;
      this.runAt = -1;
      this.value = undefined;
      const match = this.best();
      if (this.starved || this.faultAt !== undefined) return;
      this.at = match === undefined ? this.at + 1 : this.take(match);
    }
  }

  private look(): void {
    this.first = Math.max(0, this.at - memory);
    this.last = Math.max(this.last, this.at - 1);
    const end = (this.tokens[this.at]?.start ?? 0) + sight;
    while ((this.tokens[this.last + 1]?.end ?? end + 1) <= end) this.last += 1;
  }

  private take({ kind, end, score }: Match): number {
    const [first, last] = [this.tokens[this.at], this.tokens[end - 1]];
    if (first === undefined || last === undefined) return this.fail();
    this.found.push({ kind, start: first.start, end: last.end, score });
    this.before = { kind, start: this.at, end };
    return end;
  }

  /** The surest match at the token, the longest of equally sure ones. */
  private best(): Match | undefined {
    const bits = this.space.flags[this.at] ?? 0;
    const signs = this.space.signs.of(this.at, bits, this.rules.signs);
    let best: Match | undefined;
    try {
      for (const { recognizer, opens, signs: own } of this.rules.signs.asked) {
        if ((opens & bits) === 0 && (own & signs) === 0) continue;
        if (recognizer.readsValues === true && !(this.value ??= readValue(this, this.at) !== undefined)) continue;
        const match = recognizer.match(this, this.at);
        if (this.starved) return undefined;
        if (match === undefined || match.end <= this.at) continue;
        if (best === undefined || match.score > best.score || (match.score === best.score && match.end > best.end))
          best = match;
      }
      return best;
    } catch {
      this.fail();
      return undefined;
    }
  }

  private fail(): number {
    this.faultAt = this.tokens[this.at]?.start ?? this.text.length;
    return this.at;
  }

  token(index: number): Token {
    return this.visible(index) ? (this.tokens[index] ?? nowhere) : nowhere;
  }

  flags(index: number): number {
    return this.visible(index) ? (this.space.flags[index] ?? Flag.end) : Flag.end;
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
    const until = this.judgedBy(index);
    if (until < 0) return this.naming.byWordsBefore(this.tokens, index, -until);
    const odds = this.naming.byAll(this.tokens, index);
    if (until === this.tokens.length && !this.naming.isSettled(index)) this.visible(until);
    return odds;
  }

  /**
   * Up to which token (the index after it) the tagger reads on to judge a word. Negative where the bound of sight comes
   * first: then the word is judged by what lies within it alone.
   */
  private judgedBy(index: number): number {
    let words = 0;
    for (let at = index + 1; ; at += 1) {
      if (this.tokens[at] === undefined) return at;
      if (!this.visible(at)) return -at;
      if (((this.space.flags[at] ?? 0) & (Flag.punct | Flag.filler | Flag.letter)) === 0) words += 1;
      if (words > nameLookahead) return at + 1;
    }
  }

  /** Is there a token that may be looked at? Looking at one that has not come yet postpones the decision. */
  private visible(index: number): boolean {
    if (index >= this.first && index <= this.last) return true;
    const hidden = index < this.first || this.tokens[index] !== undefined || this.complete;
    if (!hidden && this.text.length - (this.tokens[this.at]?.start ?? 0) <= sight + tokenDoubt) this.starved = true;
    return false;
  }
}
