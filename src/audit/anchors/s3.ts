import {
  depositedAs,
  depositName,
  type Anchor,
  type ClosedSegment,
  type Deposit,
  type DepositedSegment,
  type StoredLog,
} from '../anchor.ts';
import { signAwsRequest, type AwsCredentials } from '../aws-signature.ts';
import { parseNote } from '../checkpoint.ts';
import { AuditFault } from '../log.ts';
import { sha256 } from '../tree.ts';

export interface S3Options {
  /** A bucket with Object Lock. */
  readonly bucket: string;
  readonly region: string;
  /** Names start with it: `glow/`. Two logs never share it. */
  readonly prefix: string;
  readonly credentials: () => Promise<AwsCredentials>;
  /** Days for which nobody, the account's root included, can delete or change a note. */
  readonly retainDays: number;
  /** Another address, path-style, for services that speak S3. */
  readonly endpoint?: string;
  /** ms UTC. */
  readonly now: () => number;
  /** ms. */
  readonly timeout?: number;
}

/** Names beyond the stored size that are looked at: what stands there and is not of this log is somebody's mistake. */
const candidates = 10;
/** Names in one page of a listing: the most that S3 gives. */
const listed = 1000;
/** For up to 64 MiB on a slow line, ms. */
const segmentTimeout = 300_000;

/**
 * Keeps each checkpoint as an object of its own under S3 Object Lock in compliance mode. Names begin with the size, so that
 * one listing finds what is larger.
 */
export function openS3Anchor(options: S3Options): Anchor {
  const { bucket, prefix } = options;
  const keep = async (note: string): Promise<void> => {
    const { status } = await ask(
      options,
      'PUT',
      nameOf(options, note),
      lockHeaders(options, Buffer.from(note)),
      Buffer.from(note),
    );
    // 412: an object of this name is there. Names carry the hash of the note, so it is this note.
    if (status !== 200 && status !== 412) throw refused('did not keep the note', status);
  };
  const knowsMore = async ({ size, isOwn }: StoredLog): Promise<boolean> => {
    const after = `${prefix}checkpoint/${sizeText(size)}-g`;
    const query = {
      'list-type': '2',
      'max-keys': String(candidates),
      prefix: `${prefix}checkpoint/`,
      'start-after': after,
    };
    const list = await ask(options, 'GET', `?${new URLSearchParams(query).toString()}`);
    if (list.status !== 200) throw refused('did not list the notes', list.status);
    for (const [, name = ''] of list.text.matchAll(/<Key>([^<]+)<\/Key>/g)) {
      const { text } = await ask(options, 'GET', name);
      if ((parseNote(text)?.checkpoint.size ?? 0) > size && isOwn(text)) return true;
    }
    return false;
  };
  return { name: `s3 ${bucket}`, keep, knowsMore, deposit: depositOf(options) };
}

/** Closed segments as objects whose names carry their first record and their hash. */
function depositOf(options: S3Options): Deposit {
  const folder = `${options.prefix}segment/`;
  const keep = async ({ first, bytes }: ClosedSegment): Promise<void> => {
    const name = `${folder}${depositName(first, sha256(bytes).toString('hex'))}`;
    const patient = { ...options, timeout: segmentTimeout };
    const { status } = await ask(patient, 'PUT', name, lockHeaders(options, bytes), bytes);
    if (status !== 200 && status !== 412) throw refused('did not keep a segment', status);
  };
  const kept = async (): Promise<DepositedSegment[]> => {
    const found: DepositedSegment[] = [];
    for (let after = folder; ;) {
      const query = { 'list-type': '2', 'max-keys': String(listed), prefix: folder, 'start-after': after };
      const { status, text } = await ask(options, 'GET', `?${new URLSearchParams(query).toString()}`);
      if (status !== 200) throw refused('did not list the segments', status);
      const names = [...text.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, name = '']) => name);
      found.push(...names.flatMap((name) => depositedAs(name) ?? []));
      const last = names.at(-1);
      if (last === undefined || names.length < listed) return found;
      after = last;
    }
  };
  return { kept, keep };
}

function nameOf({ prefix }: S3Options, note: string): string {
  const [, size = '0'] = note.split('\n');
  return `${prefix}checkpoint/${sizeText(Number(size))}-${sha256(Buffer.from(note)).toString('hex', 0, 8)}`;
}

/** So written, larger sizes come later in a listing. */
function sizeText(size: number): string {
  return size.toString(16).padStart(16, '0');
}

function lockHeaders({ retainDays, now }: S3Options, bytes: Buffer): Record<string, string> {
  return {
    'content-type': 'text/plain; charset=utf-8',
    'if-none-match': '*',
    'x-amz-checksum-sha256': sha256(bytes).toString('base64'),
    'x-amz-object-lock-mode': 'COMPLIANCE',
    'x-amz-object-lock-retain-until-date': new Date(now() + retainDays * 86_400_000).toISOString(),
  };
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Asks for an object of the bucket, or with a query about the bucket itself. */
async function ask(
  options: S3Options,
  method: 'GET' | 'PUT',
  name: string,
  plain: Readonly<Record<string, string>> = {},
  body: Buffer = Buffer.alloc(0),
): Promise<Answer> {
  const { bucket, region, endpoint, now, timeout = 10_000 } = options;
  const url =
    endpoint === undefined
      ? new URL(name, `https://${bucket}.s3.${region}.amazonaws.com/`)
      : new URL(`/${bucket}${name.startsWith('?') ? '' : '/'}${name}`, endpoint);
  const scope = { region, service: 's3', credentials: await options.credentials(), now: now() } as const;
  const { host: _host, ...headers } = signAwsRequest({ method, url, headers: plain, body }, scope);
  const content = method === 'PUT' ? { body: new Uint8Array(body) } : {};
  const init = { method, headers, ...content, redirect: 'error', signal: AbortSignal.timeout(timeout) } as const;
  return fetch(url, init).then(
    async (response) => ({ status: response.status, text: await response.text() }),
    (error: unknown) => {
      throw new AuditFault('ANCHOR_AWAY', 'S3 does not answer', 75, error);
    },
  );
}

function refused(what: string, status: number): AuditFault {
  return new AuditFault('ANCHOR_REFUSED', `S3 ${what} (status ${status})`, 75);
}
