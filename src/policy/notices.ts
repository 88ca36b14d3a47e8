/**
 * What a caller must be told, by state. The laws were read for telephone calls to a practice; lists of them differ, and
 * counsel has the last word. The practice itself need not be in a state: its callers may be.
 */
// prettier-ignore
export const stateCodes = [
  'AL', 'AK', 'AZ', 'AR', 'CA', 'CO', 'CT', 'DC', 'DE', 'FL', 'GA', 'HI', 'ID', 'IL', 'IN', 'IA', 'KS', 'KY', 'LA',
  'ME', 'MD', 'MA', 'MI', 'MN', 'MS', 'MO', 'MT', 'NE', 'NV', 'NH', 'NJ', 'NM', 'NY', 'NC', 'ND', 'OH', 'OK', 'OR',
  'PA', 'PR', 'RI', 'SC', 'SD', 'TN', 'TX', 'UT', 'VT', 'VA', 'WA', 'WV', 'WI', 'WY',
] as const;
export type StateCode = (typeof stateCodes)[number];

/** What a notice can say: that a machine speaks, that the call is recorded, how to reach a person, and all once more. */
export const noticeParts = ['ai', 'recording', 'person', 'closing'] as const;
export type NoticePart = (typeof noticeParts)[number];

interface StateRule {
  readonly states: readonly StateCode[];
  readonly parts: readonly NoticePart[];
  /** Applies only where the AI may talk of the patient's health; appointments and bills are outside. */
  readonly clinicalOnly?: true;
  readonly law: string;
}

export const stateRules: readonly StateRule[] = [
  { states: ['CA'], parts: ['recording'], law: 'Cal. Penal Code 632, 632.7, 637.2' },
  { states: ['CT'], parts: ['recording'], law: 'Conn. Gen. Stat. 52-570d' },
  { states: ['DE'], parts: ['recording'], law: 'Del. Code tit. 11, 1335, 2402' },
  { states: ['FL'], parts: ['recording'], law: 'Fla. Stat. 934.03, 934.10' },
  { states: ['IL'], parts: ['recording'], law: '720 ILCS 5/14' },
  { states: ['MD'], parts: ['recording'], law: 'Md. Code, Cts. & Jud. Proc. 10-402' },
  { states: ['MA'], parts: ['recording'], law: 'Mass. Gen. Laws ch. 272, 99' },
  { states: ['MI'], parts: ['recording'], law: 'Mich. Comp. Laws 750.539c (on some lists)' },
  { states: ['MT'], parts: ['recording'], law: 'Mont. Code 45-8-213' },
  { states: ['NV'], parts: ['recording'], law: 'Nev. Rev. Stat. 200.620' },
  { states: ['NH'], parts: ['recording'], law: 'N.H. Rev. Stat. 570-A:2' },
  { states: ['PA'], parts: ['recording'], law: '18 Pa. Cons. Stat. 5703, 5704' },
  { states: ['WA'], parts: ['recording'], law: 'Wash. Rev. Code 9.73.030, 9.73.060' },
  {
    states: ['CA'],
    parts: ['ai', 'person', 'closing'],
    clinicalOnly: true,
    law: 'Cal. Health & Safety Code 1339.75 (AB 3030): for audio at the start and at the end',
  },
  { states: ['TX'], parts: ['ai'], law: 'Tex. HB 149 (2026) and Health & Safety Code 183.005 (SB 1188)' },
  {
    states: ['UT'],
    parts: ['ai'],
    law: 'Utah Artificial Intelligence Policy Act (SB 149, SB 226): at the start, spoken',
  },
];

/** One thing that the notice of a route has to say, and who demands it. */
export interface NoticeDuty {
  readonly part: NoticePart;
  /** Empty: the product's own rule, for callers of any state. */
  readonly laws: readonly string[];
}

/**
 * What the notices of a practice must say. Every call is treated as one from a state where all parties must know of the
 * recording, and as one where a machine must say what it is: nobody knows where a caller is. `clinical` is whether the AI
 * may hear or talk of treatments, conditions or medication.
 */
export function noticeDuties(states: readonly StateCode[], clinical: boolean): readonly NoticeDuty[] {
  const rules = stateRules.filter(
    (rule) => (clinical || rule.clinicalOnly === undefined) && rule.states.some((state) => states.includes(state)),
  );
  return noticeParts.flatMap((part) => {
    const laws = rules
      .filter((rule) => rule.parts.includes(part))
      .map((rule) => `${rule.states.join(', ')}: ${rule.law}`);
    return laws.length > 0 || part === 'ai' || part === 'recording' ? [{ part, laws }] : [];
  });
}

/** Words by which a part of a notice is recognised; English, as the notices that chaperone writes. */
const signs: Readonly<Record<Exclude<NoticePart, 'closing'>, RegExp>> = {
  ai: /\b(?:automated|artificial|virtual|digital|AI|A\.I\.|computer|robot|machine|not a (?:human|person))\b/iu,
  recording: /\b(?:record|transcri|monitor)/iu,
  person:
    /\b(?:person|human|representative|receptionist|operator|someone|somebody|staff|front desk|nurse|press (?:0|zero))\b/iu,
};

/** The duties that the words before the stream do not fulfil. The closing is spoken by chaperone and is not among them. */
export function missingFrom(notice: string, duties: readonly NoticeDuty[]): readonly NoticeDuty[] {
  return duties.filter(({ part }) => part !== 'closing' && !signs[part].test(notice));
}

/** What is missing, as a sentence about the notice. */
export function missingSentence({ part, laws }: NoticeDuty): string {
  const demanded = laws.length === 0 ? '' : ` (${laws.join('; ')})`;
  return `${partSentences[part]}${demanded}`;
}

const partSentences: Readonly<Record<NoticePart, string>> = {
  ai: 'does not say that the caller speaks with an automated assistant',
  recording: 'does not say that the call is recorded or transcribed',
  person: 'does not say how to reach a person',
  closing: 'is not repeated at the end of the call',
};

/** Said once more when the AI's part of the call is over, where a state demands it. */
export function closingNotice(duties: readonly NoticeDuty[]): string | undefined {
  return duties.some(({ part }) => part === 'closing') ? 'You were speaking with an automated assistant.' : undefined;
}
