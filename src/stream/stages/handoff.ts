import { allow, handoff, type Decision } from '../../policy/decision.ts';
import { HumanWatch, type HandoffRules, type HumanNeed } from '../../policy/handoff.ts';
import { ZeroKey } from '../../policy/handoff/zero.ts';
import { bounds } from '../limits.ts';
import { Kind, Way, type OpenMessage, type Slot } from '../protocol.ts';
import type { Stage, StageContext } from '../stage.ts';

/**
 * Listens to what is said and ends the call toward a human when the words need one. It stands before all other stages:
 * it has to hear the words before anything masks them, and a frame that would be blocked may still be a cry for help.
 */
export function handoffStage({ handoff: rules }: StageContext): Stage {
  return new HandoffStage(rules);
}

const speakers = ['caller', 'agent'] as const;

class HandoffStage implements Stage {
  readonly name = 'handoff';
  readonly sees = new Set([Kind.Text, Kind.Control]);
  private readonly watch: HumanWatch;
  private readonly zeroKey: ZeroKey | undefined;
  /** Since when a need waits for the caller's next words. */
  private pendingSince: number | undefined;
  private spokenAt: number | undefined;

  constructor(rules: HandoffRules) {
    this.watch = new HumanWatch(rules);
    this.zeroKey = rules.zeroKey === true ? new ZeroKey(bounds.keypadMs) : undefined;
  }

  run(message: OpenMessage, way: Way, now: number): Decision {
    if (message.kind === Kind.Control) return this.press(message, way, now);
    for (const name of message.cuts) this.watch.interrupt(keyOf(otherWay(way), `${name}|`));
    return decisionOf(this.hear(message, way, now) ?? this.finish(message.finishes, way));
  }

  expire(now: number): Decision {
    if (this.zeroKey?.rest(now) === true) return handoff('HUMAN_ASKED');
    if (this.pendingSince !== undefined && now - this.pendingSince > bounds.decideMs)
      return decisionOf(this.watch.pending);
    if (this.spokenAt === undefined || now - this.spokenAt <= bounds.silenceMs) return allow;
    this.spokenAt = undefined;
    return decisionOf(this.watch.finish('caller', '') ?? this.watch.finish('agent', ''));
  }

  private press(message: OpenMessage, way: Way, now: number): Decision {
    if (this.zeroKey === undefined || way !== Way.toVendor) return allow;
    for (const slot of message.slots)
      if (slot.known?.kind === 'KEYPAD' && this.zeroKey.press(slot.read(), now)) return handoff('HUMAN_ASKED');
    return allow;
  }

  private hear(message: OpenMessage, way: Way, now: number): HumanNeed | undefined {
    for (const slot of message.slots) {
      const manner = mannerOf(slot);
      if (manner === undefined) continue;
      this.spokenAt = now;
      const { speaker } = slot;
      const need = this.watch.hear({ ...manner, speaker, key: keyOf(way, slot.key), text: slot.read() });
      if (speaker === 'caller') this.pendingSince = this.watch.pending === undefined ? undefined : now;
      if (need !== undefined) return need;
    }
    return undefined;
  }

  private finish(names: readonly string[], way: Way): HumanNeed | undefined {
    for (const name of names) {
      for (const speaker of speakers) {
        const need = this.watch.finish(speaker, keyOf(way, `${name}|`));
        if (need !== undefined) return need;
      }
    }
    return undefined;
  }
}

/** How a slot continues what was said; undefined for what is no speech, or was heard before. */
function mannerOf(slot: Slot): { readonly appended: boolean; readonly ended: boolean } | undefined {
  switch (slot.mode) {
    case 'delta':
      return { appended: true, ended: slot.last };
    case 'cumulative':
      return { appended: false, ended: slot.last };
    case 'finish':
    case 'whole':
      return { appended: false, ended: true };
    case 'history':
      return slot.atEnd ? { appended: false, ended: slot.last } : undefined;
    case 'aside':
      // What stands outside the dialogue is heard where a table says that it is the caller's: typed words.
      return slot.speaker === 'caller' ? { appended: false, ended: true } : undefined;
    case 'repeat':
    case 'echo':
    case 'address':
    case 'hint':
      break;
  }
  return undefined;
}

function decisionOf(need: HumanNeed | undefined): Decision {
  return need === undefined ? allow : handoff(need);
}

function keyOf(way: Way, key: string): string {
  return `${way}|${key}`;
}

function otherWay(way: Way): Way {
  return way === Way.toVendor ? Way.toCaller : Way.toVendor;
}
