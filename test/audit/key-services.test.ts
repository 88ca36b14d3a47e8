import { afterEach, describe, expect, test } from 'vitest';
import { signAwsRequest } from '../../src/audit/aws-signature.ts';
import type { KeyProvider } from '../../src/audit/key-provider.ts';
import { openKmsKey } from '../../src/audit/keys/kms.ts';
import { openVaultKey } from '../../src/audit/keys/vault.ts';
import { showLog } from '../../src/audit/show.ts';
import { Disk } from './support/disk.ts';
import { credentials, serveKms, serveVault, vaultToken, type KeyService } from './support/key-services.ts';
import { eventNumber, openLog } from './support/log.ts';

const now = (): number => Date.UTC(2026, 10, 3, 9);
const open: KeyService[] = [];

afterEach(async () => {
  for (const service of open.splice(0)) await service.close();
});

interface Case {
  readonly name: string;
  readonly start: () => Promise<{
    readonly service: KeyService;
    readonly key: KeyProvider;
    readonly stranger: KeyProvider;
  }>;
}

const cases: readonly Case[] = [
  {
    name: 'AWS KMS',
    start: async () => {
      const service = await serveKms(now);
      const base = { keyId: 'alias/audit', region: 'us-east-1', endpoint: service.url, now, timeout: 300 };
      const forged = { ...credentials, secretAccessKey: 'another' };
      const key = openKmsKey({ ...base, credentials: () => Promise.resolve(credentials) });
      return { service, key, stranger: openKmsKey({ ...base, credentials: () => Promise.resolve(forged) }) };
    },
  },
  {
    name: 'Vault transit',
    start: async () => {
      const service = await serveVault();
      const base = { address: service.url, key: 'audit', timeout: 300 };
      const key = openVaultKey({ ...base, token: () => Promise.resolve(vaultToken) });
      return { service, key, stranger: openVaultKey({ ...base, token: () => Promise.resolve('another') }) };
    },
  },
];

describe.each(cases)('$name', ({ start }) => {
  async function begin(): ReturnType<Case['start']> {
    const started = await start();
    open.push(started.service);
    return started;
  }

  test('holds the key of a log: asked once at the start, never for a record', async () => {
    const { service, key } = await begin();
    const disk = new Disk();
    const first = await openLog('/log', { files: disk, keys: key });
    for (let at = 0; at < 40; at += 1) first.log.record(eventNumber(at));
    await first.log.close();
    expect(service.requests).toHaveLength(1);
    const shown = await showLog('/log', { files: disk, keys: key });
    expect(shown.filter((record) => record.sealed !== undefined)).toHaveLength(20);
    expect(service.requests).toHaveLength(2);
  });

  test('refuses a log of another context, and a stranger', async () => {
    const { key, stranger } = await begin();
    const wrapped = await key.wrap(Buffer.alloc(32, 7), 'one.example/1');
    expect(await key.unwrap(wrapped, 'one.example/1')).toEqual(Buffer.alloc(32, 7));
    await expect(key.unwrap(wrapped, 'two.example/1')).rejects.toMatchObject({ code: 'KEY_WRONG', exitCode: 78 });
    await expect(stranger.unwrap(wrapped, 'one.example/1')).rejects.toMatchObject({
      code: 'KEY_REFUSED',
      exitCode: 78,
    });
  });

  test('[E11] that is away at the start refuses the start', async () => {
    const { service, key } = await begin();
    for (const mode of ['away', 'silent'] as const) {
      service.mode = mode;
      await expect(openLog('/log', { files: new Disk(), keys: key })).rejects.toMatchObject({
        code: 'KEY_AWAY',
        exitCode: 75,
      });
    }
    await service.close();
    await expect(openLog('/log', { files: new Disk(), keys: key })).rejects.toMatchObject({ code: 'KEY_AWAY' });
  });

  test('[E11] that goes away in a run stops new calls after a while, not those that go on, and takes them again', async () => {
    const { service, key } = await begin();
    let elapsed = 0;
    const limits = { keyCheckEvery: 10, keyPatience: 60_000 };
    const { log, faults } = await openLog('/log', { files: new Disk(), keys: key, limits, monotonic: () => elapsed });
    service.mode = 'away';
    await expect.poll(() => faults.map((fault) => fault.code)).toContain('KEY_AWAY');
    expect(log.record(eventNumber(0))).toBe(true);
    elapsed = 61_000;
    expect(log.record(eventNumber(4))).toBe(false);
    expect(log.record(eventNumber(1))).toBe(true);
    expect(log.record(eventNumber(3))).toBe(true);
    service.mode = 'well';
    await expect.poll(() => log.record(eventNumber(4))).toBe(true);
    await log.close();
  });

  test('that says no in a run stops new calls at once', async () => {
    const { service, key } = await begin();
    const { log, faults } = await openLog('/log', { files: new Disk(), keys: key, limits: { keyCheckEvery: 10 } });
    service.mode = 'refusing';
    await expect.poll(() => faults.map((fault) => fault.code)).toContain('KEY_REFUSED');
    expect(log.record(eventNumber(0))).toBe(false);
    expect(log.failed).toBe(false);
    await log.close();
  });
});

test('a signature is the one of the example that AWS documents for S3', () => {
  const request = {
    method: 'GET',
    url: new URL('https://examplebucket.s3.amazonaws.com/test.txt'),
    headers: { range: 'bytes=0-9' },
    body: Buffer.alloc(0),
  } as const;
  const example = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
  const scope = { region: 'us-east-1', service: 's3', credentials: example, now: Date.UTC(2013, 4, 24) } as const;
  expect(signAwsRequest(request, scope)['authorization']).toContain(
    'Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  );
});
