import { Flag } from './lexicon/flags.ts';
import type { Lexicon } from './lexicon/index.ts';
import { kinds } from './kinds.ts';
import type { PhiKind } from './kinds.ts';
import type { RecognizerContext, Span, Speaker } from './recognizer.ts';
import { isHostWord } from './internet.ts';
import { asks, asksBirth, asksTime, questionKinds, readBackKinds } from './questions.ts';
import { readDigits } from './digits.ts';
import { tokenize } from './tokens.ts';
import type { Token } from './tokens.ts';

/** Bounds of what one call remembers: together below 20 KB. */
const mostWords = 160;
const mostNumbers = 40;
/** A question is forgotten after this many turns of the asker that ask for nothing else. */
const patience = 3;
/** Shorter digit strings are too common to be known by. */
const shortestKnown = 4;
const longestValue = 40;
/** So few tokens only keep the other side talking: "go on", "perfect, and then?" */
const shortestTurn = 5;

const other = { caller: 'agent', agent: 'caller' } as const;

interface Question {
  readonly kinds: readonly PhiKind[];
  readonly birth: boolean;
  /** Turns of the asker since. */
  age: number;
  answered: boolean;
}

/**
 * What a call knows: what each side asked for last, the values said so far and the signalling facts. It holds single
 * words and digit strings of values, never an utterance, and goes with the call.
 */
export class Dialogue {
  private readonly lexicon: Lexicon;
  private readonly words = new Map<string, PhiKind>();
  private readonly numbers = new Map<string, PhiKind>();
  private readonly questions: { caller: Question | undefined; agent: Question | undefined } = {
    caller: undefined,
    agent: undefined,
  };
  private readonly pending: { caller: PhiKind | undefined; agent: PhiKind | undefined } = {
    caller: undefined,
    agent: undefined,
  };

  /** Digits of the values of each side's last turn, and those of the value that it is in the middle of. */
  private readonly last: { caller: readonly string[]; agent: readonly string[] } = { caller: [], agent: [] };
  private readonly parts = { caller: '', agent: '' };

  constructor(lexicon: Lexicon) {
    this.lexicon = lexicon;
  }

  contextFor(speaker: Speaker): RecognizerContext {
    return {
      speaker,
      asked: this.questions[other[speaker]]?.kinds ?? [],
      asksBirth: this.questions[other[speaker]]?.birth ?? false,
      pending: this.pending[speaker],
      knownWord: (lower) => this.words.get(lower),
      knownDigits: (digits) => this.knownDigits(digits, other[speaker]),
    };
  }

  know(kind: PhiKind, value: string): void {
    this.learn(kind, tokenize(value));
  }

  heard(speaker: Speaker, tokens: readonly Token[], spans: readonly Span[]): void {
    const digits: string[] = [];
    let at = 0;
    for (const span of spans) {
      while ((tokens[at]?.start ?? span.start) < span.start) at += 1;
      const from = at;
      while ((tokens[at]?.end ?? span.end + 1) <= span.end) at += 1;
      if (kinds[span.kind].group === 'health') continue;
      const own = tokens.slice(from, at);
      this.learn(span.kind, own);
      digits.push(readDigits(own));
    }
    this.joinParts(speaker, digits[0] ?? '', spans[0]?.kind);
    this.last[speaker] = digits;
    this.noteAnswer(speaker, spans);
    this.notePending(speaker, tokens, spans);
    this.noteQuestion(speaker, tokens, spans);
  }

  /** A value that is said over several turns is known whole as well. */
  private joinParts(speaker: Speaker, digits: string, kind: PhiKind | undefined): void {
    if (kind !== undefined && this.pending[speaker] === kind)
      this.parts[speaker] = (this.parts[speaker] + digits).slice(-longestValue);
    else this.parts[speaker] = digits;
    if (kind !== undefined && this.parts[speaker].length > digits.length)
      keep(this.numbers, this.parts[speaker], kind, mostNumbers);
  }

  private learn(kind: PhiKind, tokens: readonly Token[]): void {
    const digits = readDigits(tokens).slice(0, longestValue);
    if (digits.length >= shortestKnown) keep(this.numbers, digits, kind, mostNumbers);
    if (kind !== 'NAME' && kind !== 'EMAIL' && kind !== 'ADDRESS') return;
    for (const { lower, kind: form } of tokens) {
      if (kind === 'ADDRESS' && !this.isTelling(lower)) continue;
      if (form !== 'word' || lower.length < 2 || this.isEveryday(lower) || isHostWord(lower)) continue;
      keep(this.words, lower, kind, mostWords);
    }
  }

  /** "elmhurst", "viroqua": a word of an address that is in no dictionary. */
  private isTelling(lower: string): boolean {
    const plain = Flag.common | Flag.state | Flag.street | Flag.month | Flag.letter;
    return lower.length > 3 && ((this.lexicon.words.get(lower) ?? 0) & plain) === 0;
  }

  /** Words that would mask half of the later talk, were they known as part of a name. */
  private isEveryday(lower: string): boolean {
    const flags = this.lexicon.words.get(lower) ?? 0;
    if ((flags & (Flag.grammar | Flag.title | Flag.relation)) !== 0) return true;
    return (flags & Flag.common) !== 0 && (flags & (Flag.given | Flag.book | Flag.proper)) === 0;
  }

  private knownDigits(digits: string, said: Speaker): PhiKind | undefined {
    // The other side repeats a part just as it was said, or what was said of it last.
    if (this.last[said].some((value) => value.endsWith(digits))) return this.pending[said];
    if (digits.length < 3) return undefined;
    for (const [known, kind] of this.numbers) if (known.includes(digits) || digits.includes(known)) return kind;
    return undefined;
  }

  /** A turn that ends inside a value, or says nothing but "okay": the next turn may go on with it. */
  private notePending(speaker: Speaker, tokens: readonly Token[], spans: readonly Span[]): void {
    const last = spans[spans.length - 1];
    const rest = tokens.filter((token) => last === undefined || token.start >= last.end);
    const quiet = rest.every((token) => this.saysNothing(token));
    if (last !== undefined && kinds[last.kind].group === 'identifier')
      this.pending[speaker] = quiet || rest.length <= 6 ? last.kind : undefined;
    else if (!quiet || tokens.length > 6) this.pending[speaker] = undefined;
  }

  private saysNothing(token: Token): boolean {
    return token.kind === 'punct' || ((this.lexicon.words.get(token.lower) ?? 0) & (Flag.filler | Flag.joiner)) !== 0;
  }

  private noteAnswer(speaker: Speaker, spans: readonly Span[]): void {
    const question = this.questions[other[speaker]];
    if (question !== undefined && spans.some((span) => question.kinds.includes(span.kind))) question.answered = true;
  }

  private noteQuestion(speaker: Speaker, tokens: readonly Token[], spans: readonly Span[]): void {
    const named = speaker === 'agent' || asks(tokens) ? questionKinds(tokens) : [];
    const asked = named.length > 0 ? named : readBackKinds(tokens, spans);
    const standing = this.questions[speaker];
    if (asked.length > 0)
      this.questions[speaker] = {
        kinds: asked,
        birth: asked[0] === 'DATE' && (asksBirth(tokens) || (standing?.birth ?? false)),
        age: 0,
        answered: false,
      };
    else if (asksTime(tokens)) this.questions[speaker] = this.pending[other[speaker]] = undefined;
    else if (
      standing !== undefined &&
      tokens.length > shortestTurn &&
      !tokens.every((token) => this.saysNothing(token))
    ) {
      standing.age += 1;
      if (standing.answered || standing.age >= patience) this.questions[speaker] = undefined;
    }
  }
}

function keep(map: Map<string, PhiKind>, key: string, kind: PhiKind, most: number): void {
  map.delete(key);
  map.set(key, kind);
  if (map.size <= most) return;
  const oldest = map.keys().next();
  if (oldest.done !== true) map.delete(oldest.value);
}
