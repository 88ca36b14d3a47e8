import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { hashLength, sha256 } from './tree.ts';

/** What a signed note says: this log had this many records, and this was the root over them (C2SP tlog-checkpoint). */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

/** A public key under its name, as `vkey` text carries it (C2SP signed-note). */
export interface VerifierKey {
  readonly name: string;
  readonly id: Buffer;
  readonly key: KeyObject;
  readonly vkey: string;
  /** The key signs trees of more records than this; 0 for the first key of a log. */
  readonly from?: number;
  /** The key signs no tree of more records than this: another follows. */
  readonly until?: number;
  /** True for a key that the one before it did not hand over to: that was lost. */
  readonly isUnannounced?: boolean;
}

export interface Signer extends VerifierKey {
  sign(text: string): Buffer;
}

const ed25519 = 1;
const rawKeyLength = 32;
const signatureLength = 64;
// The fixed DER around a raw Ed25519 key (RFC 8410): node:crypto reads no raw keys.
const privateKeyHeader = Buffer.from('302e020100300506032b657004220420', 'hex');
/** The fixed DER before a raw Ed25519 public key. */
export const publicKeyHeader = Buffer.from('302a300506032b6570032100', 'hex');
const signatureMark = '\u2014 ';

/** True for a name that may stand in a note: one to 200 visible characters, no `+`. */
export function isOrigin(name: string): boolean {
  return /^[!-*,-~]{1,200}$/.test(name);
}

/** The signer of `name` whose private key is this 32-byte seed. */
export function signerOf(name: string, seed: Buffer): Signer {
  const key = createPrivateKey({ key: Buffer.concat([privateKeyHeader, seed]), format: 'der', type: 'pkcs8' });
  const raw = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-rawKeyLength);
  return { ...verifierOf(name, raw), sign: (text) => sign(null, Buffer.from(text), key) };
}

function verifierOf(name: string, raw: Buffer): VerifierKey {
  const typed = Buffer.concat([Buffer.of(ed25519), raw]);
  const id = sha256(Buffer.concat([Buffer.from(`${name}\n`), typed])).subarray(0, 4);
  const key = createPublicKey({ key: Buffer.concat([publicKeyHeader, raw]), format: 'der', type: 'spki' });
  return { name, id, key, vkey: `${name}+${id.toString('hex')}+${typed.toString('base64')}` };
}

/** The key that a `vkey` text names, or undefined when the text is not one of an Ed25519 key or its id is wrong. */
export function parseVerifierKey(vkey: string): VerifierKey | undefined {
  const parts = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(vkey);
  const [, name = '', , encoded = ''] = parts ?? [];
  const typed = Buffer.from(encoded, 'base64');
  if (!isOrigin(name) || typed.length !== 1 + rawKeyLength || typed[0] !== ed25519) return undefined;
  const verifier = verifierOf(name, typed.subarray(1));
  return verifier.vkey === vkey ? verifier : undefined;
}

/** The signed note of a checkpoint. */
export function signCheckpoint(checkpoint: Checkpoint, signer: Signer): string {
  return signNote(`${checkpoint.origin}\n${checkpoint.size}\n${checkpoint.root.toString('base64')}\n`, signer);
}

/** A text of whole lines with a signature below it (C2SP signed-note). */
export function signNote(text: string, signer: Signer): string {
  const signature = Buffer.concat([signer.id, signer.sign(text)]).toString('base64');
  return `${text}\n${signatureMark}${signer.name} ${signature}\n`;
}

/** A text and the signatures under it. None is checked here. */
export interface SignedText {
  readonly text: string;
  readonly signatures: readonly { readonly name: string; readonly id: Buffer; readonly signature: Buffer }[];
}

/** What a note says of a log. */
export interface ParsedNote extends SignedText {
  readonly checkpoint: Checkpoint;
}

/** Reads a checkpoint's note strictly: one spelling for each value, no extension lines. Undefined for anything else. */
export function parseNote(note: string): ParsedNote | undefined {
  const signed = parseSignedText(note);
  const [, origin = '', size = '', root = ''] =
    /^([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n$/.exec(signed?.text ?? '') ?? [];
  const rootBytes = Buffer.from(root, 'base64');
  const count = Number(size);
  if (signed === undefined || rootBytes.length !== hashLength || !isOrigin(origin)) return undefined;
  if (!isCanonicalBase64(root) || !Number.isSafeInteger(count)) return undefined;
  return { ...signed, checkpoint: { origin, size: count, root: rootBytes } };
}

/** Takes a signed text apart. Undefined when it is none. */
export function parseSignedText(note: string): SignedText | undefined {
  const [, text = '', tail = ''] = /^((?:[^\n]+\n)+)\n((?:\u2014 [^ \n]+ [A-Za-z0-9+/]+=*\n)+)$/.exec(note) ?? [];
  const lines = tail
    .trimEnd()
    .split('\n')
    .map((line) => line.slice(signatureMark.length).split(' '));
  if (text === '' || !lines.every(([, encoded = '']) => isCanonicalBase64(encoded))) return undefined;
  return { text, signatures: lines.map(signatureOf) };
}

/** The spare bits at the end of base64 could otherwise be changed without a trace. */
function isCanonicalBase64(text: string): boolean {
  return Buffer.from(text, 'base64').toString('base64') === text;
}

function signatureOf([name = '', encoded = '']: readonly string[]): SignedText['signatures'][number] {
  const bytes = Buffer.from(encoded, 'base64');
  return { name, id: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}

/** The keys that may sign a tree of this size. */
export function keysFor(keys: readonly VerifierKey[], size: number): VerifierKey[] {
  return keys.filter(({ from = 0, until = Number.POSITIVE_INFINITY }) => size > from && size <= until);
}

/** True when one of the keys signed the note. A signature of a known key that does not hold makes the note false. */
export function isSigned(note: SignedText, keys: readonly VerifierKey[]): boolean {
  const own = note.signatures.flatMap((entry) =>
    keys.filter((key) => key.name === entry.name && key.id.equals(entry.id)).map((key) => ({ key, entry })),
  );
  return own.length > 0 && own.every(({ key, entry }) => signatureHolds(note.text, entry.signature, key));
}

function signatureHolds(text: string, signature: Buffer, key: VerifierKey): boolean {
  return signature.length === signatureLength && verify(null, Buffer.from(text), key.key, signature);
}

/** Splits a file of notes, one after the other, into notes. A last part without its end comes back as it is. */
export function splitNotes(content: string): string[] {
  return content.match(/[^\n]+\n[^\n]*\n[^\n]*\n\n(?:\u2014 [^\n]*\n)+|[^]+$/g) ?? [];
}
