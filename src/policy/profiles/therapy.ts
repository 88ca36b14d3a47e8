import { maskEverything, passEverything } from '../clearance.ts';
import type { Profile } from '../clearance.ts';

/**
 * A therapy practice: its agent books, moves and bills appointments. What someone suffers from, takes or is treated
 * with says more here than a name, and none of it is needed for a booking.
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
};
