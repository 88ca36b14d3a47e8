import type { Profile } from '../clearance.ts';
import { cosmetic } from './cosmetic.ts';
import { medspa } from './medspa.ts';
import { therapy } from './therapy.ts';

export const profiles = { medspa, therapy, cosmetic } as const satisfies Record<string, Profile>;
export type ProfileName = keyof typeof profiles;
