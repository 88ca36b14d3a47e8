import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { signAwsRequest } from '../../../src/audit/aws-signature.ts';
import { isSigned, parseNote, parseVerifierKey } from '../../../src/audit/checkpoint.ts';
import { isConsistent, type TreeHead } from '../../../src/audit/proof.ts';
import { emptyRoot } from '../../../src/audit/tree.ts';
import { listenOn } from '../../../src/server/port.ts';
import { credentials, timeOf } from './key-services.ts';

interface Answer {
  readonly status: number;
  readonly text: string;
}

export interface AnchorService {
  readonly url: string;
  readonly close: () => Promise<void>;
}

async function serve(handle: (request: IncomingMessage, body: Buffer) => Answer): Promise<AnchorService> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { status, text } = handle(request, Buffer.concat(chunks));
      response.writeHead(status).end(text);
    });
  });
  const port = await listenOn(server, { host: '127.0.0.1', port: 0 });
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}/`, close };
}

export interface Witness extends AnchorService {
  readonly vkey: string;
  /** What it cosigned last. */
  readonly state: { head: TreeHead; mode: 'well' | 'wrong signature' | 'down' };
}

/** A witness as C2SP tlog-witness describes it, for the log of one key. */
export async function serveWitness(logVkey: () => string): Promise<Witness> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const typed = Buffer.concat([Buffer.of(4), publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)]);
  const name = 'witness.example/w1';
  const id = createHash('sha256').update(`${name}\n`).update(typed).digest().subarray(0, 4);
  const state: Witness['state'] = { head: { size: 0, root: emptyRoot }, mode: 'well' };
  const service = await serve((_request, body) => {
    if (state.mode === 'down') return { status: 503, text: '' };
    const text = body.toString();
    const [head = '', ...rest] = text.split('\n\n');
    const [old = '', ...path] = head.split('\n');
    const note = parseNote(rest.join('\n\n'));
    const log = parseVerifierKey(logVkey());
    if (note === undefined || log === undefined || !isSigned(note, [log])) return { status: 403, text: '' };
    if (old !== `old ${state.head.size}`) return { status: 409, text: `${state.head.size}\n` };
    const proof = path.filter((line) => line !== '').map((line) => Buffer.from(line, 'base64'));
    if (!isConsistent(state.head, note.checkpoint, proof)) return { status: 422, text: '' };
    state.head = note.checkpoint;
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(1_795_420_800n);
    const message = state.mode === 'well' ? `cosignature/v1\ntime 1795420800\n${note.text}` : 'something else';
    const signature = sign(null, Buffer.from(message), privateKey);
    return { status: 200, text: `\u2014 ${name} ${Buffer.concat([id, time, signature]).toString('base64')}\n` };
  });
  return { ...service, state, vkey: `${name}+${id.toString('hex')}+${typed.toString('base64')}` };
}

export interface Bucket extends AnchorService {
  readonly objects: Map<string, { readonly body: string; readonly retainUntil: string }>;
}

/** As much of S3 as Object Lock needs: signed PUT, If-None-Match, checksum, compliance mode. */
export async function serveBucket(now: () => number): Promise<Bucket> {
  const objects: Bucket['objects'] = new Map();
  const service = await serve((request, body) => {
    const url = new URL(request.url ?? '', `http://${request.headers.host ?? ''}`);
    const header = (name: string): string => String(request.headers[name] ?? '');
    if (request.method === 'GET') return read(objects, request, url, now());
    const signed = [
      'content-type',
      'if-none-match',
      'x-amz-checksum-sha256',
      'x-amz-object-lock-mode',
      'x-amz-object-lock-retain-until-date',
    ];
    const headers = Object.fromEntries(signed.map((name) => [name, header(name)]));
    const scope = { region: 'us-east-1', service: 's3', credentials, now: timeOf(request) } as const;
    if (Math.abs(now() - scope.now) > 300_000) return { status: 403, text: 'RequestTimeTooSkewed' };
    const expected = signAwsRequest({ method: 'PUT', url, headers, body }, scope);
    if (request.method !== 'PUT' || expected['authorization'] !== header('authorization'))
      return { status: 403, text: 'SignatureDoesNotMatch' };
    const checksum = createHash('sha256').update(body).digest('base64');
    if (checksum !== header('x-amz-checksum-sha256') || header('x-amz-object-lock-mode') !== 'COMPLIANCE')
      return { status: 400, text: '' };
    if (header('if-none-match') === '*' && objects.has(url.pathname))
      return { status: 412, text: 'PreconditionFailed' };
    objects.set(url.pathname, { body: body.toString(), retainUntil: header('x-amz-object-lock-retain-until-date') });
    return { status: 200, text: '' };
  });
  return { ...service, objects };
}

/** A signed listing of what comes after a name, or a signed read of one object. */
function read(objects: Bucket['objects'], request: IncomingMessage, url: URL, now: number): Answer {
  const scope = { region: 'us-east-1', service: 's3', credentials, now: timeOf(request) } as const;
  const expected = signAwsRequest({ method: 'GET', url, headers: {}, body: Buffer.alloc(0) }, scope);
  if (expected['authorization'] !== request.headers.authorization || Math.abs(now - scope.now) > 300_000)
    return { status: 403, text: 'SignatureDoesNotMatch' };
  if (url.searchParams.get('list-type') !== '2') {
    const object = objects.get(url.pathname);
    return object === undefined ? { status: 404, text: '' } : { status: 200, text: object.body };
  }
  const [prefix, after] = [url.searchParams.get('prefix') ?? '', url.searchParams.get('start-after') ?? ''];
  const names = [...objects.keys()].map((path) => path.slice(url.pathname.length + 1)).sort();
  const found = names.filter((name) => name.startsWith(prefix) && name > after);
  const keys = found
    .slice(0, Number(url.searchParams.get('max-keys')))
    .map((name) => `<Contents><Key>${name}</Key></Contents>`);
  return { status: 200, text: `<?xml version="1.0"?><ListBucketResult>${keys.join('')}</ListBucketResult>` };
}
