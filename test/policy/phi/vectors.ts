import { isPhiKind } from '../../../src/policy/phi/kinds.ts';
import type { PhiKind } from '../../../src/policy/phi/kinds.ts';
import type { Speaker } from '../../../src/policy/phi/recognizer.ts';

export interface VectorTurn {
  readonly speaker: Speaker;
  readonly text: string;
  /** The text without what is marked. */
  readonly outside: string;
  readonly marks: readonly { readonly kind: PhiKind; readonly words: string }[];
}

const mark = /\[\[([a-z_]+)\|([^\]]+)\]\]/g;

function parseTurn(line: string): VectorTurn {
  const [, said, rest] = /^(?:(agent|caller):\s*)?(.*)$/.exec(line) ?? [];
  const marks = [...(rest ?? '').matchAll(mark)].map(([, name = '', words = '']) => {
    const kind = name.toUpperCase();
    if (!isPhiKind(kind)) throw new Error(`${name} is no kind; line: ${line}`);
    return { kind, words };
  });
  const text = (rest ?? '').replaceAll(mark, '$2');
  return { speaker: said === 'agent' ? 'agent' : 'caller', text, outside: (rest ?? '').replaceAll(mark, ' '), marks };
}

/** Calls are parted by blank lines; `#` begins a comment. */
export function parseVectors(file: string): VectorTurn[][] {
  const calls: VectorTurn[][] = [[]];
  for (const line of file.split('\n')) {
    if (line.startsWith('#')) continue;
    if (line.trim() === '') calls.push([]);
    else calls[calls.length - 1]?.push(parseTurn(line.trim()));
  }
  return calls.filter((turns) => turns.length > 0);
}
