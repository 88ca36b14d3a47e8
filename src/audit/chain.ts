import { encodeBody, type EncodedEvent, type Sealing } from './encode.ts';
import { writeFrame } from './frame.ts';
import { encodeHash } from './record.ts';
import { lookupKeys } from './segment-index.ts';
import type { SealedRecord, Tail } from './sink.ts';
import type { Frontier } from './tree.ts';

/** Gives each event its place: number, hash of the record before, sealed payload, leaf of the tree. */
export class Chain {
  readonly frontier: Frontier;
  readonly #run: string;
  #previous: Buffer;

  constructor(tail: Pick<Tail, 'frontier' | 'previous'>, run: string) {
    this.frontier = tail.frontier;
    this.#previous = tail.previous;
    this.#run = run;
  }

  /** `durable` is given for the first record of a batch. */
  add(event: EncodedEvent, sealing: Sealing, durable: number | undefined): SealedRecord {
    const index = this.frontier.size;
    const place = { index, previous: encodeHash(this.#previous), run: this.#run, durable };
    const { bytes, leaf } = writeFrame(encodeBody(event, place, sealing));
    this.frontier.push(leaf);
    this.#previous = leaf;
    return { index, bytes, leaf, keys: lookupKeys({ s: sealing.reference, c: event.call, k: event.kind }) };
  }
}
