import { generateKeyPairSync, createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { auditPosture } from '../../../src/server/audit-posture.ts';
import { loadAudit } from '../../../src/server/config/load.ts';
import { faultLine } from '../../../src/server/config/faults.ts';
import { environment, load, Practice, sound } from './practice.ts';

const withAudit = (block: string): string => sound.replace('version: 1', `version: 1\naudit: ${block}`);
const aws = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'planted/secret' };
const arn = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

function witnessKey(): string {
  const raw = generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const typed = Buffer.concat([Buffer.of(4), raw]);
  const id = createHash('sha256').update('w.example/1\n').update(typed).digest('hex').slice(0, 8);
  return `w.example/1+${id}+${typed.toString('base64')}`;
}

async function audit(block: string, variables: Readonly<Record<string, string>> = {}) {
  const { config, lines } = await load(withAudit(block), { ...environment, ...variables });
  if (config === undefined) throw new Error(lines.join('\n'));
  return config.audit;
}

describe('audit.key in one line', () => {
  it('AWS KMS: the region of the ARN, the credentials of the environment', async () => {
    const { key } = await audit(`{ key: { kms: "${arn}" } }`, { ...aws, AWS_SESSION_TOKEN: 'planted-session' });
    expect(key).toMatchObject({ kind: 'kms', keyId: arn, region: 'eu-central-1', awayMs: 3_600_000 });
    expect(key).toMatchObject({ credentials: { kind: 'environment', accessKeyId: 'AKIAEXAMPLE' } });
    expect(JSON.stringify(key)).not.toContain('planted');
  });

  it('AWS KMS: an alias with its region, its endpoint and a profile of a file', async () => {
    const block =
      '{ key: { kms: alias/audit, region: us-east-1, endpoint: https://kms.vpc.example, credentials_file: aws, profile: log, away_minutes: 5 } }';
    const { key } = await audit(block, aws);
    expect(key).toMatchObject({ region: 'us-east-1', endpoint: 'https://kms.vpc.example', awayMs: 300_000 });
    expect(key).toMatchObject({
      credentials: { kind: 'file', profile: 'log', file: expect.stringMatching(/\/aws$/u) },
    });
  });

  it('AWS KMS: as the container is told, else as the file at home', async () => {
    const relative = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/credentials/1', AWS_REGION: 'us-east-1' };
    expect((await audit('{ key: { kms: alias/audit } }', relative)).key).toMatchObject({
      region: 'us-east-1',
      credentials: { kind: 'container', url: 'http://169.254.170.2/v2/credentials/1', token: undefined },
    });
    const full = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.23/v1/credentials',
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: '/var/run/token',
    };
    expect((await audit(`{ key: { kms: "${arn}" } }`, full)).key).toMatchObject({
      credentials: { url: 'http://169.254.170.23/v1/credentials', token: { file: '/var/run/token' } },
    });
    expect((await audit(`{ key: { kms: "${arn}" } }`, { HOME: '/home/ann' })).key).toMatchObject({
      credentials: { kind: 'file', file: '/home/ann/.aws/credentials', profile: 'default' },
    });
  });

  it('Vault: the token of the environment, of a reference, or of a file', async () => {
    const vault = 'vault: "https://vault.example:8200", name: audit';
    const own = await audit(`{ key: { ${vault} } }`, { VAULT_TOKEN: 'planted-token' });
    expect(own.key).toMatchObject({ kind: 'vault', mount: 'transit', namespace: undefined, awayMs: 3_600_000 });
    expect(JSON.stringify(own)).not.toContain('planted');
    const named = await audit(`{ key: { ${vault}, token: "\${LOG_TOKEN}", mount: keys/transit, namespace: clinic } }`, {
      LOG_TOKEN: 'planted-token',
    });
    expect(named.key).toMatchObject({ mount: 'keys/transit', namespace: 'clinic' });
    const file = await audit(`{ key: { ${vault}, token_file: sink } }`);
    expect(file.key).toMatchObject({ token: { file: expect.stringMatching(/\/sink$/u) } });
  });

  it.each([
    ['two services', '{ kms: alias/a, region: us-east-1, vault: "https://v.example", name: a }', 'both kms and vault'],
    ['no key', '{ region: us-east-1 }', 'found neither file nor env nor kms nor vault'],
    ['a key of another kind', '{ file: a, region: us-east-1 }', 'audit.key.region: found it beside file'],
    ['minutes for a file', '{ file: a, away_minutes: 5 }', 'wanted it only beside kms or vault'],
    ['KMS without a region', '{ kms: alias/a }', 'wanted region, or the environment variable AWS_REGION'],
    ['Vault without a name', '{ vault: "https://v.example", token_file: a }', 'wanted the name of the key in Vault'],
    ['Vault without a token', '{ vault: "https://v.example", name: a }', 'the environment variable VAULT_TOKEN'],
    ['Vault with two tokens', '{ vault: "https://v.example", name: a, token: b, token_file: c }', 'both token and'],
    ['Vault in clear over a network', '{ vault: "http://v.example", name: a, token_file: a }', 'http:// only to this'],
    [
      'Vault in clear behind a variable',
      '{ vault: "http://${VENDOR_KEY}", name: a, token_file: a }',
      'http:// only to this',
    ],
    ['too long away', '{ kms: alias/a, region: us-east-1, away_minutes: 5000 }', 'minutes from 0 to 1440'],
    ['a key in place of a variable', '{ env: planted/key+of+the+log= }', 'found a text of'],
  ])('%s is a fault', async (_what, key, expected) => {
    const { config, lines } = await load(withAudit(`{ key: ${key} }`));
    expect(config).toBeUndefined();
    expect(lines.join('\n')).toContain(expected);
    expect(lines.join('\n')).not.toContain('planted');
  });

  it('a token that stands in the file is told', async () => {
    const { config } = await load(withAudit('{ key: { vault: "https://v.example", name: a, token: planted } }'));
    expect(config?.literalSecrets).toEqual(['audit.key.token']);
  });
});

describe('audit.store', () => {
  const url = 'postgres://replica:planted@db.example/chaperone';

  it('in one line, with a name for the replica, or that of the machine', async () => {
    const { store } = await audit('{ store: "${LOG_STORE}", replica: front-1 }', { LOG_STORE: url });
    expect(store?.url.reveal()).toBe(url);
    expect(store?.replica).toBe('front-1');
    expect((await audit('{ store: "${LOG_STORE}" }', { LOG_STORE: url })).store?.replica).toBe(hostname());
    expect((await audit('{}')).store).toBeUndefined();
  });

  it.each([
    ['a replica without a store', '{ replica: front-1 }', 'audit.replica: found it without store'],
    [
      'a witness beside it',
      `{ store: "${url}", anchors: { witness: { url: "https://w.example", key: "${witnessKey()}" } } }`,
      'found it beside store',
    ],
    ['a variable that is not set', '{ store: "${NOT_THERE}" }', 'NOT_THERE'],
  ])('%s is a fault', async (_what, block, expected) => {
    const { config, lines } = await load(withAudit(block));
    expect(config).toBeUndefined();
    expect(lines.join('\n')).toContain(expected);
    expect(lines.join('\n')).not.toContain('planted');
  });

  it('a password that stands in the file is told, and shown by nobody', async () => {
    const { config } = await load(withAudit(`{ store: "${url}", replica: front-1 }`));
    expect(config?.literalSecrets).toEqual(['audit.store']);
    if (config === undefined) throw new Error('The configuration is sound');
    expect(auditPosture(config.audit).directory).toBe('PostgreSQL chaperone at db.example, as replica front-1');
  });
});

describe('audit.anchors', () => {
  it('S3 Object Lock and a witness, each in one line', async () => {
    const key = witnessKey();
    const { anchors } = await audit(
      `{ anchors: { s3: { bucket: glow-audit, region: us-east-1, retain_days: 2555, prefix: glow/ }, witness: { url: "https://witness.example/", key: "${key}" }, every_minutes: 15, alarm_hours: 6, strict: true } }`,
      aws,
    );
    expect(anchors).toMatchObject({
      log: true,
      s3: { bucket: 'glow-audit', prefix: 'glow/', retainDays: 2555, region: 'us-east-1' },
      witness: { url: 'https://witness.example/', key },
      everyMs: 900_000,
      alarmMs: 21_600_000,
      strict: true,
    });
  });

  it.each([
    ['a key that is no witness’s', '{ witness: { url: "https://w.example", key: w+00000000+AAAA } }', 'type 0x04'],
    ['a witness in clear', '{ witness: { url: "http://w.example", key: w } }', 'http:// only to this very machine'],
    ['strict without an anchor', '{ strict: true }', 'wanted an anchor that could be silent'],
    ['a bucket without a region', '{ s3: { bucket: glow-audit } }', 'AWS_REGION'],
    ['a bucket of another form', '{ s3: { bucket: Glow_Audit, region: us-east-1 } }', 'the name of a bucket'],
  ])('%s is a fault', async (_what, anchors, expected) => {
    const { config, lines } = await load(withAudit(`{ anchors: ${anchors} }`));
    expect(config).toBeUndefined();
    expect(lines.join('\n')).toContain(expected);
  });
});

describe('audit.retention', () => {
  it('is years and days', async () => {
    expect((await audit('{ retention: { records_years: 10, content_days: 400, hour: 22 } }')).retention).toEqual({
      recordsYears: 10,
      contentDays: 400,
      hour: 22,
    });
  });

  it.each([
    ['fewer than six years', '{ records_years: 5 }', '45 CFR 164.316(b)(2)(i), from 6 to 100'],
    ['content that outlives its record', '{ content_days: 3000 }', 'wanted less than records_years, 6 years'],
    ['a month that is not over', '{ content_days: 30 }', 'days from 31'],
    ['an hour that is none', '{ hour: 24 }', 'hours from 0 to 23'],
  ])('%s is a fault', async (_what, retention, expected) => {
    const { config, lines } = await load(withAudit(`{ retention: ${retention} }`));
    expect(config).toBeUndefined();
    expect(lines.join('\n')).toContain(expected);
  });

  it('has replaced retention_days', async () => {
    const { lines } = await load(withAudit('{ retention_days: 365 }'));
    expect(lines.join('\n')).toContain('found the unknown key "retention_days"');
  });
});

describe('the block read alone', () => {
  it('needs none of the secrets of the calls, and shows its own faults', async () => {
    const practice = await Practice.make(withAudit('{ directory: log, origin: glow.example/1, key: { env: K } }'));
    try {
      const read = await loadAudit(practice.file, { K: 'planted' });
      expect(read).toMatchObject({ audit: { origin: 'glow.example/1', key: { kind: 'env', name: 'K' } } });
      const refused = await loadAudit(practice.file, {});
      if (!('faults' in refused)) throw new Error('expected faults');
      expect(refused.faults.map(faultLine)).toEqual([
        expect.stringContaining('found the variable K, which is not set'),
      ]);
      expect(await loadAudit(`${practice.file}.lost`, {})).toMatchObject({ faults: [{ path: '' }] });
    } finally {
      await practice.remove();
    }
  });
});
