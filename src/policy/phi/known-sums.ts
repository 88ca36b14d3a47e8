/** More tokens than two stretches that overlap. */
const knownWords = 256;

/**
 * The sums of weights of words whose surroundings are certain, for one text of one speaker at a time: nearly all of a stretch was
 * in the one before it. By the place of a word's first token; a later word takes the place of an earlier one.
 */
export class KnownSums {
  /** The stretch in hand of its text, in tokens; `to` exclusive. */
  from = 0;
  to = 0;
  /** Which of the texts that came here, one after the other. */
  text = 0;
  /** Three numbers a word: its token and whether the text is cased (0: none), the sum of its node, that of its edge. */
  private readonly sums = new Int32Array(3 * knownWords);

  /** Another text begins: nothing is known of it. */
  begin(): this {
    this.text += 1;
    this.sums.fill(0);
    return this;
  }

  take(from: number, to: number): void {
    this.from = from;
    this.to = to;
  }

  /** Is the word known, said in a text that has capitals so far (1) or has none (0)? */
  has(token: number, cased: number): boolean {
    return this.sums[placeOf(token)] === keyOf(token, cased);
  }

  node(token: number): number {
    return this.sums[placeOf(token) + 1] ?? 0;
  }

  edge(token: number): number {
    return this.sums[placeOf(token) + 2] ?? 0;
  }

  keep(token: number, cased: number, node: number, edge: number): void {
    const at = placeOf(token);
    this.sums[at] = keyOf(token, cased);
    this.sums[at + 1] = node;
    this.sums[at + 2] = edge;
  }
}

const placeOf = (token: number): number => (token % knownWords) * 3;
const keyOf = (token: number, cased: number): number => token * 2 + cased + 1;
