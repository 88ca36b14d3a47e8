import { createHash, generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openAnchors } from '../../src/server/audit-anchors.ts';
import { listenOn } from '../../src/server/port.ts';
import { Secret } from '../../src/server/secret.ts';
import { openLog, temporaryDirectory } from '../audit/support/log.ts';

let directory: string;
let server: Server;
let url: string;
const asked: string[] = [];

beforeEach(async () => {
  directory = await temporaryDirectory();
  asked.length = 0;
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(200).end('<ListBucketResult></ListBucketResult>');
  });
  url = `http://127.0.0.1:${await listenOn(server, { host: '127.0.0.1', port: 0 })}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(directory, { recursive: true });
});

function witnessKey(): string {
  const raw = generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const typed = Buffer.concat([Buffer.of(4), raw]);
  const id = createHash('sha256').update('w.example/1\n').update(typed).digest('hex').slice(0, 8);
  return `w.example/1+${id}+${typed.toString('base64')}`;
}

it('asks a witness below its prefix, and S3 for names that begin with the origin of the log', async () => {
  const credentials = {
    kind: 'environment',
    accessKeyId: 'AKIA',
    secretAccessKey: new Secret('s'),
    sessionToken: undefined,
  } as const;
  const s3 = { bucket: 'b', region: 'us-east-1', prefix: undefined, retainDays: 1, endpoint: url, credentials };
  const witness = { url: `${url}/of/w1`, key: witnessKey() };
  const settings = { log: true, s3, witness, everyMs: 1, alarmMs: 1, strict: false };
  const audit = join(directory, 'audit');
  const anchors = openAnchors(settings, audit, 'glow.example/chaperone-1');
  const { log } = await openLog(audit, { anchors });
  await log.close();
  expect(asked).toContain('POST /of/w1/add-checkpoint');
  expect(asked.filter((line) => line.startsWith('PUT')).length).toBeGreaterThan(0);
  for (const line of asked.filter((text) => text.startsWith('PUT')))
    expect(line).toContain('/b/glow.example/chaperone-1/checkpoint/');
});
