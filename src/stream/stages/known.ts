import { allow, handoff, strictest, type Decision } from '../../policy/decision.ts';
import type { PhiKind } from '../../policy/phi/kinds.ts';
import { eventOf, isNumber } from '../call.ts';
import { bounds } from '../limits.ts';
import { Kind, type Known, type OpenMessage, type Slot, type Way } from '../protocol.ts';
import { addCounts, recordBlocked, recordFound, type Found, type Stage, type StageContext } from '../stage.ts';

/**
 * What the protocol itself declares: the caller's number and name, ids of the call, keypad digits, custom parameters.
 * Nothing is recognised here. The values are taught to the conversation, so that they are found in later words.
 */
export function knownStage(context: StageContext): Stage {
  const pictures: Pictures = { withheld: 0 };
  return {
    name: 'known',
    sees: new Set([Kind.Control, Kind.Text, Kind.Config, Kind.Audio]),
    run: (message, way) => new KnownFields(context, message, way, pictures).run(),
  };
}

/** Kinds of custom parameters by a part of their name; the first that fits. */
const parameterKinds: readonly (readonly [RegExp, PhiKind])[] = [
  [/mail/iu, 'EMAIL'],
  [/ssn|social/iu, 'SSN'],
  [/dob|birth|date/iu, 'DATE'],
  [/mrn|record|patient_?id|chart/iu, 'MRN'],
  [/member|insur|polic/iu, 'MEMBER'],
  [/addr|street|zip|city/iu, 'ADDRESS'],
  [/phone|mobile|tel|caller_?id|number|^from$|^to$/iu, 'PHONE'],
  [/diagnos|condition/iu, 'CONDITION'],
  [/medic|drug|prescri/iu, 'MEDICATION'],
  [/treat|procedure|service/iu, 'TREATMENT'],
  [/name|caller|patient|client/iu, 'NAME'],
];

/** Shorter values would be found in every second sentence. */
const shortestLesson = 3;

/** A film is a picture each second: all are counted, and the first ones recorded one by one. */
interface Pictures {
  withheld: number;
}

class KnownFields {
  private readonly context: StageContext;
  private readonly message: OpenMessage;
  private readonly way: Way;
  private readonly pictures: Pictures;
  private readonly found: Found = {};
  private decision: Decision = allow;

  constructor(context: StageContext, message: OpenMessage, way: Way, pictures: Pictures) {
    this.context = context;
    this.message = message;
    this.way = way;
    this.pictures = pictures;
  }

  run(): Decision {
    for (const slot of this.message.slots)
      if (slot.known !== undefined && slot.read() !== '') this.apply(slot, slot.known);
    return strictest(this.decision, recordFound(this.context, this.way, this.message.type, this.found));
  }

  private apply(slot: Slot, known: Known): void {
    const { callerWhen } = known;
    if (callerWhen !== undefined && this.message.field(callerWhen.at) === callerWhen.is) this.meet(slot.read());
    if (known.kind !== 'parameter') this.replace(slot, known.kind, known.instead);
    else if (this.context.parameters.has(slot.name)) this.scan(slot);
    else this.parameter(slot);
  }

  /** From here on the records of the call are this person's; so is what went to the vendor, which has to be accounted for. */
  private meet(number: string): void {
    const { call, ports } = this.context;
    if (call.caller !== undefined || !isNumber(number)) return;
    call.caller = number;
    const { route, expectedCallSid: callSid = '' } = call.facts;
    const details = { outcome: 'ok', action: 'R', role: 'recipient', purpose: 'HOPERAT', facts: { route } } as const;
    if (!ports.audit(eventOf(call, 'disclosure.begin', { ...details, sealed: callSid === '' ? {} : { callSid } })))
      this.decision = strictest(this.decision, handoff('AUDIT_UNAVAILABLE'));
  }

  private parameter(slot: Slot): void {
    const kind = parameterKinds.find(([name]) => name.test(slot.name))?.[1];
    if (kind !== undefined) this.learn(kind, slot.read());
    this.replace(slot, kind ?? 'CALL_ID', 'placeholder');
  }

  private scan(slot: Slot): void {
    const { text, found } = this.context.conversation.aside(slot.read(), this.context.clearances[this.way]);
    addCounts(this.found, found);
    slot.write(text);
  }

  private replace(slot: Slot, kind: PhiKind, instead: Known['instead']): void {
    const value = slot.read();
    const clearance = this.context.clearances[this.way][kind];
    if (instead === 'placeholder') this.learn(kind, value);
    if (instead === 'nothing' && clearance !== 'pass') return this.keepBack(kind);
    addCounts(this.found, { [kind]: 1 });
    if (clearance === 'pass') return;
    const { aliases } = this.context.call.facts;
    if (instead === 'callAlias') slot.write(aliases.callSid);
    else if (instead === 'accountAlias') slot.write(aliases.accountSid);
    else slot.write(this.context.conversation.standIn(kind, value, this.context.clearances[this.way]));
  }

  private keepBack(kind: PhiKind): void {
    this.message.withhold();
    this.context.call.counters.removed(kind, 1);
    const counts = { [kind]: 1 };
    if (kind === 'PHOTO') this.pictures.withheld += 1;
    if (kind === 'PHOTO' && this.pictures.withheld > bounds.blockedEvents) return;
    const reason = kind === 'PHOTO' ? 'PICTURE_WITHHELD' : 'KEYPAD_WITHHELD';
    const blocked = recordBlocked(this.context, this.way, this.message.type, reason, counts);
    this.decision = strictest(this.decision, blocked);
  }

  private learn(kind: PhiKind, value: string): void {
    if (value.length >= shortestLesson && kind !== 'PHOTO') this.context.conversation.know(kind, value);
  }
}
