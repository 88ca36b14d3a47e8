import type { FileLayer } from '../../audit/durable.ts';
import type { KeyProvider } from '../../audit/key-provider.ts';
import type { AuditLog } from '../../audit/log.ts';
import type { Decision } from '../../policy/decision.ts';
import type { ReasonCode } from '../../policy/reason.ts';
import type { WebhookTap } from '../config.ts';
import { faultFacts, type Log } from '../logger.ts';
import { Bell } from './bell.ts';
import type { Listener } from './channel.ts';
import { count, type TapFigures } from './figures.ts';
import { ReadingLedger } from './ledger.ts';
import { bounds } from './limits.ts';
import type { HeardCall, TapLine } from './line.ts';
import { isDelivered, Poster, type PostOutcome } from './post.ts';
import type { Batch } from './segment.ts';
import { Spool } from './spool.ts';

export interface WebhookServices {
  readonly audit: Pick<AuditLog, 'record'>;
  readonly log: Log;
  readonly figures: TapFigures;
  readonly files: FileLayer;
  /** SHA-256 of the policy in force, hex. */
  readonly policy: () => string;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
  /** Holds the key under which the keys of queues are kept. */
  readonly keys: () => Promise<KeyProvider>;
  readonly isLive: (ref: string) => boolean;
  /** May this receiver have call data today? */
  readonly judge: (settings: WebhookTap) => Decision;
}

/** Faults that say that the receiver is not who it should be. */
const untrusted: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'VENDOR_CERTIFICATE',
  'VENDOR_TLS_VERSION',
  'VENDOR_ADDRESS_REFUSED',
  'VENDOR_PLAINTEXT',
]);

/**
 * Posts the lines of all calls to one receiver, in their order, again and again until it takes them. No call waits for
 * any of it: a line is taken at once, stored behind, and delivered from what is stored.
 */
export class Webhook implements Listener {
  readonly settings: WebhookTap;
  readonly returns = false;
  readonly #services: WebhookServices;
  readonly #actor: string;
  readonly #ledger: ReadingLedger;
  readonly #poster: Poster;
  readonly #spool: Spool;
  /** Something is stored, or it is to stop. */
  readonly #work = new Bell();
  /** It is to stop. */
  readonly #pause = new Bell();
  readonly #ending = new AbortController();
  #delivering: Promise<void> = Promise.resolve();
  #failures = 0;
  #refused = false;
  #stopping = false;
  #unrecordedDrops = 0;
  #dropsRecordedAt = Number.NEGATIVE_INFINITY;

  constructor(settings: WebhookTap, services: WebhookServices) {
    const { id, purpose, queue } = settings;
    this.settings = settings;
    this.#services = services;
    this.#actor = `party:${id}`;
    this.#ledger = new ReadingLedger(services, { actor: this.#actor, purpose, tap: 'webhook' });
    this.#poster = new Poster(settings);
    this.#spool = new Spool({
      ...services,
      name: id,
      queue,
      onDropped: (lines) => this.#dropped(lines),
      onFault: (fault) => this.#diskFailed(fault),
      onStored: () => this.#work.ring(),
    });
  }

  get wantsInterim(): boolean {
    return this.settings.events === 'all';
  }

  /** Lines may be taken from now on. */
  subscribe(): void {
    this.#ledger.subscribe();
    count(this.#services.figures.readers, 'webhook');
  }

  /** Stores and delivers. No other webhook may have the same queue open. */
  start(): void {
    const { figures } = this.#services;
    count(figures.retries, this.settings.id, 0);
    figures.waiting.set(this.settings.id, () => this.#spool.waiting);
    this.#spool.start();
    this.#delivering = this.#deliverAll();
  }

  take({ final, call, json }: TapLine): void {
    if (this.settings.events === 'final' && !final) return;
    const { ref } = call;
    if (this.#ledger.begin({ ref, caller: call.caller })) this.#spool.put({ call: ref, json });
    else this.#dropped(1);
  }

  callEnded({ ref }: HeardCall): void {
    this.#endIfDelivered(ref);
  }

  /** What is on its way gets a moment; the rest stays on the disk, or with `forget` nothing does. */
  async stop(forget = false): Promise<void> {
    const { figures } = this.#services;
    this.#stopping = true;
    const farewell = setTimeout(() => this.#ending.abort(), forget ? 0 : bounds.farewellMs);
    await this.#spool.stored();
    this.#work.ring();
    this.#pause.ring();
    await this.#delivering;
    clearTimeout(farewell);
    this.#poster.close();
    await this.#spool.close(forget);
    this.#recordDrops();
    this.#ledger.unsubscribe();
    count(figures.readers, 'webhook', -1);
    figures.waiting.delete(this.settings.id);
  }

  async #deliverAll(): Promise<void> {
    for (;;) {
      const batch = await this.#spool.read();
      if (batch !== undefined && (await this.#deliver(batch))) continue;
      if (this.#stopping) return;
      if (batch === undefined) await this.#work.sleep(bounds.dropEventMs);
      else await this.#pause.sleep(this.#retryMs());
      if (this.#unrecordedDrops > 0) this.#recordDrops();
    }
  }

  /** True: the batch is delivered, go on. */
  async #deliver(batch: Batch): Promise<boolean> {
    if (!this.#mayReceive() || !batch.lines.every(({ call }) => this.#ledger.begin({ ref: call, caller: undefined })))
      return false;
    if (batch.lines.length > 0) {
      const body = `{"tap":"${this.settings.id}","lines":[${batch.lines.map(({ json }) => json).join()}]}`;
      const outcome = await this.#poster.post(body, this.#services.now(), this.#ending.signal);
      if (!isDelivered(outcome)) return this.#failed(outcome);
    }
    await this.#delivered(batch);
    return true;
  }

  async #delivered(batch: Batch): Promise<void> {
    const { figures, log } = this.#services;
    if (this.#failures > 0) log.info('A webhook takes lines again', { reader: this.settings.id });
    this.#failures = 0;
    for (const { call, json } of batch.lines) this.#ledger.delivered(call, json);
    count(figures.delivered, 'webhook', batch.lines.length);
    await this.#spool.acknowledge(batch);
    for (const ref of new Set(batch.lines.map(({ call }) => call))) this.#endIfDelivered(ref);
  }

  #failed(outcome: PostOutcome): false {
    if (this.#ending.signal.aborted) return false;
    const { audit, figures, log } = this.#services;
    this.#failures += 1;
    count(figures.retries, this.settings.id);
    const reason = 'reason' in outcome ? outcome.reason : undefined;
    const code = 'reason' in outcome ? outcome.subject : outcome.status;
    if (this.#failures > 1) return false;
    log.warn('A webhook takes no lines; they wait', { reader: this.settings.id, reason, code });
    if (reason !== undefined && untrusted.has(reason))
      audit.record({ kind: 'sec.tls', actor: this.#actor, outcome: 'refused', reason });
    return false;
  }

  /** A receiver that is a sub-processor gets nothing without an agreement in force; what is said waits. */
  #mayReceive(): boolean {
    const { audit, log, judge } = this.#services;
    const decision = judge(this.settings);
    const refused = decision.verdict !== 'allow';
    if (refused && !this.#refused) {
      const { reason } = decision;
      audit.record({ kind: 'vendor.refuse', actor: this.#actor, outcome: 'refused', reason });
      log.warn('A webhook may not receive lines; they wait', { reader: this.settings.id, reason });
    }
    this.#refused = refused;
    return !refused;
  }

  #retryMs(): number {
    if (this.#failures === 0) return bounds.lastRetryMs;
    return Math.min(bounds.firstRetryMs * 2 ** (this.#failures - 1), bounds.lastRetryMs);
  }

  #endIfDelivered(ref: string): void {
    if (!this.#services.isLive(ref) && this.#spool.isDelivered(ref)) this.#ledger.end(ref);
  }

  #dropped(lines: number): void {
    count(this.#services.figures.dropped, 'webhook', lines);
    this.#unrecordedDrops += lines;
    if (this.#services.now() - this.#dropsRecordedAt >= bounds.dropEventMs) this.#recordDrops();
  }

  #recordDrops(): void {
    const lines = this.#unrecordedDrops;
    if (lines === 0) return;
    const { audit, log, now } = this.#services;
    this.#unrecordedDrops = 0;
    this.#dropsRecordedAt = now();
    const reason = 'TAP_QUEUE_FULL';
    audit.record({ kind: 'sec.limit', actor: this.#actor, outcome: 'failed', reason, totals: { lines } });
    log.warn('Lines for a webhook were dropped', { reader: this.settings.id, count: lines, reason });
    for (const ref of this.#ledger.reading) this.#endIfDelivered(ref);
  }

  #diskFailed(fault: unknown): void {
    const { figures, log } = this.#services;
    count(figures.faults, 'queue');
    log.error('The queue of a webhook failed', { reader: this.settings.id, fault: faultFacts(fault) });
  }
}
