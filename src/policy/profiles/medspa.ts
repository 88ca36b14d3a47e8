import { maskEverything, maskIdentifiers, passEverything } from '../clearance.ts';
import type { Profile } from '../clearance.ts';

/** A med spa: its agent must talk of treatments, drugs and skin conditions, but has no need to know whose they are. */
export const medspa: Profile = {
  name: 'medspa',
  clearances: {
    vendor: maskIdentifiers('TREATMENT', 'CONDITION', 'MEDICATION'),
    caller: passEverything,
    app: passEverything,
    tap: maskEverything,
    log: maskEverything,
  },
  handoff: { CRISIS: true, EMERGENCY: true, HUMAN_ASKED: true, THERAPEUTIC_TALK: false },
};
