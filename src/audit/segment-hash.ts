import { createHash, type Hash } from 'node:crypto';

/** SHA-256 of a segment and of its beginning, over each byte once. */
export class SegmentHash {
  readonly #bytes: Buffer;
  readonly #digest: Hash = createHash('sha256');
  #hashed = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Of the bytes before `offset`, hex. Offsets MUST NOT go back. */
  before(offset: number): string {
    this.#digest.update(this.#bytes.subarray(this.#hashed, offset));
    this.#hashed = offset;
    return this.#digest.copy().digest('hex');
  }

  /** Of all bytes, hex. */
  whole(): string {
    return this.before(this.#bytes.length);
  }
}
