import type { KindClearance } from '../policy/clearance.ts';
import { phiKinds, type PhiKind } from '../policy/phi/kinds.ts';
import type { Config } from './config.ts';

/** Somebody who may read transcripts, as far as the configuration says. */
export interface ReaderPosture {
  readonly id: string;
  /** `webhook at <host>`, or `operator on the admin listener`. */
  readonly how: string;
  readonly purpose: string;
  /** Kinds of which the reader sees the words. */
  readonly sees: readonly PhiKind[];
  /** The entry whose agreement must be in force; undefined for a system of the practice. */
  readonly subProcessor: string | undefined;
}

export function readersOf({ taps, operators }: Config): ReaderPosture[] {
  return [
    ...taps.map(({ id, url, purpose, clearance, subProcessor }) => {
      return { id, how: `webhook at ${new URL(url).host}`, purpose, sees: seenBy(clearance), subProcessor };
    }),
    ...operators
      .filter(({ may }) => may.includes('taps'))
      .map(({ id, purpose, clearance }) => {
        const how = 'operator on the admin listener';
        return { id, how, purpose, sees: seenBy(clearance), subProcessor: undefined };
      }),
  ];
}

function seenBy(clearance: KindClearance): PhiKind[] {
  return phiKinds.filter((kind) => clearance[kind] === 'pass');
}
