import { fork } from 'node:child_process';
import { createServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { AuditLog } from '../../audit/log.ts';
import { lostCall } from '../../audit/lost-call.ts';
import type { ReasonCode } from '../../policy/reason.ts';
import type { Log } from '../logger.ts';
import type { Figures } from '../metrics.ts';
import { listenOn, type ListeningPlace } from '../port.ts';
import type { Wanted } from '../taps/hub.ts';
import type { CarriedConfig } from './carried-config.ts';
import { ask, endOf, follow, loadOf, tell, type Member } from './member.ts';
import { isWorkerMessage, type PrimaryMessage, type WorkerMessage } from './messages.ts';
import { ToldCalls, type Readers } from './told-calls.ts';

const program = fileURLToPath(import.meta.url).replace(/crew(\.[jt]s)$/u, 'main$1');

/** A worker that ends is replaced, but not for ever: so many in a minute, and the fault is not one of a single call. */
const replacedAMinute = 10;
const minuteMs = 60_000;
/** A system that has no room for a process may have some in a moment. */
const hireAgainMs = 500;

/** Events that nobody waits for are acknowledged so late, for the log gathers them as long. */
const acknowledgeMs = 60;

export interface CrewServices {
  readonly audit: AuditLog;
  readonly log: Log;
  /** The configuration in force, for each worker that is hired. */
  readonly config: () => CarriedConfig;
  /** Why no call may begin, as far as the log is concerned: workers see the log only through this process. */
  readonly hindrance: () => ReasonCode | undefined;
  /** Who reads along, and what they want to hear. */
  readonly readers: () => Readers & { readonly wanted: readonly Wanted[] };
  /** Workers end faster than they can be replaced. */
  readonly onHopeless: () => void;
}

type EventsMessage = Extract<WorkerMessage, { readonly type: 'events' }>;

/**
 * The processes that carry the calls. One listener accepts for all and hands each connection to whoever has the fewest
 * calls: in turn would not do, because each call comes with two connections, and with two workers one of them would get
 * every stream.
 */
export class Crew {
  readonly #services: CrewServices;
  readonly #members = new Set<Member>();
  readonly #listener = createServer({ pauseOnConnect: true, noDelay: true }, (connection) => this.#hand(connection));
  readonly #ends: number[] = [];
  #requests = 0;
  #leaving = false;

  constructor(services: CrewServices) {
    this.#services = services;
  }

  /** Is a connection taken, and is there a worker to give it to? */
  get ready(): boolean {
    return this.#listener.listening && [...this.#members].some((member) => member.ready);
  }

  /** Resolves with the port when all workers take calls; rejects when one ends before. */
  async start(count: number, place: ListeningPlace): Promise<number> {
    await Promise.all(Array.from({ length: count }, () => this.#hire()));
    return listenOn(this.#listener, place);
  }

  tell(message: PrimaryMessage): void {
    for (const { worker } of this.#members) tell(worker, message);
  }

  /** Called every half second: by now a connection has become a call, or it never will. */
  settle(): void {
    for (const member of this.#members) member.given = 0;
    this.tell(this.#hindered());
  }

  /** The figures of every worker that answers in time. */
  async figures(): Promise<readonly Figures[]> {
    this.#requests += 1;
    const request = this.#requests;
    const answers = [...this.#members].map((member) => ask(member, request));
    return (await Promise.all(answers)).filter((figures) => figures.length > 0);
  }

  /** No worker is replaced from now on. Resolves when the last one is gone; after the limit it is killed. */
  async leave(type: 'drain' | 'failed', limitMs: number): Promise<void> {
    this.#leaving = true;
    this.tell({ type });
    const limit = setTimeout(() => this.#kill(), limitMs);
    await Promise.all([...this.#members].map(({ gone }) => gone));
    clearTimeout(limit);
    this.#listener.close();
  }

  /** While the process drains a worker still answers, so that new calls hear of a human. */
  #hand(connection: Socket): void {
    const [first, ...others] = [...this.#members].filter((member) => member.ready && member.worker.connected);
    if (first === undefined) return void connection.destroy();
    const member = others.reduce((least, other) => (loadOf(other) < loadOf(least) ? other : least), first);
    member.given += 1;
    member.handed.push(connection);
    member.worker.send({ type: 'connection' } satisfies PrimaryMessage, connection, { keepOpen: true });
  }

  #hindered(): PrimaryMessage {
    return { type: 'hindered', reason: this.#services.hindrance() };
  }

  #kill(): void {
    for (const { worker } of this.#members) worker.kill('SIGKILL');
  }

  async #hire(): Promise<void> {
    const worker = fork(program, [], { serialization: 'advanced' });
    const gone = endOf(worker);
    const state = { ready: false, given: 0, last: 0, timer: undefined };
    const told = new ToldCalls(this.#services.readers());
    const member: Member = { worker, open: new Set(), gone, told, figures: new Map(), handed: [], ...state };
    this.#members.add(member);
    tell(worker, { type: 'configuration', config: this.#services.config() });
    // It reads this before the first connection: nobody who is hired in a bad hour takes a call.
    tell(worker, this.#hindered());
    tell(worker, { type: 'wanted', wanted: this.#services.readers().wanted });
    const ready = new Promise<void>((resolve) => {
      worker.on('message', (message: unknown) => {
        if (isWorkerMessage(message)) this.#hear(member, message);
        if (member.ready) resolve();
      });
    });
    await Promise.race([ready, this.#await(member)]);
  }

  async #await(member: Member): Promise<void> {
    const end = await member.gone;
    this.#gone(member, end);
    if (!member.ready) throw new Error(`A worker ended with ${end} before it took calls`);
  }

  #hear(member: Member, message: WorkerMessage): void {
    if (message.type === 'events') this.#record(member, message);
    else if (message.type === 'figures') member.figures.get(message.request)?.(message.figures);
    else if (message.type === 'taken') member.handed.shift()?.destroy();
    else if (message.type === 'ready') member.ready = true;
    else if (message.type === 'handed-over') this.tell(message);
    else member.told.hear(message);
  }

  #record(member: Member, { events, last, urgent }: EventsMessage): void {
    const { audit } = this.#services;
    member.last = last;
    for (const [index, event] of events.entries()) {
      if (audit.record(event)) follow(member.open, event);
      // A call that is not on record does not begin. Anything else that is not on record ends the worker's calls.
      else if (event.kind !== 'call.admit') return tell(member.worker, { type: 'failed' });
      else tell(member.worker, { type: 'untaken', event: last - events.length + 1 + index });
    }
    if (urgent) this.#acknowledge(member);
    else member.timer ??= setTimeout(() => this.#acknowledge(member), acknowledgeMs);
  }

  /** Tells a worker when all that it sent so far is durable. To ask makes the log hurry. */
  #acknowledge(member: Member): void {
    const { last, worker } = member;
    clearTimeout(member.timer);
    member.timer = undefined;
    this.#services.audit.settled().then(
      ({ size }) => tell(worker, { type: 'durable', last, size }),
      () => tell(worker, { type: 'failed' }),
    );
  }

  /** What was on its way through a lost process is over: the carrier goes on with a human, the log says so. */
  #gone(member: Member, end: string): void {
    const { audit, log } = this.#services;
    this.#members.delete(member);
    clearTimeout(member.timer);
    for (const settle of member.figures.values()) settle([]);
    member.told.end();
    for (const connection of member.handed) connection.destroy();
    for (const call of member.open) audit.record(lostCall(call));
    if (this.#leaving) return;
    log.error('A worker ended; another one takes its place', { code: end, count: member.open.size });
    if (this.#isHopeless()) this.#services.onHopeless();
    else setTimeout(() => this.#hireAgain(), hireAgainMs);
  }

  #hireAgain(): void {
    if (!this.#leaving) this.#hire().catch(() => undefined); // Its own end is seen like this one.
  }

  #isHopeless(): boolean {
    const now = performance.now();
    this.#ends.push(now);
    while ((this.#ends[0] ?? now) < now - minuteMs) this.#ends.shift();
    return this.#ends.length > replacedAMinute;
  }
}
