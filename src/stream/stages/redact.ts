import { allow, strictest, type Decision } from '../../policy/decision.ts';
import { maskedWhole } from '../../policy/phi/redact.ts';
import { bounds } from '../limits.ts';
import { Kind, Way, type OpenMessage, type Slot } from '../protocol.ts';
import { addCounts, recordBlocked, recordFound, type Found, type Stage, type StageContext } from '../stage.ts';
import { Recent, Utterances, type Utterance } from '../utterances.ts';

/** Takes the identifiers out of every string of a message: the declared ones in their dialogue, then all others. */
export function redactStage(context: StageContext): Stage {
  return new RedactStage(context);
}

/** What became of one message so far. */
interface Pass {
  readonly message: OpenMessage;
  readonly way: Way;
  readonly now: number;
  readonly found: Found;
  decision: Decision;
  overBudget: boolean;
}

class RedactStage implements Stage {
  readonly name = 'redact';
  readonly sees = new Set(Object.values(Kind));
  private readonly context: StageContext;
  private readonly utterances = new Utterances();
  private readonly finished = new Recent(bounds.finishedTexts);
  private readonly labels = new Recent(bounds.echoes);

  constructor(context: StageContext) {
    this.context = context;
  }

  run(message: OpenMessage, way: Way, now: number): Decision {
    const pass: Pass = { message, way, now, found: {}, decision: allow, overBudget: false };
    for (const key of message.cuts) this.cut(way, key, pass);
    for (const slot of message.slots) if (slot.known === undefined) this.redact(slot, pass);
    for (const slot of message.sweep()) this.redact(slot, pass);
    this.note(pass, recordFound(this.context, way, message.type, pass.found));
    if (pass.overBudget) this.note(pass, recordBlocked(this.context, way, message.type, 'REDACTION_OVER_BUDGET'));
    return pass.decision;
  }

  expire(now: number): Decision {
    let decision: Decision = allow;
    for (const utterance of this.utterances.all()) {
      const { carrier, heldSince, stream, way, type } = utterance;
      if (carrier === undefined || heldSince === undefined || now - heldSince <= bounds.heldMs) continue;
      utterance.heldSince = undefined;
      carrier.slot.write(stream.expire());
      this.context.call.counters.expired();
      this.context.outbox.push({ way, message: carrier.message });
      decision = strictest(decision, recordBlocked(this.context, way, type, 'HELD_TOO_LONG'));
    }
    return decision;
  }

  end(): void {
    for (const utterance of this.utterances.all()) this.close(utterance);
  }

  /** Writes what may leave now. Over the budget the result is thrown away, yet a stream has taken its piece. */
  private redact(slot: Slot, pass: Pass): void {
    const late = this.isLate();
    if (late && slot.mode !== 'delta' && slot.mode !== 'cumulative') return this.mask(slot, pass);
    const before = slot.read();
    const text = this.textFor(slot, before, pass);
    if (this.isLate()) this.mask(slot, pass);
    else if (text !== before) slot.write(text);
    if (text === '' && before !== '' && slot.silentWhenEmpty && !slot.last) pass.message.withhold();
  }

  private isLate(): boolean {
    const { ports, frameStartedAt, limits } = this.context;
    return ports.clock() - frameStartedAt > limits.frameBudgetMs;
  }

  private mask(slot: Slot, pass: Pass): void {
    slot.write(maskedWhole(slot.read()));
    pass.overBudget = true;
    this.context.call.counters.overBudget();
  }

  private textFor(slot: Slot, text: string, pass: Pass): string {
    switch (slot.mode) {
      case 'delta':
        return this.append(slot, text, pass);
      case 'cumulative':
        return this.restate(slot, text, slot.last, pass);
      case 'whole':
        return this.restate(slot, text, true, pass);
      case 'history':
        return this.finished.get(pass.way, text) ?? this.restate(slot, text, true, pass);
      case 'repeat':
        return this.finished.get(pass.way, text) ?? this.aside(text, pass);
      case 'echo':
        return this.echo(text, pass);
      case 'aside':
        break;
    }
    return this.aside(text, pass);
  }

  private append(slot: Slot, delta: string, pass: Pass): string {
    const utterance = this.utteranceOf(slot, pass);
    const pushed = utterance.stream.push(delta);
    const text = slot.last ? pushed + utterance.stream.flush() : pushed;
    if (utterance.original.length <= bounds.finishedTextLength) {
      utterance.original += delta;
      utterance.released += text;
    }
    utterance.carrier = { message: pass.message, slot };
    if (utterance.stream.held === 0) utterance.heldSince = undefined;
    else if (text !== '' || utterance.heldSince === undefined) utterance.heldSince = pass.now;
    if (slot.last) this.finish(utterance, pass);
    return text;
  }

  private restate(slot: Slot, whole: string, last: boolean, pass: Pass): string {
    const utterance = this.utteranceOf(slot, pass);
    const text = utterance.stream.restate(whole, last);
    utterance.original = whole;
    utterance.released = text;
    if (last) this.finish(utterance, pass);
    return text;
  }

  private aside(text: string, pass: Pass): string {
    const redacted = this.context.conversation.aside(text, this.context.clearances[pass.way]);
    addCounts(pass.found, redacted.found);
    return redacted.text;
  }

  /** A label that passed on its way to one party comes back as it was: the party that chose it knows it. */
  private echo(label: string, pass: Pass): string {
    if (this.labels.get(otherWay(pass.way), label) !== undefined) return label;
    const text = this.aside(label, pass);
    if (text === label) this.labels.set(pass.way, label, label);
    return text;
  }

  private utteranceOf(slot: Slot, pass: Pass): Utterance {
    const { way, message } = pass;
    const known = this.utterances.get(way, slot.key);
    if (known !== undefined) return known;
    const stream = this.context.conversation.utterance(slot.speaker, this.context.clearances[way]);
    const utterance: Utterance = {
      way,
      key: slot.key,
      stream,
      type: message.type,
      carrier: undefined,
      heldSince: undefined,
      original: '',
      released: '',
    };
    const evicted = this.utterances.add(utterance);
    if (evicted !== undefined) this.note(pass, this.close(evicted));
    return utterance;
  }

  private finish(utterance: Utterance, pass: Pass): void {
    this.finished.set(utterance.way, utterance.original, utterance.released);
    this.note(pass, this.close(utterance));
  }

  /** The other side broke in: the rest of the utterance will not be said, and what is held is dropped. */
  private cut(way: Way, key: string, pass: Pass): void {
    const utterance = this.utterances.get(otherWay(way), key);
    if (utterance === undefined) return;
    utterance.stream.flush();
    this.note(pass, this.close(utterance));
  }

  private close(utterance: Utterance): Decision {
    this.utterances.delete(utterance);
    return recordFound(this.context, utterance.way, utterance.type, utterance.stream.found);
  }

  private note(pass: Pass, decision: Decision): void {
    pass.decision = strictest(pass.decision, decision);
  }
}

function otherWay(way: Way): Way {
  return way === Way.toVendor ? Way.toCaller : Way.toVendor;
}
