import type { RecognizerContext } from './recognizer.ts';
import type { NameTagger } from './tagger.ts';
import type { Token } from './tokens.ts';

/**
 * The tagger reads from the start of the utterance, or, in a long one, from a border that depends on the place of the
 * word alone: the same word is judged by the same words in every cut.
 */
const stride = 96;
/** A word is asked for at most a stride and a half after the border, and depends on a few words after it. */
const longest = stride * 2;

function borderBefore(index: number): number {
  return index < stride ? 0 : (Math.floor(index / stride) - 1) * stride + stride / 2;
}

/** The probabilities of an utterance's words to be names, kept until more words have come. */
export class Naming {
  private readonly tagger: NameTagger;
  private readonly context: RecognizerContext;
  private from = -1;
  private settledTo = 0;
  private odds: Float32Array = new Float32Array(0);

  constructor(tagger: NameTagger, context: RecognizerContext) {
    this.tagger = tagger;
    this.context = context;
  }

  /** Judged by all words that have come. */
  byAll(tokens: readonly Token[], index: number): number {
    const from = borderBefore(index);
    const to = Math.min(tokens.length, from + longest);
    if (from !== this.from || this.odds.length < to - from) {
      this.odds = this.tag(tokens, from, to);
      this.from = from;
      this.settledTo = from + this.tagger.settled;
    }
    return this.odds[index - from] ?? 0;
  }

  /** Judged by the words before `to` alone. */
  byWordsBefore(tokens: readonly Token[], index: number, to: number): number {
    const from = borderBefore(index);
    return this.tag(tokens, from, to)[index - from] ?? 0;
  }

  /** Would more text change what {@link byAll} said of this word? */
  isSettled(index: number): boolean {
    return index < this.settledTo;
  }

  private tag(tokens: readonly Token[], from: number, to: number): Float32Array {
    const { asked, speaker } = this.context;
    return this.tagger.tag(tokens.slice(from, to), asked.includes('NAME') ? 'NAME' : asked[0], speaker);
  }
}
