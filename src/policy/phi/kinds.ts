/**
 * The kinds of PHI: the 18 identifiers of 45 CFR 164.514(b)(2)(i), with payment cards and keypad digits told apart from
 * the account numbers they belong to, and three kinds of health information. Biometrics (P) and photographs (Q) have no
 * form in text and stand in the table so that it is complete: no recognizer finds them, a protocol may declare them.
 */
export interface KindFacts {
  /** What stands in the text instead of the words. Deterministic: the same for every value of the kind. */
  readonly placeholder: string;
  /** The regulation that names it. */
  readonly citation: string;
  readonly group: 'identifier' | 'health';
}

function identifier(placeholder: string, point: string): KindFacts {
  return { placeholder: `[${placeholder}]`, citation: `45 CFR 164.514(b)(2)(i)(${point})`, group: 'identifier' };
}

function health(placeholder: string): KindFacts {
  return { placeholder: `[${placeholder}]`, citation: '45 CFR 160.103 "Health information"', group: 'health' };
}

export const kinds = {
  NAME: identifier('NAME', 'A'),
  ADDRESS: identifier('ADDRESS', 'B'),
  DATE: identifier('DATE', 'C'),
  AGE: identifier('AGE', 'C'),
  PHONE: identifier('PHONE', 'D'),
  FAX: identifier('FAX', 'E'),
  EMAIL: identifier('EMAIL', 'F'),
  SSN: identifier('SSN', 'G'),
  MRN: identifier('MRN', 'H'),
  MEMBER: identifier('MEMBER', 'I'),
  ACCOUNT: identifier('ACCOUNT', 'J'),
  CARD: identifier('CARD', 'J'),
  LICENSE: identifier('LICENSE', 'K'),
  VEHICLE: identifier('VEHICLE', 'L'),
  DEVICE: identifier('DEVICE', 'M'),
  URL: identifier('URL', 'N'),
  IP: identifier('IP', 'O'),
  BIOMETRIC: identifier('BIOMETRIC', 'P'),
  PHOTO: identifier('PHOTO', 'Q'),
  CALL_ID: identifier('CALL_ID', 'R'),
  KEYPAD: identifier('KEYPAD', 'R'),
  TREATMENT: health('TREATMENT'),
  CONDITION: health('CONDITION'),
  MEDICATION: health('MEDICATION'),
} as const satisfies Record<string, KindFacts>;

export type PhiKind = keyof typeof kinds;

export function isPhiKind(name: string): name is PhiKind {
  return Object.hasOwn(kinds, name);
}

export const phiKinds: readonly PhiKind[] = Object.keys(kinds).filter(isPhiKind);

/** Kinds whose values may have letters. */
export const codeKinds: ReadonlySet<PhiKind> = new Set<PhiKind>([
  'MRN',
  'MEMBER',
  'ACCOUNT',
  'LICENSE',
  'VEHICLE',
  'DEVICE',
]);
