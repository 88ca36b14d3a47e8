import { randomBytes } from 'node:crypto';
import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openKeyVariable } from '../../../src/audit/keys/env.ts';
import { createKeyFile } from '../../../src/audit/keys/file.ts';
import { openFileLog } from '../../../src/audit/open.ts';
import { jsonSchema } from '../../../src/server/config/faults.ts';
import { changed, environment, Practice, sound } from '../config/practice.ts';
import { runVerb, type VerbResult } from './verb.ts';

let practice: Practice;
beforeEach(async () => {
  practice = await Practice.make();
  await practice.write('keys/README', 'keys');
  await createKeyFile(join(practice.folder, 'keys/chaperone.key'));
});
afterEach(() => practice.remove());

async function check(text: string, ...words: readonly string[]): Promise<VerbResult> {
  await practice.write('chaperone.yaml', text);
  return runVerb(['check', '--config', practice.file, ...words], environment);
}

describe('chaperone check', () => {
  it('says in plain words who would receive what', async () => {
    const { code, out } = await check(sound);
    expect(code).toBe(0);
    for (const words of [
      'Cedar Skin Studio, profile medspa',
      '1 of 1 route may take calls',
      'Vendor Inc.: in force until 2036-01-04',
      'https://calls.example.com/twilio/voice/front-desk',
      'voice-vendor at agent.vendor.example (TLS 1.2 or later, certificate checked)',
      'NAME           mask    pass    pass    mask    mask    45 CFR 164.514(b)(2)(i)(A)',
      'Twilio carries every call and is not on the list',
    ]) {
      expect(out).toContain(words);
    }
  });

  it('shows no secret and no colour where there is no terminal', async () => {
    const texts = [await check(sound), await check(sound, '--json'), await check(changed('version: 1', 'version: 9'))];
    for (const { out, err } of texts) {
      expect(out + err).not.toContain('planted');
      expect(out + err).not.toContain('\u001B');
    }
  });

  it('is loud about an agreement that has expired, and that is no fault of the file', async () => {
    const { code, out } = await check(changed('expires: 2036-01-04', 'expires: 2026-01-06'));
    expect(code).toBe(0);
    expect(out).toContain('0 of 1 route may take calls');
    expect(out).toContain('EXPIRED on 2026-01-06');
    expect(out).toContain('route front-desk: BAA_EXPIRED. The business associate agreement has expired');
  });

  it('says what a notice lacks, and which law wants it', async () => {
    const states = changed('time_zone: America/Chicago', 'time_zone: America/Chicago, states: [CA, TX]');
    const { out } = await check(
      states.replace('    headers:', '    notice: Hello, this is Cedar Skin Studio.\n    headers:'),
    );
    expect(out).toMatch(/The notice of route front-desk does not say that the call is recorded or transcribed \(CA: /u);
    expect(out).toMatch(/it does not say that the caller speaks with an automated assistant .*TX: /u);
    expect(out).toMatch(/it does not say how to reach a person/u);
    expect((await check(sound)).out).not.toContain('The notice of route');
  });

  it('guesses what a misspelt vendor was meant to be', async () => {
    const { out } = await check(changed('vendor: voice-vendor', 'vendor: voice-vendr'));
    expect(out).toContain('is "voice-vendor" meant?');
    expect(out).toContain('route front-desk: VENDOR_NOT_APPROVED');
  });

  it('says the same as JSON', async () => {
    const { code, out } = await check(changed('training: forbidden', 'training: allowed'), '--json');
    expect(code).toBe(0);
    expect(out.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      policyHash: expect.stringMatching(/^[0-9a-f]{64}$/u) as unknown,
      practice: { name: 'Cedar Skin Studio' },
      routes: [{ audio: true, encrypted: true, verdict: { allowed: false, reason: 'TRAINING_NOT_FORBIDDEN' } }],
      clearances: { vendor: { NAME: 'mask', TREATMENT: 'pass' } },
    });
  });

  it('lists faults with their lines and exits 78', async () => {
    const { code, out, err } = await check(changed('profile: medspa', 'profile: spa'));
    expect({ code, out }).toEqual({ code: 78, out: '' });
    expect(err).toContain(
      `${practice.file}:2:47  practice.profile: found "spa"; wanted one of medspa, therapy, cosmetic`,
    );
    expect(err).toContain('1 fault');
  });

  it('lists faults as JSON', async () => {
    const { code, out, err } = await check(changed('profile: medspa', 'profile: medpsa'), '--json');
    expect({ code, err }).toEqual({ code: 78, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      faults: [{ line: 2, column: 47, path: 'practice.profile', found: '"medpsa"', near: 'medspa' }],
    });
  });
});

describe('the audit log that could not be kept', () => {
  it.each([
    ['no key', 'audit: { key: { file: keys/lost.key } }', 'There is no key file'],
    ['a key of another length', 'audit: { key: { env: VENDOR_KEY } }', 'VENDOR_KEY'],
    [
      'a folder that cannot be made',
      'audit: { directory: /nowhere/audit, key: { file: keys/chaperone.key } }',
      'cannot be made',
    ],
  ])('%s: exits 78', async (_what, line, expected) => {
    const { code, err } = await check(`${sound}${line}\n`);
    expect(code).toBe(78);
    expect(err).toContain(expected);
    expect(err).not.toContain('planted');
  });

  it('a key that is not the one of the log which is there: exits 78', async () => {
    const log = await openFileLog({
      directory: join(practice.folder, 'audit'),
      keys: openKeyVariable('K', randomBytes(32).toString('base64')),
      origin: 'calls.example.com/chaperone',
      now: Date.now,
      monotonic: () => performance.now(),
    });
    await log.close();
    const { code, err } = await check(sound);
    expect(code).toBe(78);
    expect(err).toContain('does not open this log');
  });

  it('a key that others can read: exits 78', async () => {
    await chmod(join(practice.folder, 'keys/chaperone.key'), 0o444);
    const { code, err } = await check(sound);
    expect(code).toBe(78);
    expect(err).toContain('0444');
  });
});

describe('the JSON Schema', () => {
  it('that is committed is the one of this version (npx tsx src/server/main.ts check --schema)', async () => {
    const committed = await readFile(new URL('../../../schema/chaperone.schema.json', import.meta.url), 'utf8');
    expect(committed).toBe(`${JSON.stringify(jsonSchema(), null, 2)}\n`);
  });

  it('is printed, and describes every key', async () => {
    const { code, out } = await runVerb(['check', '--schema']);
    expect(code).toBe(0);
    const nameless: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [key, part] of Object.entries(Object(Reflect.get(node, 'properties')))) {
        if (
          !/^\.(?:clearances\.\w+|(?:taps|operators)\.clearances)$/u.test(path) &&
          Reflect.get(Object(part), 'description') === undefined
        ) {
          nameless.push(`${path}.${key}`);
        }
        visit(part, `${path}.${key}`);
      }
      visit(Reflect.get(node, 'items'), path);
    };
    visit(JSON.parse(out), '');
    expect(nameless).toEqual([]);
  });
});
