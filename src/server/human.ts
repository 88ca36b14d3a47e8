import { aidFor } from '../policy/handoff/aid.ts';
import { closingNotice, noticeDuties, type NoticeDuty } from '../policy/notices.ts';
import type { ReasonCode } from '../policy/reason.ts';
import type { Config, Route } from './config.ts';
import type { HumanFallback } from './twilio/twiml.ts';

/** The answer when the AI may not take a call. Where nobody is dialled, a therapy practice names the crisis line. */
export function humanInstead({ practice }: Config, { human }: Route): HumanFallback {
  const aid = practice.profile === 'therapy' && human.dial === undefined ? aidFor('CRISIS') : undefined;
  return { say: inOrder(aid, human.say), dial: human.dial };
}

/** The answer to who comes with a call that is refused. Of one that a human was given before, nobody knows why. */
export function humanAtDoor(config: Config, route: Route, reason: ReasonCode): HumanFallback {
  return reason === 'CALL_HANDED_OVER' ? humanAfter(config, route) : humanInstead(config, route);
}

/** The human after the AI's part of a call. */
export interface HumanAfter extends HumanFallback {
  /** The notice that a state wants at the end, where it is among what is said. */
  readonly closing: string | undefined;
}

/**
 * What is said when the AI's part of a call is over, and who is dialled then. Without a reason it is the TwiML that is
 * given to Twilio before the call: nobody will know why it runs. It may be a crisis, so the words for one are in it where
 * nobody is dialled, and in a therapy practice.
 */
export function humanAfter(config: Config, route: Route, reason?: ReasonCode): HumanAfter {
  const { say, dial } = route.human;
  const aid = reason === undefined ? undefined : aidFor(reason);
  if (aid !== undefined) return { say: inOrder(aid, say), dial, closing: undefined };
  const closing = closingNotice(dutiesOf(config));
  if (reason !== undefined) return { dial, say: inOrder(closing, humanInstead(config, route).say), closing };
  const mayBeAlone = dial === undefined || config.practice.profile === 'therapy';
  return { dial, say: inOrder(mayBeAlone ? aidFor('CRISIS') : undefined, closing, say), closing };
}

function inOrder(...texts: readonly (string | undefined)[]): string {
  return texts.filter((text) => text !== undefined).join(' ');
}

/** What the notices of this practice must say, by the states that it is called from and by what its AI may hear of. */
export function dutiesOf({ practice, clearances }: Config): readonly NoticeDuty[] {
  const { TREATMENT, CONDITION, MEDICATION } = clearances.vendor;
  const clinical = [TREATMENT, CONDITION, MEDICATION].some((clearance) => clearance !== 'mask');
  return noticeDuties(practice.states, clinical);
}
