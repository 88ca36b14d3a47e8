import { fastify, type FastifyInstance } from 'fastify';
import type { AuditEvent } from '../../../src/audit/event.ts';
import type { AuditLog } from '../../../src/audit/log.ts';
import { maskEverything, type KindClearance } from '../../../src/policy/clearance.ts';
import { createEngine } from '../../../src/policy/phi/engine.ts';
import type { Speaker } from '../../../src/policy/phi/recognizer.ts';
import { Secret, type Operator } from '../../../src/server/config.ts';
import { createLog } from '../../../src/server/logger.ts';
import { Operators } from '../../../src/server/operators.ts';
import { portOf } from '../../../src/server/port.ts';
import { StrangerLog } from '../../../src/server/strangers.ts';
import { TapFigures } from '../../../src/server/taps/figures.ts';
import { heardCall } from '../../../src/server/taps/line.ts';
import { TapHub, type FollowedCall } from '../../../src/server/taps/hub.ts';
import { addTapRoutes } from '../../../src/server/taps/routes.ts';
import { createCall, type Call } from '../../../src/stream/call.ts';
import type { Spoken } from '../../../src/stream/ports.ts';

/** A log in memory that takes events until it is told to fail. */
export class MemoryLog implements AuditLog {
  readonly events: AuditEvent[] = [];
  failed = false;
  readonly waiting = 0;

  record(event: AuditEvent): boolean {
    if (!this.failed) this.events.push(event);
    return !this.failed;
  }

  settled(): Promise<{ readonly size: number }> {
    return this.failed ? Promise.reject(new Error('The log failed')) : Promise.resolve({ size: this.size });
  }

  lag(): number {
    return 0;
  }

  get size(): number {
    return this.events.length;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Events of reading, as `phase` and what else is asked for. */
  phases(actor: string): (string | undefined)[] {
    return this.events
      .filter((event) => event.kind === 'access.read' && event.actor === actor)
      .map(({ facts }) => facts?.['phase']);
  }
}

export const token = 'desk-token-0123456789abcdef0123456789abcdef';

export function operator(id: string, more: Partial<Operator> = {}): Operator {
  return { id, token: new Secret(token), may: ['taps'], clearance: maskEverything, purpose: 'HOPERAT', ...more };
}

const engine = createEngine();

/** A call in which something is said, without the relay that would move it. */
export class TalkingCall {
  readonly call: Call;
  readonly #followed: FollowedCall;
  readonly #conversation = engine.conversation();
  #number = 0;

  constructor(hub: TapHub, ref: string, caller = '+15125550143') {
    this.call = createCall({
      ref,
      route: 'booking',
      vendor: 'demo-voice',
      caller,
      expectedCallSid: undefined,
      expectedAccountSid: undefined,
      aliases: { callSid: `CA${'0'.repeat(32)}`, accountSid: `AC${'0'.repeat(32)}` },
      policy: 'p'.repeat(64),
    });
    this.#followed = hub.follow(heardCall(this.call));
  }

  say(text: string, speaker: Speaker = 'caller', final = true): void {
    if (final) this.#number += 1;
    const stream = this.#conversation.utterance(speaker, maskEverything);
    stream.restate(text, final);
    this.#followed.hear({ number: this.#number + (final ? 0 : 1), speaker, stream }, final);
  }

  /** Something that was said, shown as it is: for texts that are long or many. */
  show(text: Spoken['stream']['shownTo'], final = true): void {
    this.#number += 1;
    this.#followed.hear({ number: this.#number, speaker: 'agent', stream: { shownTo: text } }, final);
  }

  end(): void {
    this.#followed.end();
  }
}

/** A long text that holds nothing of a person, through the engine once. */
export const longText = engine.conversation().aside('we are open on weekdays '.repeat(680), maskEverything).text;

/** The routes of the taps on a real listener, with one operator. */
export class TapServer {
  readonly audit = new MemoryLog();
  readonly figures = new TapFigures();
  readonly logged: string[] = [];
  readonly hub: TapHub;
  operators: Operators;
  readonly #server: FastifyInstance;

  private constructor(clearance: KindClearance) {
    this.operators = new Operators([operator('desk', { clearance })]);
    this.hub = new TapHub({
      audit: this.audit,
      log: createLog('info', { write: (line) => void this.logged.push(line) }),
      figures: this.figures,
      policy: () => 'p'.repeat(64),
      now: Date.now,
    });
    this.#server = fastify({ logger: false, forceCloseConnections: true });
  }

  static async open(clearance = maskEverything): Promise<TapServer> {
    const made = new TapServer(clearance);
    await addTapRoutes(made.#server, {
      audit: made.audit,
      strangers: new StrangerLog(made.audit, () => performance.now()),
      operators: () => made.operators,
      hub: made.hub,
    });
    await made.#server.listen({ host: '127.0.0.1', port: 0 });
    return made;
  }

  get port(): number {
    return portOf(this.#server.server);
  }

  async close(): Promise<void> {
    this.hub.close();
    await this.#server.close();
  }
}
