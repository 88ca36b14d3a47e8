/**
 * Business associate agreements as data: what must stand in one, and in which state one is on a day.
 *
 * A date is a calendar day `YYYY-MM-DD` in the time zone of the practice; such days compare as strings.
 */

/** What an agreement has to say: 45 CFR 164.504(e)(2) and, for electronic PHI, 164.314(a)(2)(i). */
export const agreementPoints = {
  'permitted-uses': { cite: '164.504(e)(2)(i)', asks: 'says which uses and disclosures are permitted' },
  'no-other-use': { cite: '164.504(e)(2)(ii)(A)', asks: 'no use or disclosure beyond the agreement or the law' },
  safeguards: { cite: '164.504(e)(2)(ii)(B)', asks: 'appropriate safeguards, and Subpart C for electronic PHI' },
  'report-misuse': { cite: '164.504(e)(2)(ii)(C)', asks: 'reports misuse and breaches to the practice' },
  subcontractors: { cite: '164.504(e)(2)(ii)(D)', asks: 'binds its subcontractors to the same terms' },
  access: { cite: '164.504(e)(2)(ii)(E)', asks: 'makes PHI available for access (164.524)' },
  amendment: { cite: '164.504(e)(2)(ii)(F)', asks: 'makes PHI available for amendment (164.526)' },
  accounting: { cite: '164.504(e)(2)(ii)(G)', asks: 'makes available what an accounting needs (164.528)' },
  'delegated-duties': { cite: '164.504(e)(2)(ii)(H)', asks: 'carries out duties of the practice as the practice must' },
  'books-open': { cite: '164.504(e)(2)(ii)(I)', asks: 'opens its books and records to the Secretary of HHS' },
  'return-or-destroy': { cite: '164.504(e)(2)(ii)(J)', asks: 'returns or destroys PHI at the end where feasible' },
  termination: { cite: '164.504(e)(2)(iii)', asks: 'the practice may terminate on a material violation' },
  'security-rule': { cite: '164.314(a)(2)(i)(A)', asks: 'complies with the Security Rule' },
  'subcontractor-security': { cite: '164.314(a)(2)(i)(B)', asks: 'its subcontractors comply with the Security Rule' },
  'report-incidents': { cite: '164.314(a)(2)(i)(C)', asks: 'reports security incidents to the practice' },
} as const satisfies Record<string, { readonly cite: string; readonly asks: string }>;

export type AgreementPoint = keyof typeof agreementPoints;

/** A recorded agreement. `expires` is the last day on which it is in force. */
export interface Agreement {
  /** Legal name of the other side. */
  readonly counterparty: string;
  readonly signed: string;
  readonly effective: string;
  readonly expires: string;
  /** The signed document, as the configuration names it. */
  readonly document: string;
  /** SHA-256 of the document when it was recorded, lower-case hex. */
  readonly sha256: string;
  /** SHA-256 of the document as it was found when the configuration was loaded. */
  readonly foundSha256: string;
  readonly points: readonly AgreementPoint[];
  /** Where an incident is reported. */
  readonly incidentContact: string | undefined;
}

export type AgreementState = 'missing' | 'document-changed' | 'incomplete' | 'not-effective' | 'expired' | 'live';

/** The days before the last day on which a warning is due, the most urgent last. */
export const warningDays = [30, 7, 1] as const;

export interface AgreementStanding {
  readonly state: AgreementState;
  /** Days until `expires`; 0 on the last day, negative afterwards. Undefined without an agreement. */
  readonly daysLeft: number | undefined;
  /** The smallest of {@link warningDays} that has been reached by an agreement that is still in force. */
  readonly warning: (typeof warningDays)[number] | undefined;
  readonly missingPoints: readonly AgreementPoint[];
}

/** The standing of an agreement on a day. What is worst is named first: no document outranks every date. */
export function agreementStanding(agreement: Agreement | undefined, today: string): AgreementStanding {
  if (agreement === undefined) {
    return { state: 'missing', daysLeft: undefined, warning: undefined, missingPoints: [] };
  }
  const missingPoints = missingFrom(agreement.points);
  const state = stateOf(agreement, missingPoints, today);
  const daysLeft = daysBetween(today, agreement.expires);
  const inForce = state !== 'expired' && daysLeft >= 0;
  const warning = inForce ? warningDays.findLast((days) => daysLeft <= days) : undefined;
  return { state, daysLeft, warning, missingPoints };
}

function stateOf(agreement: Agreement, missingPoints: readonly AgreementPoint[], today: string): AgreementState {
  if (agreement.sha256 !== agreement.foundSha256) return 'document-changed';
  if (missingPoints.length > 0) return 'incomplete';
  if (today < agreement.effective) return 'not-effective';
  if (today > agreement.expires) return 'expired';
  return 'live';
}

function missingFrom(points: readonly AgreementPoint[]): AgreementPoint[] {
  const ticked = new Set<string>(points);
  return Object.keys(agreementPoints)
    .filter(isAgreementPoint)
    .filter((point) => !ticked.has(point));
}

export function isAgreementPoint(name: string): name is AgreementPoint {
  return Object.hasOwn(agreementPoints, name);
}

const dayMs = 86_400_000;

/** Whole days from one calendar day to another; negative when `to` is earlier. NaN for anything but two real days. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs;
}

/** The calendar day at an instant (milliseconds since 1970 UTC) in an IANA time zone. */
export function dayAt(instant: number, timeZone: string): string {
  // The Swedish locale writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(instant);
}
