import type { FollowedCall } from '../taps/hub.ts';
import { clearanceKey, type HeardCall } from '../taps/line.ts';
import type { SaidMessage, WorkerMessage } from './messages.ts';

/** Where the readers are. */
export interface Readers {
  follow(call: HeardCall): FollowedCall;
  /** So many lines did not come. */
  missed(lines: number): void;
}

interface ToldCall {
  /** Its caller may become known later. */
  caller: string | undefined;
  readonly followed: FollowedCall;
}

/** The calls of one worker as the process with the readers hears of them. */
export class ToldCalls {
  readonly #readers: Readers;
  readonly #calls = new Map<string, ToldCall>();

  constructor(readers: Readers) {
    this.#readers = readers;
  }

  hear(message: Extract<WorkerMessage, { readonly type: 'begun' | 'said' | 'ended' }>): void {
    if (message.type === 'begun') this.#begin(message.call);
    else if (message.type === 'said') this.#say(message);
    else this.#end(message.ref);
  }

  /** The worker is gone, and its calls with it. */
  end(): void {
    for (const ref of this.#calls.keys()) this.#end(ref);
  }

  #begin({ ref, route, caller }: HeardCall): void {
    const told: ToldCall = {
      caller,
      followed: this.#readers.follow({
        ref,
        route,
        get caller() {
          return told.caller;
        },
      }),
    };
    this.#calls.set(ref, told);
  }

  #say({ call, utterance: number, speaker, final, sequence, shown, missed }: SaidMessage): void {
    const told = this.#calls.get(call.ref);
    if (told === undefined) return;
    told.caller = call.caller;
    if (missed > 0) this.#readers.missed(missed);
    const stream = { shownTo: (clearance: Parameters<typeof clearanceKey>[0]) => shown.get(clearanceKey(clearance)) };
    told.followed.hear({ number, speaker, stream }, final, sequence);
  }

  #end(ref: string): void {
    this.#calls.get(ref)?.followed.end();
    this.#calls.delete(ref);
  }
}
