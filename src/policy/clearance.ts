import type { PhiKind } from './phi/kinds.ts';

/** What a party may see of one kind: the words, a placeholder, or a pseudonym that can be turned back for a cleared party. */
export type Clearance = 'pass' | 'mask' | 'token';

/** The clearance of one party, kind by kind. Complete: a kind that nobody decided does not exist. */
export type KindClearance = Readonly<Record<PhiKind, Clearance>>;
