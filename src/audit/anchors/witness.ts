import { createPublicKey, verify } from 'node:crypto';
import type { Anchor, StoredLog } from '../anchor.ts';
import { parseNote, parseSignedText, publicKeyHeader, type ParsedNote } from '../checkpoint.ts';
import { makeDirectoryDurably, readIfPresent, replaceFile, type FileLayer } from '../durable.ts';
import { AuditFault } from '../log.ts';
import { provePath } from '../prove.ts';
import { sha256 } from '../tree.ts';

export interface WitnessOptions {
  /** Submission prefix, `https://witness.example/`. */
  readonly url: string;
  /** Its verifier key: name, id and an Ed25519 key of type 0x04 (C2SP tlog-cosignature). */
  readonly vkey: string;
  /** The log's directory: consistency is proven from it, and cosigned notes are kept in it. */
  readonly directory: string;
  readonly files: FileLayer;
  /** ms. */
  readonly timeout?: number;
}

interface WitnessKey {
  readonly name: string;
  readonly id: Buffer;
  readonly raw: Buffer;
}

const cosignatureType = 4;
const timestampLength = 8;
const signatureLength = 64;

/** A C2SP tlog-witness. It cosigns only what continues what it cosigned before. */
export function openWitness(options: WitnessOptions): Anchor {
  const key = parseWitnessKey(options.vkey);
  if (key === undefined)
    throw new AuditFault('ANCHOR_KEY', 'The key of the witness is not a cosigner vkey of type 0x04', 78);
  const path = `${options.directory}/witness/${key.id.toString('hex')}.note`;
  const keptSize = async (): Promise<number> => {
    const note = await readIfPresent(options.files, path);
    return (note === undefined ? undefined : parseNote(note.toString('utf8')))?.checkpoint.size ?? 0;
  };
  const keep = async (note: string): Promise<void> => {
    const first = await submit(options, note, await keptSize());
    // 409: it cosigned another size last, and tells which.
    const answer = first.status === 409 ? await submit(options, note, toldSize(first.text)) : first;
    if (answer.status !== 200) throw refused(answer.status);
    const cosigned = cosignatureOf(note, answer.text, key);
    if (cosigned === undefined)
      throw new AuditFault('ANCHOR_SIGNATURE', 'The witness answered with no valid cosignature', 75);
    await makeDirectoryDurably(options.files, `${options.directory}/witness`);
    await replaceFile(options.files, path, Buffer.from(`${note}${cosigned}\n`), 0o644);
  };
  const knowsMore = async ({ size, note }: StoredLog): Promise<boolean> => {
    // A log that signed nothing yet is one that no witness knows.
    if (note === undefined) return false;
    const answer = await submit(options, note, 0);
    if (answer.status === 409) return toldSize(answer.text) > size;
    if (answer.status === 200) return false;
    throw refused(answer.status);
  };
  return { name: `witness ${key.name}`, keep, knowsMore };
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function submit(
  { url, directory, files, timeout = 10_000 }: WitnessOptions,
  note: string,
  older: number,
): Promise<Answer> {
  const path = await provePath(directory, older, note, files);
  const body = [`old ${older}`, ...path, '', note].join('\n');
  const signal = AbortSignal.timeout(timeout);
  return fetch(new URL('add-checkpoint', url), { method: 'POST', body, redirect: 'error', signal }).then(
    async (response) => ({ status: response.status, text: await response.text() }),
    (error: unknown) => {
      throw new AuditFault('ANCHOR_AWAY', 'The witness does not answer', 75, error);
    },
  );
}

function toldSize(text: string): number {
  const size = /^(0|[1-9]\d{0,14})\n$/.exec(text)?.[1];
  if (size === undefined) throw refused(409);
  return Number(size);
}

function refused(status: number): AuditFault {
  return new AuditFault('ANCHOR_REFUSED', `The witness did not cosign (status ${status})`, 75);
}

/** The signature line of this witness that holds, or undefined. */
function cosignatureOf(note: string, lines: string, key: WitnessKey): string | undefined {
  const parsed: ParsedNote | undefined = parseNote(note);
  const signed = parsed === undefined ? undefined : parseSignedText(`${parsed.text}\n${lines}`);
  const own = signed?.signatures.find(({ name, id }) => name === key.name && id.equals(key.id));
  if (signed === undefined || own?.signature.length !== timestampLength + signatureLength) return undefined;
  const time = own.signature.readBigUInt64BE(0);
  const message = Buffer.from(`cosignature/v1\ntime ${time}\n${signed.text}`);
  const publicKey = createPublicKey({ key: Buffer.concat([publicKeyHeader, key.raw]), format: 'der', type: 'spki' });
  if (!verify(null, message, publicKey, own.signature.subarray(timestampLength))) return undefined;
  return `\u2014 ${own.name} ${Buffer.concat([own.id, own.signature]).toString('base64')}`;
}

/** True for the verifier key of a cosigner: what {@link openWitness} takes. */
export function isWitnessKey(vkey: string): boolean {
  return parseWitnessKey(vkey) !== undefined;
}

function parseWitnessKey(vkey: string): WitnessKey | undefined {
  const [, name = '', id = '', encoded = ''] = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(vkey) ?? [];
  const typed = Buffer.from(encoded, 'base64');
  if (typed.length !== 33 || typed[0] !== cosignatureType) return undefined;
  const own = sha256(Buffer.concat([Buffer.from(`${name}\n`), typed])).subarray(0, 4);
  return own.toString('hex') === id ? { name, id: own, raw: typed.subarray(1) } : undefined;
}
