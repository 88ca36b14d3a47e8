/** What `audit verify` can find, with the exit code of each. `broken`: it was repaired, and all that is left holds. */
export const verdicts = { ok: 0, broken: 0, tampered: 2, corrupt: 3, 'rolled back': 4, incomplete: 5 } as const;

export type Verdict = keyof typeof verdicts;

/** What keeps a log from being whole, in a sentence that names the record. */
export interface Finding {
  readonly verdict: Exclude<Verdict, 'ok' | 'broken'>;
  readonly sentence: string;
  /** Index of the first record that cannot be trusted. */
  readonly record?: number;
}

/** Ends a verification: the first finding is the one that counts. */
export class NotWhole extends Error {
  readonly finding: Finding;

  constructor(verdict: Finding['verdict'], sentence: string, record?: number) {
    super(sentence);
    this.name = 'NotWhole';
    this.finding = record === undefined ? { verdict, sentence } : { verdict, sentence, record };
  }
}

/** A loss that somebody accepted. */
export interface BreakReport {
  /** Number of the record that says so. */
  readonly record: number;
  /** ISO 8601. */
  readonly date: string;
  readonly by: string;
  /** Records lost or unreadable. */
  readonly lost: number;
  /** What `verify` had found then. */
  readonly found: string;
}

/** What a verification found, of all logs of a place together and of each. */
export interface PlaceReport extends Pick<VerifyReport, 'verdict' | 'exitCode' | 'sentence' | 'warnings'> {
  readonly logs: readonly VerifyReport[];
}

export interface VerifyReport {
  readonly verdict: Verdict;
  readonly exitCode: number;
  /** One sentence for a person. */
  readonly sentence: string;
  readonly origin: string;
  readonly records: number;
  readonly segments: number;
  /** How many records, from the first on, were purged. */
  readonly purged: number;
  readonly checkpoints: number;
  /** How many records the newest checkpoint vouches for. */
  readonly signed: number;
  /** Root over all records that were read, base64. */
  readonly root: string;
  /** Times of the first and the last record, ISO 8601. */
  readonly from: string;
  readonly to: string;
  /** First record that cannot be trusted; absent for a whole log. */
  readonly record?: number;
  /** Repairs, oldest first. They are said for ever. */
  readonly breaks: readonly BreakReport[];
  readonly warnings: readonly string[];
}
