import type { KnownSums } from './known-sums.ts';
import type { RecognizerContext } from './recognizer.ts';
import type { NameTagger } from './tagger.ts';
import type { Token } from './tokens.ts';
import type { Workspace } from './workspace.ts';

/**
 * The tagger reads from the start of the utterance, or, in a long one, from a border that depends on the place of the
 * word alone: the same word is judged by the same words in every cut.
 */
const stride = 96;
/** So many tokens before the stride in which a word lies are read with it: what was said before them says nothing of it. */
const behind = 24;
/** A word depends on a few words after it; marks, hesitations and letters in a row are tokens beside them. */
const ahead = 32;

function borderBefore(index: number): number {
  return index < stride ? 0 : Math.floor(index / stride) * stride - behind;
}

/** The words from a border on, as far as somebody may ask for one of them. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly odds: Float32Array;
  readonly settledTo: number;
}

/** The probabilities of an utterance's words to be names, kept until more words have come. */
export class Naming {
  private readonly tagger: NameTagger;
  private readonly context: RecognizerContext;
  /** The stretch in hand, and the one before it: words on both sides of a border are asked for in turns. */
  private stretch: Stretch;
  private other: Stretch;
  private readonly space: Workspace;
  /** From the second stretch on: most utterances are judged in one. */
  private known: KnownSums | undefined;
  private judged = false;

  constructor(tagger: NameTagger, context: RecognizerContext, space: Workspace) {
    this.tagger = tagger;
    this.context = context;
    this.space = space;
    const [one, other] = space.odds;
    this.stretch = { from: -1, to: -1, odds: one, settledTo: 0 };
    this.other = { from: -1, to: -1, odds: other, settledTo: 0 };
  }

  /** Judged by all words that have come. */
  byAll(tokens: readonly Token[], index: number): number {
    const from = borderBefore(index);
    const to = Math.min(tokens.length, Math.floor(index / stride + 1) * stride + ahead);
    if (from !== this.stretch.from) [this.stretch, this.other] = [this.other, this.stretch];
    if (from !== this.stretch.from || this.stretch.to < to) {
      const odds = this.tag(tokens, from, to, this.stretch.odds);
      this.stretch = { from, to, odds, settledTo: from + this.tagger.settled };
    }
    return this.stretch.odds[index - from] ?? 0;
  }

  /** Judged by the words before `to` alone. */
  byWordsBefore(tokens: readonly Token[], index: number, to: number): number {
    const from = borderBefore(index);
    return this.tag(tokens, from, to)[index - from] ?? 0;
  }

  /** Would more text change what {@link byAll} said of this word? */
  isSettled(index: number): boolean {
    return index < this.stretch.settledTo;
  }

  /** No word is asked for any more. */
  close(): void {
    this.space.odds = [this.stretch.odds, this.other.odds];
  }

  private tag(tokens: readonly Token[], from: number, to: number, into?: Float32Array): Float32Array {
    const { asked, speaker } = this.context;
    if (this.judged || from > 0 || to < tokens.length) this.known ??= this.space.known.begin();
    this.known?.take(from, to);
    this.judged = true;
    return this.tagger.tag(tokens, asked.includes('NAME') ? 'NAME' : asked[0], speaker, this.known, into);
  }
}
