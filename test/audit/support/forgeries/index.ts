import type { Forgery } from '../forge.ts';
import { breaks } from './breaks.ts';
import { bytes } from './bytes.ts';
import { descriptions } from './descriptions.ts';
import { keys } from './keys.ts';
import { notes } from './notes.ts';
import { records } from './records.ts';
import { ends, segments } from './segments.ts';

/** Every way to change a log that must be found. */
export const forgeries: readonly Forgery[] = [
  ...bytes,
  ...records,
  ...ends,
  ...segments,
  ...notes,
  ...descriptions,
  ...breaks,
  ...keys,
];
