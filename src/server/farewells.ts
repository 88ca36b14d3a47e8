import type { AuditLog } from '../audit/log.ts';
import { reasons, type ReasonCode } from '../policy/reason.ts';
import { protocols } from '../stream/protocols/index.ts';
import { humanAtDoor } from './human.ts';
import { doorBounds } from './limits.ts';
import type { Log } from './logger.ts';
import { part } from './parting.ts';
import type { Policy } from './policy.ts';
import type { Route } from './config.ts';
import type { GateRefusal, HeldCall } from './refusal.ts';
import { closeLeg, sendTo, type Leg } from './socket.ts';
import { relayEnd } from './twilio/relay-end.ts';
import type { Reception } from './upgrade.ts';

export interface FarewellServices {
  readonly audit: AuditLog;
  readonly log: Log;
  readonly policy: () => Policy;
  /** A call was given to a human: its carrier could dial in for it again. */
  readonly onHandedOver: (route: string, id: string) => void;
}

/**
 * Can the other side of a refused call be told where it goes? Retell moves the call. ConversationRelay is ended in its own words:
 * what Twilio does with a caller whose session got an HTTP refusal no page says (error 64102), after an end it goes on.
 */
export function canBeTold({ protocol }: Pick<Route, 'protocol'>): boolean {
  return protocol === 'twilio-conversation-relay' || protocols[protocol].parting !== undefined;
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
    if (held === undefined || !canBeTold(held.route) || this.#closed || this.#pending >= calls) return undefined;
    this.#pending += 1;
    return {
      attach: (caller) => void this.#say(refusal, held, caller).finally(() => this.#leave()),
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

  async #say({ reason, call }: GateRefusal, held: HeldCall, caller: Leg): Promise<void> {
    const { audit, log, policy } = this.#services;
    const { config } = policy();
    const startedAt = performance.now();
    boundPeer(caller);
    const { way, code } = await this.#tell(reason, held, caller);
    closeLeg(caller, reasons[reason].close, reason);
    const reference = {
      ...(call === undefined ? {} : { call }),
      ...(held.caller === undefined || held.caller === '' ? {} : { caller: held.caller }),
    };
    if (code !== '')
      log.warn("The caller's side did not move a call", { ...(call === undefined ? {} : { call }), code });
    audit.record({
      ...reference,
      kind: 'route.human',
      actor: 'system',
      outcome: code === '' ? 'ok' : 'failed',
      reason,
      policy: config.policyHash,
      facts: {
        route: held.route.name,
        way,
        ...(code === '' ? {} : { code }),
      },
      totals: { tookMs: Math.round(performance.now() - startedAt) },
    });
  }

  /** The way that the call goes, and why it did not, if so. */
  async #tell(reason: ReasonCode, { route, id }: HeldCall, caller: Leg): Promise<{ way: string; code: string }> {
    const { policy, onHandedOver } = this.#services;
    const parting = protocols[route.protocol].parting?.();
    if (parting === undefined) {
      sendTo(caller, relayEnd(route.name, reason), false);
      return { way: 'end', code: '' };
    }
    const human = humanAtDoor(policy().config, route, reason);
    onHandedOver(route.name, id);
    const code = await part({ caller, route }, parting, { say: human.say ?? '', dial: human.dial });
    return { way: human.dial === undefined ? 'hangup' : 'transfer', code };
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
