import { randomBytes } from 'node:crypto';
import type { AuditLog } from '../../audit/log.ts';
import type { KindClearance } from '../../policy/clearance.ts';
import type { ReasonCode } from '../../policy/reason.ts';
import { faultFacts, type Log } from '../logger.ts';
import { Channel, type Listener } from './channel.ts';
import { count, type TapFigures } from './figures.ts';
import { ReadingLedger } from './ledger.ts';
import { bounds } from './limits.ts';
import { clearanceKey, lineOf, type Heard, type HeardCall, type TapLine } from './line.ts';
import { LiveReader, type Outlet, type Wish } from './reader.ts';

export interface HubServices {
  readonly audit: AuditLog;
  readonly log: Log;
  readonly figures: TapFigures;
  /** SHA-256 of the policy in force, hex. */
  readonly policy: () => string;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
  /** Called when other lines are wanted than before. */
  readonly onWanted?: (wanted: readonly Wanted[]) => void;
}

/** A clearance with which somebody reads. */
export interface Wanted {
  readonly clearance: KindClearance;
  /** Also what is still being said. */
  readonly interim: boolean;
}

/** A call as whoever moves it tells it to those who read along. */
export interface FollowedCall {
  /** `sequence` counts what was heard in the call from 1; left out: as often as this was called. */
  hear(heard: Heard, final: boolean, sequence?: number): void;
  end(): void;
}

/** Something that waits until the frame in hand has gone out. */
type Waiting = { readonly channel: Channel; readonly line: TapLine } | { readonly ended: HeardCall };

/**
 * All that is said in all calls, for those who read along. A line is made while the frame that brought it is in hand and
 * handed over after that frame has gone out. Whatever happens to a reader, no call waits for it and none ends by it.
 */
export class TapHub {
  readonly #services: HubServices;
  readonly #channels = new Map<string, Channel>();
  readonly #readers = new Set<LiveReader>();
  readonly #live = new Map<string, HeardCall>();
  /** Tells the lines of this process from those of another. */
  readonly #process = randomBytes(6).toString('base64url');
  #number = 0;
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(services: HubServices) {
    this.#services = services;
  }

  start(): void {
    this.#timer = setInterval(() => this.#beat(), bounds.beatMs).unref();
  }

  /** The clearances with which somebody reads now. */
  get wanted(): readonly Wanted[] {
    return [...this.#channels.values()].map(({ clearance, wantsInterim }) => ({ clearance, interim: wantsInterim }));
  }

  follow(call: HeardCall): FollowedCall {
    let heardSoFar = 0;
    this.#live.set(call.ref, call);
    return {
      hear: (heard, final, sequence = heardSoFar + 1) => {
        heardSoFar = sequence;
        this.#number += 1;
        if (this.#channels.size > 0) this.#hear(call, heard, final, sequence);
      },
      end: () => {
        this.#live.delete(call.ref);
        if (this.#channels.size > 0) this.#wait({ ended: call });
      },
    };
  }

  isLive(ref: string): boolean {
    return this.#live.has(ref);
  }

  /** Somebody who takes every line from now on. */
  listen(listener: Listener, clearance: KindClearance): void {
    this.#channelOf(clearance).add(listener);
    this.#tellWanted();
  }

  /** Ends {@link listen}. */
  leave(listener: Listener): void {
    const now = this.#services.now();
    for (const channel of this.#channels.values()) channel.delete(listener, now);
    this.#tellWanted();
  }

  /** So many lines were lost on their way here. */
  missed(lines: number): void {
    for (let line = 0; line < lines; line += 1) this.#lose();
  }

  /** May somebody read, and is it on record? The reader then has to be attached, or ended. */
  async admit(wish: Wish): Promise<LiveReader | ReasonCode> {
    const { audit, figures } = this.#services;
    const call = wish.call === undefined ? undefined : this.#find(wish.call, wish.operator.clearance);
    if (this.#closed) return 'DRAINING';
    if (this.#readers.size >= bounds.readers) return 'TAP_LIMIT';
    if (wish.call !== undefined && call === undefined) return 'CALL_UNKNOWN';
    const { id, purpose } = wish.operator;
    const scope = call === undefined ? undefined : { ref: call.ref, caller: call.caller };
    const ledger = new ReadingLedger(this.#services, { actor: `user:${id}`, purpose, tap: wish.tap }, scope);
    const reader = new LiveReader(wish, { ledger, figures, onEnded: (ended) => this.#forget(ended) });
    this.#readers.add(reader);
    count(figures.readers, wish.tap);
    if (ledger.subscribe() && (await isSettled(audit))) return reader;
    reader.end('AUDIT_UNAVAILABLE');
    return 'AUDIT_UNAVAILABLE';
  }

  /** Lets an admitted reader read. */
  attach(reader: LiveReader, outlet: Outlet): void {
    if (reader.ended) return outlet.close(this.#closed ? 'DRAINING' : undefined);
    const { wish } = reader;
    const channel = this.#channelOf(wish.operator.clearance);
    const after = this.#numberOf(wish.after);
    const isNew = wish.after === undefined;
    const { lines, complete } = after === undefined ? { lines: [], complete: isNew } : channel.since(after);
    reader.open(outlet, lines, complete);
    if (reader.ended) return;
    channel.add(reader);
    this.#tellWanted();
    const call = wish.call === undefined ? undefined : this.#find(wish.call, wish.operator.clearance);
    if (call !== undefined && !this.isLive(call.ref)) reader.callEnded(call);
  }

  /** Ends the readers whose operator may not read any more, or may see other things now. */
  review(mayStillRead: (reader: LiveReader) => boolean): void {
    for (const reader of this.#readers) if (!mayStillRead(reader)) reader.end('OPERATOR_NOT_ALLOWED');
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#flush();
    for (const reader of this.#readers) reader.end('DRAINING');
  }

  #hear(call: HeardCall, heard: Heard, final: boolean, sequence: number): void {
    const { log, figures, now } = this.#services;
    try {
      const place = { number: this.#number, id: `${this.#process}.${this.#number}`, sequence, at: now() };
      for (const channel of this.#channels.values()) {
        if (!final && !channel.wantsInterim) continue;
        const shown = heard.stream.shownTo(channel.clearance);
        if (shown !== undefined) this.#wait({ channel, line: lineOf(call, heard, final, shown, place) });
      }
    } catch (fault) {
      count(figures.faults, 'line');
      log.error('A line of a transcript could not be made', { fault: faultFacts(fault) });
    }
  }

  #wait(waiting: Waiting): void {
    const full = this.#waiting.length >= bounds.waitingLines;
    if (full && 'line' in waiting) this.#lose();
    else if (this.#waiting.push(waiting) === 1) setImmediate(() => this.#flush());
  }

  /** The loop is so late that lines pile up: counted once for each kind of reader that is there to miss it. */
  #lose(): void {
    const { figures } = this.#services;
    for (const [kind, readers] of figures.readers) if (readers > 0) count(figures.dropped, kind);
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    const now = this.#services.now();
    for (const one of waiting) {
      if ('line' in one) one.channel.hand(one.line, now);
      else for (const channel of this.#channels.values()) channel.callEnded(one.ended);
    }
  }

  #beat(): void {
    const now = performance.now();
    for (const reader of this.#readers) reader.beat(now);
    const today = this.#services.now();
    for (const [key, channel] of this.#channels) if (channel.isIdle(today)) this.#channels.delete(key);
    this.#tellWanted();
  }

  #tellWanted(): void {
    this.#services.onWanted?.(this.wanted);
  }

  #forget(reader: LiveReader): void {
    this.leave(reader);
    this.#readers.delete(reader);
    count(this.#services.figures.readers, reader.wish.tap, -1);
  }

  #channelOf(clearance: KindClearance): Channel {
    const key = clearanceKey(clearance);
    const channel = this.#channels.get(key) ?? new Channel(clearance, this.#number);
    this.#channels.set(key, channel);
    return channel;
  }

  /** A call in progress, or one of which lines are kept for parties of this clearance. */
  #find(ref: string, clearance: KindClearance): HeardCall | undefined {
    return this.#live.get(ref) ?? this.#channels.get(clearanceKey(clearance))?.remembered(ref);
  }

  /** The number in the id of a line of this process. */
  #numberOf(id: string | undefined): number | undefined {
    const [process, number = ''] = id?.split('.') ?? [];
    return process === this.#process && /^\d{1,15}$/u.test(number) ? Number(number) : undefined;
  }
}

async function isSettled(audit: AuditLog): Promise<boolean> {
  return audit.settled().then(
    () => true,
    () => false,
  );
}
