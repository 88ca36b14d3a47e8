import { maskEverything, maskIdentifiers, passEverything } from '../clearance.ts';
import type { Profile } from '../clearance.ts';

/** A cosmetic practice: as a med spa, its agent talks of procedures and what speaks against them, without knowing whose they are. */
export const cosmetic: Profile = {
  name: 'cosmetic',
  clearances: {
    vendor: maskIdentifiers('TREATMENT', 'CONDITION', 'MEDICATION'),
    caller: passEverything,
    app: passEverything,
    tap: maskEverything,
    log: maskEverything,
  },
  handoff: { CRISIS: true, EMERGENCY: true, HUMAN_ASKED: true, THERAPEUTIC_TALK: false },
};
