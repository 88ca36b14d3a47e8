import { allow, strictest, type Decision } from '../policy/decision.ts';
import type { KindCounts } from '../policy/phi/stream.ts';
import { parseInner } from './json.ts';
import { bounds } from './limits.ts';
import { Kind, Way, ways, type OpenMessage, type Slot } from './protocol.ts';
import { showAddress, showJson } from './embedded.ts';
import { addCounts, recordBlocked, recordFound, type Found, type StageContext } from './stage.ts';
import { Recent, Utterances, type Utterance } from './utterances.ts';

/** What became of one message so far. */
export interface Pass {
  readonly message: OpenMessage;
  readonly way: Way;
  readonly now: number;
  readonly found: Found;
  decision: Decision;
  overBudget: boolean;
}

/** The texts of one call: which utterance a string belongs to, what of it may leave, and what was said before. */
export class Redactor {
  private readonly context: StageContext;
  private readonly utterances = new Utterances();
  private readonly finished = new Recent(bounds.finishedTexts);
  private readonly labels = new Recent(bounds.echoes);
  private spoken = 0;

  constructor(context: StageContext) {
    this.context = context;
  }

  /** What of this string may leave now. */
  show(slot: Slot, text: string, pass: Pass): string {
    return (isWhole(slot) ? this.inner(slot, text, pass) : undefined) ?? this.showText(slot, text, pass);
  }

  /** JSON in a string has to stay JSON, also where its pieces were let go before it came whole. */
  private inner(slot: Slot, text: string, pass: Pass): string | undefined {
    const spoken = slot.mode === 'finish' ? this.utterances.get(pass.way, slot.key) : undefined;
    if (spoken !== undefined && parseInner(text) !== undefined) this.note(pass, this.flush(spoken));
    // A letter that was written as an escape was not seen in the pieces.
    const before = slot.mode === 'aside' || text.includes('\\u') ? undefined : this.finished.get(pass.way, text);
    if (before !== undefined && parseInner(before) !== undefined) return before;
    let found: KindCounts = {};
    const shown = showJson(text, (each) => {
      const redacted = this.context.conversation.aside(each, this.context.clearances[pass.way]);
      found = redacted.found;
      return redacted.text;
    });
    if (shown === undefined) return undefined;
    addCounts(pass.found, found);
    return shown;
  }

  private showText(slot: Slot, text: string, pass: Pass): string {
    switch (slot.mode) {
      case 'delta':
        return this.append(slot, text, pass);
      case 'finish':
        return this.complete(slot, text, pass);
      case 'cumulative':
        return this.restate(slot, text, slot.last, pass);
      case 'whole':
        return this.restate(slot, text, true, pass);
      case 'history':
        return this.finished.get(pass.way, text) ?? this.restate(slot, text, slot.last, pass);
      case 'repeat':
        return this.finished.get(pass.way, text) ?? this.aside(text, pass);
      case 'echo':
        return this.echo(text, pass);
      case 'address':
        return showAddress(text, (each) => this.aside(each, pass));
      case 'hint':
        return this.aside(text, pass, true);
      case 'aside':
        break;
    }
    return this.aside(text, pass);
  }

  /** What a text that is part of no utterance would be shown as, without remembering or counting it. */
  glimpse(slot: Slot, text: string, way: Way): string {
    const stream = this.context.conversation.utterance(slot.speaker, this.context.clearances[way]);
    return stream.restate(text, false);
  }

  /** A finished text of this way that holds all of these words, as it was and as it was shown. */
  remembered(way: Way, words: string): readonly [original: string, shown: string] | undefined {
    return this.finished.find(way, words);
  }

  /** The rest of the utterances with this name leaves in frames of its own, before the message in hand. */
  finish(name: string, pass: Pass): void {
    for (const utterance of this.utterances.named(pass.way, name)) this.note(pass, this.flush(utterance));
  }

  /** Somebody broke in, or took it back: the rest will not be said, and what is held is dropped. */
  cut(name: string, pass: Pass): void {
    for (const way of ways)
      for (const utterance of this.utterances.named(way, name)) {
        utterance.stream.flush();
        this.note(pass, this.close(utterance));
      }
  }

  /** Held text whose end did not come in time leaves masked; where no end is ever marked, silence is the end. */
  expire(now: number): Decision {
    let decision: Decision = allow;
    for (const utterance of this.utterances.all()) {
      const { heldSince, spokenAt, carrier } = utterance;
      if (heldSince !== undefined && now - heldSince > bounds.heldMs)
        decision = strictest(decision, this.maskHeld(utterance));
      if (carrier?.slot.endsWithSilence === true && now - spokenAt > bounds.silenceMs)
        decision = strictest(decision, this.flush(utterance));
    }
    return decision;
  }

  private maskHeld(utterance: Utterance): Decision {
    utterance.heldSince = undefined;
    this.context.call.counters.expired();
    this.sendAlone(utterance, utterance.stream.expire());
    return recordBlocked(this.context, utterance.way, utterance.type, 'HELD_TOO_LONG');
  }

  end(): void {
    for (const utterance of this.utterances.all()) this.close(utterance);
  }

  note(pass: Pass, decision: Decision): void {
    pass.decision = strictest(pass.decision, decision);
  }

  private append(slot: Slot, delta: string, pass: Pass): string {
    const utterance = this.utteranceOf(slot, pass);
    const pushed = utterance.stream.push(delta);
    const text = slot.last ? pushed + utterance.stream.flush() : pushed;
    remember(utterance, delta, text);
    utterance.carrier = { message: pass.message, slot };
    utterance.spokenAt = pass.now;
    if (utterance.stream.held === 0) utterance.heldSince = undefined;
    else if (text !== '' || utterance.heldSince === undefined) utterance.heldSince = pass.now;
    if (slot.last) this.note(pass, this.conclude(utterance));
    else this.tell(utterance, false);
    return text;
  }

  /** The whole of what came in deltas. Where it is something else, it is looked at as the copy of a text. */
  private complete(slot: Slot, whole: string, pass: Pass): string {
    const utterance = this.utterances.get(pass.way, slot.key);
    if (utterance === undefined) return this.finished.get(pass.way, whole) ?? this.restate(slot, whole, true, pass);
    this.note(pass, this.flush(utterance));
    return this.finished.get(pass.way, whole) ?? this.aside(whole, pass);
  }

  private flush(utterance: Utterance): Decision {
    const rest = utterance.stream.flush();
    remember(utterance, '', rest);
    if (rest !== '') this.sendAlone(utterance, rest);
    return this.conclude(utterance);
  }

  /** In the form of the frame that brought the last piece, and nothing else of that frame. */
  private sendAlone({ carrier, way }: Utterance, text: string): void {
    if (carrier === undefined) return;
    const { message, slot } = carrier;
    this.context.outbox.push({ way, kind: message.kind, data: message.solo(slot, text), binary: message.binary });
  }

  private restate(slot: Slot, whole: string, last: boolean, pass: Pass): string {
    const utterance = this.utteranceOf(slot, pass);
    const text = utterance.stream.restate(whole, last);
    utterance.original = whole;
    utterance.released = text;
    if (last) this.note(pass, this.conclude(utterance));
    else this.tell(utterance, false);
    return text;
  }

  private aside(text: string, pass: Pass, hint = false): string {
    const redacted = this.context.conversation.aside(text, this.context.clearances[pass.way], hint);
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
    this.spoken += 1;
    const utterance: Utterance = {
      way,
      key: slot.key,
      number: this.spoken,
      speaker: slot.speaker,
      stream: this.context.conversation.utterance(slot.speaker, this.context.clearances[way]),
      type: message.type,
      kind: message.kind,
      carrier: undefined,
      heldSince: undefined,
      spokenAt: pass.now,
      original: '',
      released: '',
    };
    const evicted = this.utterances.add(utterance);
    if (evicted !== undefined) this.note(pass, this.close(evicted));
    return utterance;
  }

  private conclude(utterance: Utterance): Decision {
    this.finished.set(utterance.way, utterance.original, utterance.released);
    return this.close(utterance);
  }

  /** For whoever reads along: talk, and not what a configuration says. */
  private tell(utterance: Utterance, final: boolean): void {
    if (utterance.kind === Kind.Text) this.context.ports.transcript?.(utterance, final);
  }

  private close(utterance: Utterance): Decision {
    this.utterances.delete(utterance);
    this.tell(utterance, true);
    return recordFound(this.context, utterance.way, utterance.type, utterance.stream.found);
  }
}

function isWhole({ mode }: Slot): boolean {
  return mode === 'aside' || mode === 'finish' || mode === 'repeat' || mode === 'history';
}

function remember(utterance: Utterance, original: string, released: string): void {
  if (utterance.original.length > bounds.finishedTextLength) return;
  utterance.original += original;
  utterance.released += released;
}

function otherWay(way: Way): Way {
  return way === Way.toVendor ? Way.toCaller : Way.toVendor;
}
