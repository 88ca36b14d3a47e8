import { maskEverything, passEverything } from '../clearance.ts';
import type { Profile } from '../clearance.ts';

/**
 * A therapy practice: its agent books, moves and bills appointments. What someone suffers from, takes or is treated
 * with says more here than a name, and none of it is needed for a booking. What a patient wants to say of it is for people:
 * Illinois forbids therapeutic communication by AI (Public Act 104-0054).
 */
export const therapy: Profile = {
  name: 'therapy',
  clearances: {
    vendor: maskEverything,
    caller: passEverything,
    app: passEverything,
    tap: maskEverything,
    log: maskEverything,
  },
  handoff: { CRISIS: true, EMERGENCY: true, HUMAN_ASKED: true, THERAPEUTIC_TALK: true },
};
