import { availableParallelism } from 'node:os';
import type { Config } from '../config.ts';

/** How many processes are to carry calls. */
export function workerCount({ workers }: Config): number {
  return workers === 'auto' ? availableParallelism() : workers;
}
