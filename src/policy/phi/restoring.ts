import type { KindClearance } from '../clearance.ts';
import { restoredPiece, restoredRest, restoredWhole, type Redacted } from './redact.ts';
import type { KindCounts, TextStream } from './stream.ts';
import type { Restorer } from './tokenise.ts';

/** A stream toward a party that is cleared for values which another party knows by their pseudonyms only. */
export class RestoringStream implements TextStream {
  readonly #stream: TextStream;
  readonly #restorer: Restorer;

  constructor(stream: TextStream, restorer: Restorer) {
    this.#stream = stream;
    this.#restorer = restorer;
  }

  push(delta: string): Redacted {
    return restoredPiece(this.#stream.push(delta), this.#restorer);
  }

  restate(whole: string, final: boolean): Redacted {
    return restoredWhole(this.#stream.restate(whole, final), this.#restorer);
  }

  flush(): Redacted {
    return restoredRest(this.#stream.flush(), this.#restorer);
  }

  expire(): Redacted {
    return restoredRest(this.#stream.expire(), this.#restorer);
  }

  /** Whoever reads along sees the pseudonyms as they are. */
  shownTo(clearance: KindClearance): Redacted {
    return this.#stream.shownTo(clearance);
  }

  get held(): number {
    return this.#stream.held + this.#restorer.held;
  }

  get found(): KindCounts {
    return this.#stream.found;
  }
}
