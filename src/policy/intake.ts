import type { PhiKind } from './phi/kinds.ts';

/**
 * Finds the lines of a script (a greeting, a notice, the instructions of an agent) that invite a caller to say more than
 * an appointment needs. What is never asked for need not be protected: 45 CFR 164.502(b), minimum necessary.
 */
export interface Invitation {
  /** UTF-16 offsets of the words that invite, `end` exclusive. */
  readonly start: number;
  readonly end: number;
  readonly kind: PhiKind;
  readonly advice: Advice;
  readonly sentence: string;
}

/** `avoid`: not to be asked by voice at all. `limit`: only where the booking fails without it. */
export type Advice = 'avoid' | 'limit';

interface Topic {
  readonly kind: PhiKind;
  readonly advice: Advice;
  readonly words: RegExp;
  /** What to do instead. */
  readonly sentence: string;
}

const healthAdvice =
  'Health details are not needed to book: offer appointment types by name, and leave the rest to the clinician';

/** The first topic that matches a stretch of text has it: the narrower ones come first. */
const topics: readonly Topic[] = [
  {
    kind: 'SSN',
    advice: 'avoid',
    words: /\b(?:social security(?: number| card)?|ssn|last four of your social)\b/gu,
    sentence: 'A Social Security number is never needed on the phone',
  },
  {
    kind: 'CARD',
    advice: 'avoid',
    words:
      /\b(?:(?:credit|debit|payment) cards?(?: numbers?| details)?|card numbers?|cvv|security code|expiration date)\b/gu,
    sentence: 'Take payments through a payment page or a payment verb of the carrier, not in the conversation',
  },
  {
    kind: 'MEMBER',
    advice: 'avoid',
    words:
      /\b(?:insurance(?: card| id| member| policy| number| information| details){0,3}|member (?:id|number)|policy number|group number)\b/gu,
    sentence: 'Take insurance details through a form or at the desk',
  },
  {
    kind: 'LICENSE',
    advice: 'avoid',
    words: /\bdriver'?s licen[sc]e(?: number)?\b/gu,
    sentence: 'Identify a person at the visit, not on the phone',
  },
  {
    kind: 'MRN',
    advice: 'avoid',
    words: /\b(?:medical record|chart|patient|client) (?:number|id)\b/gu,
    sentence: 'Find the appointment by name and day; a record number is not needed',
  },
  {
    kind: 'PHOTO',
    advice: 'avoid',
    words: /\b(?:photos?|pictures?|selfies?)\b/gu,
    sentence: 'Pictures of a person are identifiers: take them at the visit or through the portal',
  },
  {
    kind: 'MEDICATION',
    advice: 'avoid',
    words: /\b(?:medications?|medicines?|prescriptions?|drugs?|blood thinners?|supplements?|dosages?)\b/gu,
    sentence: healthAdvice,
  },
  {
    kind: 'CONDITION',
    advice: 'avoid',
    words:
      /\b(?:reason for (?:your|the|their) (?:visit|call|appointment)|brings you in|symptoms?|diagnos[ei]s|diagnosed|medical history|health history|(?:medical|health|skin) (?:conditions?|concerns?|issues?|problems?)|allerg(?:y|ies|ic)|pregnan(?:t|cy)|mental health|depress(?:ed|ion)|anxiety|feeling|going on|bothering you|seems to be the (?:matter|problem)|hurts?|what is wrong|what's wrong)\b/gu,
    sentence: healthAdvice,
  },
  {
    kind: 'TREATMENT',
    advice: 'limit',
    words: /\b(?:treatments?|procedures?|surger(?:y|ies)|injections?)\b/gu,
    sentence: 'Offer the appointment types by name rather than an open question',
  },
  {
    kind: 'EMAIL',
    advice: 'limit',
    words: /\be-?mail(?: address)?\b/gu,
    sentence: 'Send the confirmation by text message to the number that called, unless the caller asks for mail',
  },
  {
    kind: 'DATE',
    advice: 'limit',
    words: /\b(?:date of birth|birth ?date|birthday|dob|when were you born)\b/gu,
    sentence: 'Ask for a birth date only where two people of one name have an appointment',
  },
  {
    kind: 'AGE',
    advice: 'limit',
    words: /\b(?:how old|your age|their age)\b/gu,
    sentence: 'Ask whether the caller is an adult rather than for an age',
  },
  {
    kind: 'ADDRESS',
    advice: 'limit',
    words: /\b(?:(?:home|street|mailing|billing|your|their) address|zip ?code|where (?:do|does) (?:you|they) live)\b/gu,
    sentence: 'An address is not needed to book',
  },
  {
    kind: 'PHONE',
    advice: 'limit',
    words: /\b(?:(?:phone|telephone|cell|mobile|callback|call-?back|contact) number|number to (?:call|reach))\b/gu,
    sentence: 'The number is known from the call: ask only whether another one is better',
  },
  {
    kind: 'NAME',
    advice: 'limit',
    words:
      /\b(?:(?:first|last|full|maiden|your|their|patient'?s?) names?|name (?:and|please)|who am i speaking with)\b/gu,
    sentence: 'A first name is enough to talk; the full name only where the booking needs it',
  },
];

/** Words of a sentence that asks, of the caller or as an instruction to the agent. */
const asking =
  /\b(?:tell me|tell us|give|share|provide|spell|confirm|verify|enter|state|describe|explain|read me|leave|let (?:me|us) know|ask|asks|collect|obtain|gather|record|note down|take down|(?:may|can|could) (?:i|we) (?:have|get|take|ask)|(?:i|we)(?:'ll| will)? need|remind me|what|which|when|where|who|how|do you|are you|have you|did you|is there|upload|send)\b/u;

/** A sentence that asks for less; it takes back an open question too. */
const guarding =
  /\b(?:(?:do not|don't)(?! (?:forget|hesitate))|never|no need|not need|needn't|without|avoid|refrain|rather than|instead of|please keep)\b/u;

const openQuestion =
  /\b(?:how (?:can|may) (?:i|we) help|what can (?:i|we) do for you|tell (?:me|us) (?:more|about it|everything))\b/u;

const openAdvice =
  'An open question invites a medical history: say what the assistant can do, or ask not to share health details';

/** The invitations of a script, in its order. */
export function findInvitations(script: string): Invitation[] {
  const sentences = sentencesOf(script);
  const guarded = sentences.some(({ text }) => guarding.test(text) && mentionsTopic(text));
  return sentences.flatMap(({ text, start }) => {
    if (guarding.test(text)) return [];
    const open = guarded ? [] : openQuestions(text, start);
    return [...open, ...(asking.test(text) ? topicsOf(text, start) : [])].sort(
      (first, second) => first.start - second.start,
    );
  });
}

interface Sentence {
  readonly text: string;
  readonly start: number;
}

/** Lower-cased, with straight apostrophes; both keep the offsets. */
function sentencesOf(script: string): Sentence[] {
  const plain = script.replace(/\u2019/gu, "'").replace(/[A-Z]/gu, (letter) => letter.toLowerCase());
  return Array.from(plain.matchAll(/[^.!?\n]+[.!?\n]?/gu), (match) => ({ text: match[0], start: match.index }));
}

function mentionsTopic(text: string): boolean {
  return /\b(?:medical|health|personal|private|symptoms?|details)\b/u.test(text) || topicsOf(text, 0).length > 0;
}

function openQuestions(text: string, start: number): Invitation[] {
  const match = openQuestion.exec(text);
  if (match === null) return [];
  const from = start + match.index;
  return [{ start: from, end: from + match[0].length, kind: 'CONDITION', advice: 'limit', sentence: openAdvice }];
}

function topicsOf(text: string, start: number): Invitation[] {
  const found: Invitation[] = [];
  for (const { kind, advice, words, sentence } of topics) {
    for (const match of text.matchAll(words)) {
      const [from, end] = [start + match.index, start + match.index + match[0].length];
      if (found.some((other) => from < other.end && other.start < end)) continue;
      found.push({ start: from, end, kind, advice, sentence });
    }
  }
  return found;
}
