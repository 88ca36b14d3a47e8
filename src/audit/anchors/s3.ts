import type { Anchor } from '../anchor.ts';
import { signAwsRequest, type AwsCredentials } from '../aws-signature.ts';
import { AuditFault } from '../log.ts';
import { sha256 } from '../tree.ts';

export interface S3Options {
  /** A bucket with Object Lock. */
  readonly bucket: string;
  readonly region: string;
  /** Names start with it: `glow/`. */
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

/** Keeps each checkpoint as an object of its own under S3 Object Lock in compliance mode. */
export function openS3Anchor(options: S3Options): Anchor {
  const { bucket, timeout = 10_000 } = options;
  const keep = async (note: string): Promise<void> => {
    const { url, headers, body } = await putRequest(options, note);
    const init = { method: 'PUT', headers, body, redirect: 'error', signal: AbortSignal.timeout(timeout) } as const;
    const status = await fetch(url, init).then(
      async (response) => {
        await response.arrayBuffer();
        return response.status;
      },
      (error: unknown) => {
        throw new AuditFault('ANCHOR_AWAY', 'S3 does not answer', 75, error);
      },
    );
    // 412: an object of this name is there. Names carry the hash of the note, so it is this note.
    if (status !== 200 && status !== 412)
      throw new AuditFault('ANCHOR_REFUSED', `S3 did not keep the note (status ${status})`, 75);
  };
  return { name: `s3 ${bucket}`, keep };
}

interface PutRequest {
  readonly url: URL;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array<ArrayBuffer>;
}

async function putRequest(options: S3Options, note: string): Promise<PutRequest> {
  const { bucket, region, prefix, retainDays, endpoint } = options;
  const bytes = Buffer.from(note);
  const digest = sha256(bytes);
  const [, size = '0'] = note.split('\n');
  const name = `${prefix}checkpoint/${Number(size).toString(16).padStart(16, '0')}-${digest.toString('hex', 0, 8)}`;
  const url =
    endpoint === undefined
      ? new URL(`https://${bucket}.s3.${region}.amazonaws.com/${name}`)
      : new URL(`/${bucket}/${name}`, endpoint);
  const now = options.now();
  const plain = {
    'content-type': 'text/plain; charset=utf-8',
    'if-none-match': '*',
    'x-amz-checksum-sha256': digest.toString('base64'),
    'x-amz-object-lock-mode': 'COMPLIANCE',
    'x-amz-object-lock-retain-until-date': new Date(now + retainDays * 86_400_000).toISOString(),
  };
  const scope = { region, service: 's3', credentials: await options.credentials(), now } as const;
  const { host: _host, ...headers } = signAwsRequest({ method: 'PUT', url, headers: plain, body: bytes }, scope);
  return { url, headers, body: new Uint8Array(bytes) };
}
