import type { AuditLog } from '../audit/log.ts';
import { humanNeeds } from '../policy/handoff.ts';
import { closingNotice } from '../policy/notices.ts';
import { reasons, type ReasonCode } from '../policy/reason.ts';
import { eventOf, type Call, type EventDetails } from '../stream/call.ts';
import type { Parting } from '../stream/protocol.ts';
import type { Config, Route } from './config.ts';
import { dutiesOf, humanAfter } from './human.ts';
import type { Log } from './logger.ts';
import { noticeDigest, noticeFacts } from './notice.ts';
import { part, type PartingCall } from './parting.ts';
import { closeLeg, legClosed, sendTo, type Legs } from './socket.ts';
import type { RedirectOutcome, TwilioRest } from './twilio/rest.ts';
import { relayEnd } from './twilio/relay-end.ts';
import { hangUpTwiml, humanTwiml } from './twilio/twiml.ts';

export interface HandoverServices {
  readonly audit: AuditLog;
  readonly log: Log;
  readonly rest: TwilioRest;
  /** The configuration in force now: the number of the human may be a newer one than when the call began. */
  readonly config: () => Config;
}

/** A call that leaves the AI. */
export interface LeavingCall extends PartingCall {
  readonly call: Call;
  /** Where the caller's side moves the call when it is told to. */
  readonly parting: Parting | undefined;
  /** Of the one-time token: the call that Twilio asked about, not one that a stream claims to be. */
  readonly callSid: string;
  readonly reason: ReasonCode;
}

/** Closes the vendor's leg. What somebody said that needs a human is not told to the vendor a second time. */
export function leaveVendor(legs: Legs, reason: ReasonCode): void {
  legs.closeVendor(reasons[reason].close, humanNeeds.some((need) => need === reason) ? '' : reason);
}

/** Twilio closes the stream of a call that was moved; after this time it is closed from here. */
const movedMs = 1_000;

/**
 * Takes callers whose vendor is gone to a human: their leg is closed when Twilio has been told what comes next. Each way
 * that was gone is recorded, with the time that it took.
 */
export class Handovers {
  readonly #services: HandoverServices;
  #pending = 0;

  constructor(services: HandoverServices) {
    this.#services = services;
  }

  /** Calls whose vendor is gone and whose human has not been reached. */
  get pending(): number {
    return this.#pending;
  }

  /** `onDone` is called when the caller's leg is closed: before this returns, unless Twilio has to be asked. */
  begin(leaving: LeavingCall, onDone: () => void): void {
    const startedAt = performance.now();
    const moving = this.#move(leaving, startedAt);
    if (moving === undefined) {
      this.#release(leaving, startedAt);
      onDone();
      return;
    }
    this.#pending += 1;
    void moving.finally(() => {
      this.#pending -= 1;
      onDone();
    });
  }

  /** What takes time, because somebody else moves the call; undefined where it is enough to let go of it. */
  #move(leaving: LeavingCall, startedAt: number): Promise<void> | undefined {
    const { parting } = leaving;
    if (parting !== undefined) return this.#part(leaving, parting, startedAt);
    return this.#mayRedirect(leaving) ? this.#redirect(leaving, startedAt) : undefined;
  }

  /** The caller's side holds the telephone call. */
  async #part(leaving: LeavingCall, parting: Parting, startedAt: number): Promise<void> {
    const { call, route, reason } = leaving;
    const human = humanAfter(this.#services.config(), this.#current(route), reason);
    const way = human.dial === undefined ? 'hangup' : 'transfer';
    const code = await part(leaving, parting, { say: human.say ?? '', dial: human.dial });
    if (code === '') return this.#gone(leaving, way, human.closing, startedAt);
    this.#services.log.warn("The caller's side did not move a call", { call: call.facts.ref, code });
    this.#record(leaving, { outcome: 'failed', facts: { way, code } }, startedAt);
    closeLeg(leaving.caller, reasons[reason].close, reason);
  }

  /**
   * Ends a call that needs nobody any more. Twilio goes on with the verb after the stream, which is the human, so where the
   * agent of a bridged call has ended it Twilio is told to hang up first; where that fails, the human it is.
   */
  end(leaving: LeavingCall, onDone: (toHuman: boolean) => void): void {
    const { caller, route, reason } = leaving;
    if (reason !== 'SESSION_ENDED' || route.bridge === undefined) {
      closeLeg(caller, reasons[reason].close, reason);
      onDone(false);
      return;
    }
    void this.#hangUp(leaving, onDone);
  }

  async #hangUp(leaving: LeavingCall, onDone: (toHuman: boolean) => void): Promise<void> {
    const startedAt = performance.now();
    this.#pending += 1;
    const closing = closingNotice(dutiesOf(this.#services.config()));
    const outcome = await this.#ask(leaving, hangUpTwiml(closing));
    if (outcome.moved) this.#recordClosing(leaving, closing);
    if (outcome.moved) await this.#moved(leaving);
    else this.#unmoved(leaving, 'hangup', outcome.cause, startedAt);
    this.#pending -= 1;
    onDone(!outcome.moved);
  }

  /** A stream that is not the call of its token must move no call. */
  #mayRedirect({ route, reason }: LeavingCall): boolean {
    return route.app === undefined && this.#current(route).human.via === 'redirect' && reason !== 'CALL_MISMATCH';
  }

  async #redirect(leaving: LeavingCall, startedAt: number): Promise<void> {
    const { route, reason } = leaving;
    const human = humanAfter(this.#services.config(), this.#current(route), reason);
    const outcome = await this.#ask(leaving, humanTwiml(human));
    if (!outcome.moved) return this.#unmoved(leaving, 'redirect', outcome.cause, startedAt);
    this.#gone(leaving, 'redirect', human.closing, startedAt);
    await this.#moved(leaving);
  }

  #ask({ callSid }: LeavingCall, twiml: string): Promise<RedirectOutcome> {
    const { accountSid, authTokens } = this.#services.config().twilio;
    const account = { sid: accountSid, authTokens: authTokens.map((token) => token.reveal()) };
    return this.#services.rest.redirect(account, callSid, twiml);
  }

  async #moved({ caller, reason }: LeavingCall): Promise<void> {
    await legClosed(caller, movedMs);
    closeLeg(caller, reasons[reason].close, reason);
  }

  #unmoved(leaving: LeavingCall, way: 'redirect' | 'hangup', code: string, startedAt: number): void {
    const call = leaving.call.facts.ref;
    this.#services.log.warn('Twilio did not move a call; its next TwiML verb takes it', { call, code });
    this.#record(leaving, { outcome: 'failed', facts: { way, code } }, startedAt);
    this.#release(leaving, startedAt);
  }

  /** Ends the stream, so that Twilio goes on with the verb after it; an app learns why, and calls its own human. */
  #release(leaving: LeavingCall, startedAt: number): void {
    const { caller, route, reason } = leaving;
    const ends = route.protocol === 'twilio-conversation-relay';
    if (ends) sendTo(caller, relayEnd(route.name, reason), false);
    closeLeg(caller, reasons[reason].close, reason);
    const closing =
      route.app === undefined ? humanAfter(this.#services.config(), this.#current(route)).closing : undefined;
    this.#gone(leaving, wayOf(route), closing, startedAt);
  }

  /** The call is on this way, with the words that a state wants at the end among what is spoken there. */
  #gone(leaving: LeavingCall, way: string, closing: string | undefined, startedAt: number): void {
    this.#record(leaving, { outcome: 'ok', facts: { way } }, startedAt);
    this.#recordClosing(leaving, closing);
  }

  #recordClosing({ call, route }: LeavingCall, closing: string | undefined): void {
    if (closing === undefined) return;
    const facts = noticeFacts(route.name, 'end', noticeDigest(closing));
    this.#services.audit.record({ ...eventOf(call, 'notice.given', { outcome: 'ok', facts }), actor: 'system' });
  }

  #record({ call, route, reason }: LeavingCall, details: EventDetails, startedAt: number): void {
    const totals = { tookMs: Math.round(performance.now() - startedAt) };
    const facts = { route: route.name, ...details.facts };
    this.#services.audit.record(eventOf(call, 'route.human', { ...details, reason, facts, totals }));
  }

  #current(route: Route): Route {
    return this.#services.config().routes.find(({ name }) => name === route.name) ?? route;
  }
}

function wayOf({ app, protocol }: Route): string {
  if (app !== undefined) return 'app';
  return protocol === 'twilio-conversation-relay' ? 'end' : 'twiml';
}
