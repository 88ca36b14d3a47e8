import { readFileSync } from 'node:fs';
import type { Speaker } from '../../src/policy/phi/recognizer.ts';

/** A labelled stretch of a turn; offsets are UTF-16 code units, `end` exclusive. */
export interface Label {
  readonly start: number;
  readonly end: number;
  readonly type: string;
}

export interface Turn {
  readonly speaker: Speaker;
  readonly text: string;
  readonly spans: readonly Label[];
}

/** A call, or a piece of one. */
export interface Item {
  readonly id: string;
  readonly source: string;
  readonly tags: readonly string[];
  readonly turns: readonly Turn[];
}

const health = new Set(['CONDITION', 'MEDICATION', 'TREATMENT']);
const neither = new Set(['STAFF', 'ORG', 'IGNORE']);

export const isHealth = (type: string): boolean => health.has(type);
/** Counts neither as a leak when kept nor as an error when redacted. */
export const isNeither = (type: string): boolean => neither.has(type);
export const isIdentifier = (type: string): boolean => !health.has(type) && !neither.has(type);

function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && 'turns' in value && Array.isArray(value.turns) && 'id' in value;
}

/** Reads one JSON item a line. */
export function readItems(file: string): Item[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, index) => {
      const value: unknown = JSON.parse(line);
      if (!isItem(value))
        throw new Error(`${file}:${String(index + 1)} is no labelled item: it needs "id" and "turns"`);
      return value;
    });
}

export const hasIdentifier = (item: Item): boolean =>
  item.turns.some((turn) => turn.spans.some((span) => isIdentifier(span.type)));
