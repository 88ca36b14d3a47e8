import type { FollowedCall, Wanted } from '../taps/hub.ts';
import { clearanceKey, type Heard, type HeardCall } from '../taps/line.ts';
import type { SaidMessage, WorkerMessage } from './messages.ts';

/** Lines on their way to the other process; what is more is lost to those who read along, and counted. */
const mostUnsent = 2_000;

/** Sends a message; `sent` is called when it has left this process. */
export type Send = (message: WorkerMessage, sent?: () => void) => void;

/**
 * Live transcripts as a worker tells them: what each reader's clearance lets through is taken here, while the words are in
 * hand, and only that goes to the process that has the readers. No call waits for it.
 */
export class WorkerTranscripts {
  readonly #send: Send;
  #wanted: readonly Wanted[] = [];
  #unsent = 0;
  #missed = 0;

  constructor(send: Send) {
    this.#send = send;
  }

  /** Who reads along from now on. */
  want(wanted: readonly Wanted[]): void {
    this.#wanted = wanted;
  }

  follow(call: HeardCall): FollowedCall {
    let sequence = 0;
    this.#send({ type: 'begun', call: { ...call } });
    return {
      hear: (heard, final) => {
        sequence += 1;
        const shown = this.#shownOf(heard, final);
        if (shown.size > 0) this.#say(call, heard, { final, sequence, shown });
      },
      end: () => this.#send({ type: 'ended', ref: call.ref }),
    };
  }

  #shownOf({ stream }: Heard, final: boolean): Map<string, string> {
    const shown = new Map<string, string>();
    for (const { clearance, interim } of this.#wanted) {
      const text = final || interim ? stream.shownTo(clearance) : undefined;
      if (text !== undefined) shown.set(clearanceKey(clearance), text);
    }
    return shown;
  }

  #say(call: HeardCall, heard: Heard, line: Pick<SaidMessage, 'final' | 'sequence' | 'shown'>): void {
    if (this.#unsent >= mostUnsent) {
      this.#missed += 1;
      return;
    }
    const { number: utterance, speaker } = heard;
    this.#unsent += 1;
    this.#send({ type: 'said', call: { ...call }, utterance, speaker, ...line, missed: this.#missed }, () => {
      this.#unsent -= 1;
    });
    this.#missed = 0;
  }
}
