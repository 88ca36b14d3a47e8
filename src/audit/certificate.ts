import type { VerifierKey } from './checkpoint.ts';
import type { Custody } from './custody.ts';
import { subjectOf, type EraseReceipt } from './erase.ts';
import { hasStrings, parseObject } from './json.ts';
import { checkProof } from './prove.ts';

/** What a person gets who asked to be forgotten: it names nobody, and can be checked without the log. */
export interface Certificate {
  readonly certificate: 'chaperone-erasure/1';
  readonly statement: string;
  readonly subject: string;
  readonly records: number;
  /** When it is final in backups too. */
  readonly finality: string;
  readonly vkey: string;
  /** The record `erase.done`. */
  readonly record: string;
  /** Its proof, c2sp.org/tlog-proof@v1. */
  readonly proof: string;
}

/** Backups of keys may outlive an erasure by this long: until then the key that wraps them is to be replaced. Days. */
const finalityDays = 30;

/** The certificate of a finished erasure. `at`: ms UTC. */
export async function certify(
  custody: Pick<Custody, 'prove'>,
  receipt: Extract<EraseReceipt, { outcome: 'erased' }>,
  vkey: string,
  at: number,
): Promise<Certificate> {
  const { body, proof } = await custody.prove(receipt.done);
  const due = new Date(at + finalityDays * 86_400_000).toISOString().slice(0, 10);
  return {
    certificate: 'chaperone-erasure/1',
    statement:
      `The keys of the caller known to the log as ${receipt.subject} were destroyed on ${new Date(at).toISOString()}. ` +
      `The encrypted content of ${receipt.records} records cannot be read by anybody any more, and no number leads to them.`,
    subject: receipt.subject,
    records: receipt.records,
    finality:
      `Copies of the key folder that were made before still hold the wrapped keys until the key that wraps them is ` +
      `replaced (chaperone audit rotate) and the replaced key is destroyed: due by ${due}.`,
    vkey,
    record: body,
    proof,
  };
}

/** True when the log of this key holds the erasure that the certificate tells of. */
export function checkCertificate(text: string, key: VerifierKey): boolean {
  const certificate = parseObject(text);
  if (certificate === undefined || !hasStrings(certificate, 'subject', 'record', 'proof')) return false;
  const record = parseObject(certificate.record);
  if (record?.['k'] !== 'erase.done' || subjectOf(record) !== certificate.subject) return false;
  return checkProof(certificate.record, certificate.proof, [key]);
}
