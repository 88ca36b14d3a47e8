import { crisisPhrases, crisisSets } from './handoff/crisis.ts';
import { emergencyPhrases, emergencySets, notEmergency } from './handoff/emergency.ts';
import { Hints } from './handoff/hint.ts';
import { indirectPhrases, indirectSets } from './handoff/indirect.ts';
import { notCrisis } from './handoff/not-crisis.ts';
import { notIndirect } from './handoff/not-indirect.ts';
import { notPerson, personPhrases, personSets } from './handoff/person.ts';
import { Phrases, type Heard, type Stretch } from './handoff/phrases.ts';
import { notTherapeutic, therapeuticPhrases, therapeuticSets } from './handoff/therapeutic.ts';
import {
  acceptPhrases,
  declinePhrases,
  notTransfer,
  offerPhrases,
  transferPhrases,
  transferSets,
} from './handoff/transfer.ts';
import { wordsOf } from './handoff/words.ts';
import type { Speaker } from './phi/recognizer.ts';
import type { ReasonCode } from './reason.ts';

/** Why the words of a call need a human, the most urgent first. */
export const humanNeeds = ['CRISIS', 'EMERGENCY', 'HUMAN_ASKED', 'THERAPEUTIC_TALK'] as const satisfies ReasonCode[];
export type HumanNeed = (typeof humanNeeds)[number];

/** What is listened for. */
export interface HandoffRules extends Readonly<Record<HumanNeed, boolean>> {
  /** The key 0, pressed alone, asks for a person. */
  readonly zeroKey?: boolean;
}

export const noHandoff: HandoffRules = { CRISIS: false, EMERGENCY: false, HUMAN_ASKED: false, THERAPEUTIC_TALK: false };

/** A piece of an utterance: appended to what came before under its key, or the whole of it once more. */
export interface Piece {
  readonly speaker: Speaker;
  readonly key: string;
  readonly text: string;
  readonly appended: boolean;
  readonly ended: boolean;
}

class Cause {
  private readonly says: Phrases;
  private readonly unless: Phrases;

  constructor(says: string, unless: string, sets: Readonly<Record<string, string>>) {
    this.says = new Phrases(says, sets);
    this.unless = new Phrases(unless, sets);
  }

  /** The places where a phrase of this cause stands and nothing beside it takes it back. */
  find(heard: Heard): readonly Stretch[] {
    const said = this.says.find(heard).filter(({ end }) => end > heard.from);
    if (said.length === 0) return said;
    const taken = this.unless.find(heard);
    return said.filter((one) => !taken.some((other) => other.start < one.end && one.start < other.end));
  }
}

/** What is listened for, the most urgent first. A named emergency goes before a crisis that is only hinted at. */
const causes: readonly (readonly [need: HumanNeed, cause: Cause | Hints])[] = [
  ['CRISIS', new Cause(crisisPhrases + indirectPhrases, notCrisis + notIndirect, { ...crisisSets, ...indirectSets })],
  ['EMERGENCY', new Cause(emergencyPhrases, notEmergency, emergencySets)],
  ['CRISIS', new Hints()],
  ['HUMAN_ASKED', new Cause(personPhrases, notPerson, personSets)],
  ['THERAPEUTIC_TALK', new Cause(therapeuticPhrases, notTherapeutic, therapeuticSets)],
];

const transfer = new Cause(transferPhrases, notTransfer, transferSets);
const offers = new Phrases(offerPhrases, transferSets);
const accepts = new Phrases(acceptPhrases);
const declines = new Phrases(declinePhrases);

/**
 * Words that must follow before an unfinished utterance counts: "i want to die" may go on with "my hair blonde". The last
 * of them may be the beginning of a word.
 */
const settlingWords = 4;

/** A longer answer to an offer says what it wants by itself. */
const acceptingWords = 5;

/** Words of earlier utterances of a speaker that may begin what the next one completes. */
const rememberedWords = 12;

/** Characters at the end of an unfinished utterance that are looked at: more than the longest phrase takes. */
const recentText = 320;

/** Utterances in several pieces that one call may have open. */
const openTexts = 8;

/**
 * Listens to one call for what needs a human. Its memory is bounded: the last words of the caller, a piece of each open
 * utterance, and whether the agent has just offered a person.
 */
export class HumanWatch {
  private readonly rules: HandoffRules;
  private readonly listens: boolean;
  private readonly open = new Map<string, string>();
  private callerTail: readonly string[] = [];
  private offered = false;
  private undecided: HumanNeed | undefined;

  constructor(rules: HandoffRules) {
    this.rules = rules;
    this.listens = humanNeeds.some((need) => rules[need]);
  }

  /** What the last piece said but its next words may still take back. Whoever has a clock decides after a while. */
  get pending(): HumanNeed | undefined {
    return this.undecided;
  }

  hear(piece: Piece): HumanNeed | undefined {
    if (!this.listens) return undefined;
    const name = nameOf(piece);
    const text = piece.appended ? (this.open.get(name) ?? '') + piece.text : piece.text;
    if (piece.ended || !piece.appended) this.open.delete(name);
    else this.keep(name, text);
    return piece.speaker === 'caller' ? this.hearCaller(text, piece.ended) : this.hearAgent(text, piece.ended);
  }

  /** The agent was interrupted in utterances whose key begins so: what it has said may still have been an offer. */
  interrupt(key: string): void {
    for (const [name, text] of this.openOnes('agent', key)) {
      this.offered = isOffer(wordsOf(text));
      this.open.delete(name);
    }
  }

  /** Utterances of a speaker whose key begins so have ended without more text. */
  finish(speaker: Speaker, key: string): HumanNeed | undefined {
    let need: HumanNeed | undefined;
    for (const [name, text] of this.openOnes(speaker, key)) {
      this.open.delete(name);
      need ??= speaker === 'caller' ? this.hearCaller(text, true) : this.hearAgent(text, true);
    }
    return need;
  }

  private openOnes(speaker: Speaker, key: string): readonly (readonly [name: string, text: string])[] {
    const prefix = nameOf({ speaker, key });
    return [...this.open].filter(([name]) => name.startsWith(prefix));
  }

  private hearCaller(text: string, ended: boolean): HumanNeed | undefined {
    const recent = ended ? text : recentOf(text);
    const words = wordsOf(recent);
    // Of a long unfinished utterance the beginning is not in hand: nothing can stand at its start.
    const heard =
      recent.length < text.length
        ? { words, from: -1, ended }
        : { words: this.callerTail.concat(words), from: this.callerTail.length, ended };
    const need = this.mostUrgent(heard) ?? (ended ? this.answer(words) : undefined);
    if (!ended) return need;
    this.callerTail = heard.words.slice(-rememberedWords);
    this.offered = false;
    return need;
  }

  /** The most urgent need. One that is not settled keeps a lesser one waiting. */
  private mostUrgent(heard: Heard): HumanNeed | undefined {
    this.undecided = undefined;
    const settledTo = heard.ended ? heard.words.length : heard.words.length - settlingWords;
    for (const [need, cause] of causes) {
      if (!this.rules[need]) continue;
      const found = cause.find(heard);
      if (found.some(({ end }) => end <= settledTo)) return need;
      if (found.length === 0) continue;
      this.undecided = need;
      return undefined;
    }
    return undefined;
  }

  private answer(words: readonly string[]): HumanNeed | undefined {
    if (!this.offered || !this.rules.HUMAN_ASKED || words.length > acceptingWords) return undefined;
    const heard = whole(words);
    return accepts.find(heard).length > 0 && declines.find(heard).length === 0 ? 'HUMAN_ASKED' : undefined;
  }

  /** Only a finished sentence of the agent says whether it transfers or asks whether it should. */
  private hearAgent(text: string, ended: boolean): HumanNeed | undefined {
    if (!ended) return undefined;
    const words = wordsOf(text);
    this.offered = isOffer(words);
    if (!this.rules.HUMAN_ASKED || this.offered || text.trimEnd().endsWith('?')) return undefined;
    return transfer.find(whole(words)).length > 0 ? 'HUMAN_ASKED' : undefined;
  }

  private keep(name: string, text: string): void {
    const [oldest] = this.open.keys();
    if (!this.open.has(name) && this.open.size >= openTexts && oldest !== undefined) this.open.delete(oldest);
    // One character more than is looked at tells that there was more.
    this.open.set(name, text.slice(-recentText - 1));
  }
}

/** The end of a text, cut where a word begins. */
function recentOf(text: string): string {
  return text.length <= recentText ? text : text.slice(-recentText).replace(/^\S*\s+/u, '');
}

/** What one complete utterance of a caller asks for, without the dialogue around it. */
export function needIn(text: string, rules: HandoffRules): HumanNeed | undefined {
  return new HumanWatch(rules).hear({ speaker: 'caller', key: '', text, appended: false, ended: true });
}

function isOffer(words: readonly string[]): boolean {
  return offers.find(whole(words)).length > 0;
}

function whole(words: readonly string[]): Heard {
  return { words, from: 0, ended: true };
}

function nameOf({ speaker, key }: Pick<Piece, 'speaker' | 'key'>): string {
  return `${speaker}|${key}`;
}
