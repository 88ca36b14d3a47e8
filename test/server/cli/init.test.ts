import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agreementPoints } from '../../../src/policy/baa.ts';
import { document, filledIn } from '../config/practice.ts';
import { runVerb } from './verb.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chaperone-init-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const variables = {
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'planted-auth-token',
  VENDOR_KEY: 'planted-vendor-key',
};

/** What a person does with the starter. */
async function fillIn(): Promise<void> {
  const file = join(folder, 'chaperone.yaml');
  await writeFile(file, filledIn(await readFile(file, 'utf8')));
  await writeFile(join(folder, 'baa/voice-vendor.pdf'), document);
}

describe('chaperone init', () => {
  it('writes a configuration, a schema, a folder for agreements and a key that only its owner can read', async () => {
    const { code, out } = await runVerb(['init', '--dir', folder]);
    expect(code).toBe(0);
    expect(out).toContain('chaperone check --config');
    const key = join(folder, 'keys/chaperone.key');
    expect((await stat(key)).mode & 0o777).toBe(0o400);
    expect((await stat(join(folder, 'keys'))).mode & 0o777).toBe(0o700);
    expect(Buffer.from(await readFile(key, 'utf8'), 'base64')).toHaveLength(32);
    expect(await readFile(join(folder, 'keys/.gitignore'), 'utf8')).toBe('*\n');
    const agreements = await readFile(join(folder, 'baa/README.md'), 'utf8');
    for (const point of Object.keys(agreementPoints)) expect(agreements).toContain(`| ${point} |`);
  });

  it('writes a file whose first line leads an editor to the schema beside it', async () => {
    await runVerb(['init', '--dir', folder]);
    const [line = ''] = (await readFile(join(folder, 'chaperone.yaml'), 'utf8')).split('\n');
    const name = /^# yaml-language-server: \$schema=\.\/(.+)$/u.exec(line)?.[1] ?? '';
    expect(JSON.parse(await readFile(join(folder, name), 'utf8'))).toMatchObject({ title: 'chaperone.yaml' });
  });

  it('overwrites nothing unless it is told to, and the key not even then', async () => {
    await runVerb(['init', '--dir', folder]);
    const key = await readFile(join(folder, 'keys/chaperone.key'), 'utf8');
    await writeFile(join(folder, 'chaperone.yaml'), 'mine');
    const again = await runVerb(['init', '--dir', folder]);
    expect(again).toMatchObject({ code: 73, out: '' });
    expect(again.err).toContain('chaperone.yaml');
    expect(await readFile(join(folder, 'chaperone.yaml'), 'utf8')).toBe('mine');
    const forced = await runVerb(['init', '--force', '--dir', folder]);
    expect(forced.code).toBe(0);
    expect(forced.out).toContain('was kept');
    expect(await readFile(join(folder, 'chaperone.yaml'), 'utf8')).toContain('version: 1');
    expect(await readFile(join(folder, 'keys/chaperone.key'), 'utf8')).toBe(key);
  });
});

describe('the starter', () => {
  it('names every line that is to be filled in, and nothing else', async () => {
    await runVerb(['init', '--dir', folder]);
    const starter = (await readFile(join(folder, 'chaperone.yaml'), 'utf8')).split('\n');
    const marked = starter.flatMap((line, index) => (line.includes('# <-- fill in') ? [index + 1] : []));
    const { code, err } = await runVerb(['check', '--config', join(folder, 'chaperone.yaml')], variables);
    const named = [...err.matchAll(/chaperone\.yaml:(\d+):/gu)].map((match) => Number(match[1]));
    const agreement = starter.findIndex((line) => line.includes('document:')) + 1;
    const hosts = starter.findIndex((line) => line.includes('hosts:')) + 1;
    expect(code).toBe(78);
    // An empty list of hosts is allowed (a vendor that is never dialled); the document is not there yet.
    expect(named).toEqual(
      [...marked.filter((line) => line !== hosts), agreement].sort((first, second) => first - second),
    );
    expect(err).not.toContain('planted');
  });

  it('passes the check once it is filled in, and takes calls', async () => {
    await runVerb(['init', '--dir', folder]);
    await fillIn();
    const { code, out, err } = await runVerb(
      ['check', '--json', '--config', join(folder, 'chaperone.yaml')],
      variables,
    );
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      subProcessors: [{ id: 'voice-vendor', agreement: { state: 'live' }, verdict: { allowed: true } }],
      routes: [{ name: 'front-desk', verdict: { allowed: true } }],
    });
  });

  it('for an app is what the protocol asks for', async () => {
    const { code, out } = await runVerb(['init', '--app', 'deepgram-listen', '--dir', folder]);
    expect(code).toBe(0);
    expect(out).toContain('Set FRONT_DESK_APP_TOKEN, DEEPGRAM_API_KEY in the environment');
    const text = await readFile(join(folder, 'chaperone.yaml'), 'utf8');
    expect(text).toContain('protocol: deepgram-listen');
    expect(text).not.toMatch(/twilio/iu);
  });
});
