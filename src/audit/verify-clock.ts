import type { JsonObject } from './json.ts';
import type { Span } from './quick.ts';
import { NotWhole } from './verdict.ts';

/** Two clocks may differ by this much, ms. */
const tolerance = 300_000;

/** The times of the records, as they go on. */
export class RecordClock {
  readonly #warnings: string[];
  #now: number;
  #time = 0;
  #run: string | undefined = '';
  #bytes: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;
  /** Time of the first record, ms UTC; 0 before there was one. */
  first = 0;

  constructor(now: number, warnings: string[]) {
    this.#now = now;
    this.#warnings = warnings;
  }

  /** Time of the newest record, ms UTC. */
  get last(): number {
    return this.#time;
  }

  /** True when nothing has to be said of this time: it is taken. False: `check` says what. */
  goesOn(bytes: Buffer, run: Span, time: number): boolean {
    if (time < this.#time || time > this.#now + tolerance) return false;
    this.#time = time;
    this.first ||= time;
    this.#run = undefined;
    this.#bytes = bytes;
    this.#start = run.start;
    this.#end = run.end;
    return true;
  }

  /** Throws {@link NotWhole} for a record without time, run or kind. */
  check(members: JsonObject, index: number): void {
    const { t: time, b: run, k: kind } = members;
    if (typeof time !== 'number' || typeof run !== 'string' || typeof kind !== 'string') {
      throw new NotWhole('tampered', `Record ${index} lacks its time, its run or its kind.`, index);
    }
    if (time < this.#time && run !== this.#runBefore()) {
      this.#warnings.push(`The clock went back by ${this.#time - time} ms between two runs, at record ${index}.`);
    }
    if (time > this.#now + tolerance) {
      this.#warnings.push(`Record ${index} is dated in the future: ${new Date(time).toISOString()}.`);
      // One is enough to say: those after it most likely are too.
      this.#now = Number.POSITIVE_INFINITY;
    }
    this.#time = time;
    this.first ||= time;
    this.#run = run;
  }

  #runBefore(): string {
    return this.#run ?? this.#bytes.toString('utf8', this.#start, this.#end);
  }
}
