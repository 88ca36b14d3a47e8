/** More tokens than two stretches that overlap. */
const knownWords = 256;

/**
 * The sums of weights of words whose surroundings are certain, for one text of one speaker: nearly all of a stretch was
 * in the one before it. By the place of a word's first token; a later word takes the place of an earlier one.
 */
export class KnownSums {
  /** The stretch in hand of its text, in tokens; `to` exclusive. */
  from = 0;
  to = 0;
  private readonly tokens = new Int32Array(knownWords).fill(-1);
  private readonly cased = new Uint8Array(knownWords);
  private readonly nodes = new Int32Array(knownWords);
  private readonly edges = new Int32Array(knownWords);

  take(from: number, to: number): void {
    this.from = from;
    this.to = to;
  }

  /** Is the word known, said in a text that has capitals so far or has none? */
  has(token: number, cased: number): boolean {
    const at = token % knownWords;
    return this.tokens[at] === token && this.cased[at] === cased;
  }

  node(token: number): number {
    return this.nodes[token % knownWords] ?? 0;
  }

  edge(token: number): number {
    return this.edges[token % knownWords] ?? 0;
  }

  keep(token: number, cased: number, node: number, edge: number): void {
    const at = token % knownWords;
    this.tokens[at] = token;
    this.cased[at] = cased;
    this.nodes[at] = node;
    this.edges[at] = edge;
  }
}
