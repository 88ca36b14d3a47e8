import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { signAwsRequest, type AwsCredentials } from '../../../src/audit/aws-signature.ts';
import { parseObject, type JsonObject } from '../../../src/audit/json.ts';
import { listenOn } from '../../../src/server/port.ts';

export const credentials: AwsCredentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret/example+key' };
export const vaultToken = 'hvs.example';

interface Answer {
  readonly status: number;
  readonly body: object;
}

/** A key service on loopback that speaks the real HTTP of AWS KMS or of Vault's transit engine. */
export interface KeyService {
  readonly url: string;
  /** How it answers from now on. */
  mode: 'well' | 'away' | 'refusing' | 'silent';
  readonly requests: string[];
  close(): Promise<void>;
}

type Handler = (request: IncomingMessage, path: string, content: JsonObject, body: Buffer) => Answer;

async function serve(handle: Handler, refusal: Answer): Promise<KeyService> {
  const service = { mode: 'well' as KeyService['mode'], requests: [] as string[] };
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const path = request.url ?? '';
      service.requests.push(path);
      if (service.mode === 'silent') return;
      const answer =
        service.mode === 'away'
          ? { status: 503, body: {} }
          : service.mode === 'refusing'
            ? refusal
            : handle(request, path, parseObject(body.toString()) ?? {}, body);
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    });
  });
  const port = await listenOn(server, { host: '127.0.0.1', port: 0 });
  const close = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return Object.assign(service, { url: `http://127.0.0.1:${port}`, close });
}

function encrypt(key: Buffer, plain: Buffer, context: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

function decrypt(key: Buffer, sealed: string, context: string): Buffer | undefined {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAAD(Buffer.from(context));
  decipher.setAuthTag(bytes.subarray(-16));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
  } catch {
    return undefined;
  }
}

function word(content: JsonObject, name: string): string {
  const value = content[name];
  return typeof value === 'string' ? value : '';
}

/** When a request says that it was signed, ms UTC: AWS reads the time there too. */
export function timeOf(request: IncomingMessage): number {
  const stamp = String(request.headers['x-amz-date']);
  return Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/u, '$1-$2-$3T$4:$5:$6Z'));
}

/** AWS KMS: JSON 1.1 with `X-Amz-Target` and Signature Version 4. */
export async function serveKms(now: () => number): Promise<KeyService> {
  const key = randomBytes(32);
  const refusal = { status: 400, body: { __type: 'AccessDeniedException' } };
  return serve((request, path, content, body) => {
    const url = new URL(path, `http://${request.headers.host ?? ''}`);
    const plain = {
      'content-type': String(request.headers['content-type']),
      'x-amz-target': String(request.headers['x-amz-target']),
    };
    const time = timeOf(request);
    if (Math.abs(now() - time) > 300_000) return { status: 400, body: { __type: 'RequestExpired' } };
    const scope = { region: 'us-east-1', service: 'kms', credentials, now: time } as const;
    const signed = signAwsRequest({ method: 'POST', url, headers: plain, body }, scope);
    if (signed['authorization'] !== request.headers.authorization) {
      return { status: 400, body: { __type: 'IncompleteSignatureException' } };
    }
    const context = JSON.stringify(content['EncryptionContext']);
    if (plain['x-amz-target'] === 'TrentService.Encrypt') {
      const sealed = encrypt(key, Buffer.from(word(content, 'Plaintext'), 'base64'), context);
      return { status: 200, body: { CiphertextBlob: sealed, KeyId: content['KeyId'] } };
    }
    const opened = decrypt(key, word(content, 'CiphertextBlob'), context);
    if (opened === undefined) return { status: 400, body: { __type: 'InvalidCiphertextException' } };
    return { status: 200, body: { Plaintext: opened.toString('base64'), KeyId: content['KeyId'] } };
  }, refusal);
}

/** Vault's transit engine, mounted at `transit`, with one key `audit`. */
export async function serveVault(): Promise<KeyService> {
  const key = randomBytes(32);
  const refusal = { status: 403, body: { errors: ['permission denied'] } };
  return serve((request, path, content) => {
    if (request.headers['x-vault-token'] !== vaultToken) return refusal;
    const context = word(content, 'associated_data');
    if (path === '/v1/transit/encrypt/audit') {
      const sealed = encrypt(key, Buffer.from(word(content, 'plaintext'), 'base64'), context);
      return { status: 200, body: { data: { ciphertext: `vault:v1:${sealed}` } } };
    }
    if (path !== '/v1/transit/decrypt/audit') return { status: 404, body: { errors: [] } };
    const opened = decrypt(key, word(content, 'ciphertext').replace('vault:v1:', ''), context);
    if (opened === undefined) return { status: 400, body: { errors: ['cipher: message authentication failed'] } };
    return { status: 200, body: { data: { plaintext: opened.toString('base64') } } };
  }, refusal);
}
