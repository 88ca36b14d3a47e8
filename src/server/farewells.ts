import type { AuditLog } from '../audit/log.ts';
import { reasons } from '../policy/reason.ts';
import type { Parting } from '../stream/protocol.ts';
import { protocols } from '../stream/protocols/index.ts';
import { humanAtDoor } from './human.ts';
import { doorBounds } from './limits.ts';
import type { Log } from './logger.ts';
import { part } from './parting.ts';
import type { Policy } from './policy.ts';
import type { GateRefusal, HeldCall } from './refusal.ts';
import { closeLeg, type Leg } from './socket.ts';
import type { Reception } from './upgrade.ts';

export interface FarewellServices {
  readonly audit: AuditLog;
  readonly log: Log;
  readonly policy: () => Policy;
  /** A call was given to a human: its carrier could dial in for it again. */
  readonly onHandedOver: (route: string, id: string) => void;
}

/**
 * Calls that were refused at the door, told where they go: whoever holds the telephone call would dial again, give up and leave its
 * caller with nobody. Such an upgrade is accepted without a durable opening, and is no call: no vendor is dialled, nothing that
 * comes is passed on, kept or logged, and nothing goes out but the parting.
 */
export class Farewells {
  readonly #services: FarewellServices;
  readonly #waiting: (() => void)[] = [];
  #pending = 0;
  #closed = false;

  constructor(services: FarewellServices) {
    this.#services = services;
  }

  /** Undefined: the refusal stands, for nobody can be told more, or as many as there may be calls are being told. */
  receive(refusal: GateRefusal): Reception | undefined {
    const { held } = refusal;
    const { calls } = this.#services.policy().config.limits;
    if (held === undefined || this.#closed || this.#pending >= calls) return undefined;
    const parting = protocols[held.route.protocol].parting?.();
    if (parting === undefined) return undefined;
    this.#pending += 1;
    return {
      attach: (caller) => void this.#say(refusal, held, parting, caller).finally(() => this.#leave()),
      abandon: () => this.#leave(),
    };
  }

  /** No more of them. */
  close(): void {
    this.#closed = true;
  }

  /** Resolves when none is left: each has its limit of time. */
  said(): Promise<void> {
    if (this.#pending === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #leave(): void {
    this.#pending -= 1;
    if (this.#pending === 0) for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async #say({ reason, call }: GateRefusal, { route, id }: HeldCall, parting: Parting, caller: Leg): Promise<void> {
    const { audit, log, policy, onHandedOver } = this.#services;
    const { config } = policy();
    const startedAt = performance.now();
    const human = humanAtDoor(config, route, reason);
    boundPeer(caller);
    onHandedOver(route.name, id);
    const code = await part({ caller, route }, parting, { say: human.say ?? '', dial: human.dial });
    closeLeg(caller, reasons[reason].close, reason);
    const reference = call === undefined ? {} : { call };
    if (code !== '') log.warn("The caller's side did not move a call", { ...reference, code });
    audit.record({
      ...reference,
      kind: 'route.human',
      actor: 'system',
      outcome: code === '' ? 'ok' : 'failed',
      reason,
      policy: config.policyHash,
      facts: {
        route: route.name,
        way: human.dial === undefined ? 'hangup' : 'transfer',
        ...(code === '' ? {} : { code }),
      },
      totals: { tookMs: Math.round(performance.now() - startedAt) },
    });
  }
}

/** What breaks the WebSocket protocol closes the socket by itself. Each ping is answered: a second's worth of them has to do. */
function boundPeer({ socket }: Leg): void {
  let frames = 0;
  const count = (): void => {
    frames += 1;
    if (frames > doorBounds.controlFrames) socket.terminate();
  };
  socket.on('ping', count).on('pong', count);
  socket.on('error', () => undefined);
}
