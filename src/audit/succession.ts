import { join } from 'node:path';
import { isSigned, parseSignedText, parseVerifierKey, signNote, type Signer, type VerifierKey } from './checkpoint.ts';
import { readIfPresent, type FileLayer } from './durable.ts';
import type { Layout } from './layout.ts';

const title = 'chaperone-audit/1 key';
const lostTitle = 'chaperone-audit/1 key, the one before is lost';

/** The keys of a log, each with the sizes that it may sign. */
export interface Successions {
  readonly keys: readonly VerifierKey[];
  /** Why a note of a new key is not believed, in a few words. */
  readonly fault: string | undefined;
}

/** The note of a new key lies under the number from which on it signs. */
export function successionPath(layout: Layout, from: number): string {
  return join(layout.successions, `${from.toString(16).padStart(16, '0')}.note`);
}

/**
 * The note that hands over from one key to the next: both sign it, so that neither can be named without its holder. Where
 * the old one is lost only the new one does, and nobody believes it who was not told the new key.
 */
export function signSuccession(from: number, before: VerifierKey, next: Signer, old: Signer | undefined): string {
  const head = old === undefined ? lostTitle : title;
  const text = `${head}\n${next.name}\nfrom ${from}\n${before.vkey}\n${next.vkey}\n`;
  const note = signNote(text, next);
  return old === undefined ? note : `${note}${signNote(text, old).slice(text.length + 1)}`;
}

/** Reads how the signing key of a log was replaced, from the keys that `log.json` names on. */
export async function readSuccessions(
  files: FileLayer,
  layout: Layout,
  first: readonly VerifierKey[],
): Promise<Successions> {
  const keys = [...first];
  for (const from of await successionNumbers(files, layout)) {
    const note = (await readIfPresent(files, successionPath(layout, from)))?.toString('utf8') ?? '';
    const before = keys.at(-1);
    const next = before === undefined ? undefined : parseSuccession(note, from, before);
    if (before === undefined || next === undefined) {
      return {
        keys,
        fault: `The note of the key that signs from record ${from} on is not signed by the key before it`,
      };
    }
    keys[keys.length - 1] = { ...before, until: from };
    keys.push(next);
  }
  return { keys, fault: undefined };
}

async function successionNumbers(files: FileLayer, layout: Layout): Promise<number[]> {
  return (await files.list(layout.successions))
    .flatMap((name) => /^([0-9a-f]{16})\.note$/.exec(name)?.[1] ?? [])
    .map((digits) => Number.parseInt(digits, 16))
    .sort((first, second) => first - second);
}

function parseSuccession(note: string, from: number, before: VerifierKey): VerifierKey | undefined {
  const signed = parseSignedText(note);
  const [head, name, number, old, vkey = '', ...rest] = signed?.text.split('\n') ?? [];
  const next = parseVerifierKey(vkey);
  if (signed === undefined || next === undefined || next.name !== name || name !== before.name) return undefined;
  if (number !== `from ${from}` || old !== before.vkey || rest.join('') !== '' || from <= (before.from ?? 0))
    return undefined;
  if (!isSigned(signed, [next])) return undefined;
  if (head === lostTitle) return { ...next, from, isUnannounced: true };
  return head === title && isSigned(signed, [before]) ? { ...next, from } : undefined;
}
