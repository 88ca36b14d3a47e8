import { isOrigin, parseVerifierKey, type VerifierKey } from './checkpoint.ts';
import { readIfPresent, type FileLayer } from './durable.ts';
import { parseObject } from './json.ts';
import type { Layout } from './layout.ts';
import { readSuccessions } from './succession.ts';
import { sha256 } from './tree.ts';

/** What `log.json` says. It never changes: the first record of the log carries its hash. */
export interface LogDescription {
  readonly origin: string;
  /** Id of the practice whose calls are recorded; empty where none was given. */
  readonly practice: string;
  /** Oldest first: those that `log.json` names, and each that followed. */
  readonly keys: readonly VerifierKey[];
  /** Why a key that followed is not believed, in a few words. */
  readonly fault: string | undefined;
  /** SHA-256 of the file. */
  readonly hash: Buffer;
}

/** Names this format and its version. */
export const formatName = 'chaperone-audit/1';

/** The bytes of a new `log.json`. */
export function writeDescription(origin: string, practice: string, vkey: string, created: number): Buffer {
  const description = { format: formatName, origin, practice, created, hash: 'sha-256', vkeys: [{ vkey, from: 0 }] };
  return Buffer.from(`${JSON.stringify(description)}\n`);
}

/** Reads `log.json`; undefined where there is none, a few words where it is damaged. */
export async function readDescription(files: FileLayer, layout: Layout): Promise<LogDescription | string | undefined> {
  const content = await readIfPresent(files, layout.description);
  if (content === undefined) return undefined;
  const description = parseObject(content.toString('utf8'));
  if (description?.['format'] !== formatName || description['hash'] !== 'sha-256')
    return `is not of the format ${formatName}`;
  const { origin, practice, vkeys } = description;
  if (typeof practice !== 'string') return 'names no practice';
  if (typeof origin !== 'string' || !isOrigin(origin) || !Array.isArray(vkeys)) return 'names no origin and keys';
  const keys = vkeys.flatMap((entry: unknown) => parseEntry(entry) ?? []);
  if (keys.length === 0 || keys.length !== vkeys.length) return 'holds a key that cannot be read';
  if (keys.some((key) => key.name !== origin)) return 'holds a key of another origin';
  return { origin, practice, ...(await readSuccessions(files, layout, keys)), hash: sha256(content) };
}

function parseEntry(entry: unknown): VerifierKey | undefined {
  if (typeof entry !== 'object' || entry === null || !('vkey' in entry)) return undefined;
  return typeof entry.vkey === 'string' ? parseVerifierKey(entry.vkey) : undefined;
}
