import type { HandoffRules } from './handoff.ts';
import { kinds, phiKinds } from './phi/kinds.ts';
import type { PhiKind } from './phi/kinds.ts';

/** What a party may see of one kind: the words, a placeholder, or a pseudonym that can be turned back for a cleared party. */
export type Clearance = 'pass' | 'mask' | 'token';

/** The clearance of one party, kind by kind. Complete: a kind that nobody decided does not exist. */
export type KindClearance = Readonly<Record<PhiKind, Clearance>>;

/** Who receives text: the AI vendor, the person who calls, the practice's own app, a live tap, the log. */
export const parties = ['vendor', 'caller', 'app', 'tap', 'log'] as const;
export type Party = (typeof parties)[number];

/** A practice type: the minimum necessary of 45 CFR 164.502(b) as a table, and what is a human's to answer. */
export interface Profile {
  readonly name: string;
  readonly clearances: Readonly<Record<Party, KindClearance>>;
  readonly handoff: HandoffRules;
}

/** A complete clearance from what is said of some kinds; the rest gets `otherwise`. */
export function clearanceOf(
  otherwise: Clearance,
  said: Readonly<Partial<Record<PhiKind, Clearance>>> = {},
): KindClearance {
  const clearance: Record<string, Clearance> = {};
  for (const kind of phiKinds) clearance[kind] = said[kind] ?? otherwise;
  if (!isComplete(clearance)) throw new Error('A clearance must name every kind');
  return clearance;
}

const all = new WeakMap<KindClearance, boolean>();

/** May a party with this clearance see every kind? Asked of every text; the answer is worked out once. */
export function seesAll(clearance: KindClearance): boolean {
  const known = all.get(clearance);
  if (known !== undefined) return known;
  const answer = phiKinds.every((kind) => clearance[kind] === 'pass');
  all.set(clearance, answer);
  return answer;
}

function isComplete(clearance: Readonly<Record<string, Clearance>>): clearance is KindClearance {
  return phiKinds.every((kind) => clearance[kind] !== undefined);
}

/** The caller is the individual herself: 45 CFR 164.502(a)(1)(i) lets her hear everything. */
export const passEverything = clearanceOf('pass');
export const maskEverything = clearanceOf('mask');

/** Identifiers masked; of the health kinds, those that are listed pass. */
export function maskIdentifiers(...passing: readonly PhiKind[]): KindClearance {
  for (const kind of passing) if (kinds[kind].group !== 'health') throw new Error(`${kind} is an identifier`);
  return clearanceOf('mask', Object.fromEntries(passing.map((kind): [PhiKind, Clearance] => [kind, 'pass'])));
}
