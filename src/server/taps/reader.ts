import type { ReasonCode } from '../../policy/reason.ts';
import type { Operator } from '../config.ts';
import type { Listener } from './channel.ts';
import { count, type TapFigures } from './figures.ts';
import type { ReadingLedger } from './ledger.ts';
import { bounds } from './limits.ts';
import type { HeardCall, TapKind, TapLine } from './line.ts';

/** The connection of a live reader. Nothing here waits or throws. */
export interface Outlet {
  /** Bytes that were handed over and that the peer has not taken. */
  readonly unread: number;
  write(line: TapLine): void;
  /** `gap`: lines before the next one are missing. `end`: the call has ended. */
  tell(what: 'gap' | 'end'): void;
  /** Called every `beatMs`. False: the peer is gone. */
  beat(now: number): boolean;
  close(reason: ReasonCode | undefined): void;
}

/** What a live reader asks for. */
export interface Wish {
  readonly operator: Operator;
  readonly tap: Exclude<TapKind, 'webhook'>;
  /** Reference of the one call that is read; undefined for all. */
  readonly call: string | undefined;
  readonly events: 'final' | 'all';
  /** Id of the last line that it got before. */
  readonly after: string | undefined;
}

export interface ReaderServices {
  readonly ledger: ReadingLedger;
  readonly figures: TapFigures;
  /** Called once. */
  readonly onEnded: (reader: LiveReader) => void;
}

/** A reader that is connected now. One that does not read is dropped: a call never waits for it. */
export class LiveReader implements Listener {
  readonly wish: Wish;
  readonly returns = true;
  readonly #services: ReaderServices;
  #outlet: Outlet | undefined;
  #unreadSince: number | undefined;
  #ended = false;

  constructor(wish: Wish, services: ReaderServices) {
    this.wish = wish;
    this.#services = services;
  }

  get wantsInterim(): boolean {
    return this.wish.events === 'all';
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Begins with what was missed. */
  open(outlet: Outlet, missed: readonly TapLine[], complete: boolean): void {
    this.#outlet = outlet;
    if (!complete) outlet.tell('gap');
    for (const line of missed) this.take(line);
  }

  take(line: TapLine): void {
    if (this.#ended || !this.#isWanted(line)) return;
    const { ledger, figures } = this.#services;
    const outlet = this.#outlet;
    if (outlet === undefined) return;
    if (outlet.unread > bounds.unreadBytes) return this.#drop();
    const { ref } = line.call;
    if (!ledger.begin({ ref, caller: line.call.caller })) return this.end('AUDIT_UNAVAILABLE');
    outlet.write(line);
    ledger.delivered(ref, line.json);
    count(figures.delivered, this.wish.tap);
  }

  callEnded(call: HeardCall): void {
    this.#services.ledger.end(call.ref);
    if (call.ref !== this.wish.call) return;
    this.#outlet?.tell('end');
    this.end();
  }

  beat(now: number): void {
    const outlet = this.#outlet;
    if (outlet === undefined) return;
    this.#unreadSince = outlet.unread === 0 ? undefined : (this.#unreadSince ?? now);
    const silent = this.#unreadSince !== undefined && now - this.#unreadSince > bounds.unreadMs;
    if (silent) this.#drop(0);
    else if (!outlet.beat(now)) this.end();
  }

  /** With a reason: it is cut off. */
  end(reason?: ReasonCode): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#services.ledger.unsubscribe(reason);
    this.#outlet?.close(reason);
    this.#services.onEnded(this);
  }

  #drop(lines = 1): void {
    const { figures } = this.#services;
    count(figures.slowReaders, this.wish.tap);
    count(figures.dropped, this.wish.tap, lines);
    this.end('PEER_TOO_SLOW');
  }

  #isWanted(line: TapLine): boolean {
    if (this.wish.events === 'final' && !line.final) return false;
    return this.wish.call === undefined || this.wish.call === line.call.ref;
  }
}
