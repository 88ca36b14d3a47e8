import { KnownSums } from './known-sums.ts';
import { Signs } from './signs.ts';

/** More would wait only where as many texts were read at once. */
const mostFree = 8;

/**
 * What reading a text takes beside its words: numbers only, which say nothing of a caller. It is used again for the next
 * text, as memory that the engine of JavaScript must fetch and free for each text costs more than filling it.
 */
export class Workspace {
  /** What each token can be. */
  flags: Int32Array = new Int32Array(0);
  readonly signs = new Signs();
  readonly known = new KnownSums();
  /** Probabilities of two stretches of words to be names. */
  odds: readonly [Float32Array, Float32Array] = [new Float32Array(0), new Float32Array(0)];
}

export class Workspaces {
  private readonly free: Workspace[] = [];

  take(): Workspace {
    return this.free.pop() ?? new Workspace();
  }

  giveBack(space: Workspace): void {
    if (this.free.length < mostFree) this.free.push(space);
  }
}
