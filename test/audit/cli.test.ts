import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, copyFile, cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FileLog } from '../../src/audit/file-log.ts';
import { parseObject } from '../../src/audit/json.ts';
import { createKeyFile, openKeyFile } from '../../src/audit/keys/file.ts';
import { openFileLog } from '../../src/audit/open.ts';
import { showLog } from '../../src/audit/show.ts';
import { runVerb, type VerbResult } from '../server/cli/verb.ts';
import { segmentOne, temporaryDirectory } from './support/log.ts';

const caller = '+15125550143';
let place: string;
let audit: string;
let key: string;

const run = (...words: string[]): Promise<VerbResult> => runVerb(['audit', ...words]);

async function openLog(): Promise<FileLog> {
  const time = { now: () => Date.now(), monotonic: () => performance.now() };
  const keys = await openKeyFile(key);
  return openFileLog({ directory: audit, keys, origin: 'glow.example/1', practice: 'Glow', ...time });
}

async function writeCalls(): Promise<void> {
  const log = await openLog();
  const common = { call: 'call-1', caller, actor: 'vendor:demo', outcome: 'ok' } as const;
  const network = { host: 'voice.example', tls: 'TLSv1.3' };
  log.record({ ...common, kind: 'call.admit', actor: 'system', sealed: { callSid: 'CA1' } });
  log.record({ ...common, kind: 'vendor.connect', network });
  log.record({ ...common, kind: 'disclosure.begin', action: 'R', purpose: 'HOPERAT', network });
  log.record({ ...common, kind: 'phi.redacted', counts: { PHONE: 2, NAME: 1 } });
  log.record({ ...common, kind: 'disclosure.end', totals: { framesToVendor: 50 } });
  log.record({ ...common, kind: 'call.end', reason: 'CALLER_CLOSED' });
  log.record({
    ...common,
    kind: 'disclosure.begin',
    call: 'call-2',
    actor: 'party:court',
    purpose: 'JUDICIAL',
    network: { host: 'court.example' },
  });
  log.record({
    kind: 'sec.signature',
    actor: 'system',
    outcome: 'refused',
    reason: 'SIGNATURE_INVALID',
    facts: { subject: '=cmd()' },
  });
  log.record({
    ...common,
    kind: 'call.admit',
    call: 'call-3',
    caller: '+15125550188',
    actor: 'system',
    sealed: { callSid: 'CA3' },
  });
  log.record({ ...common, kind: 'call.end', call: 'call-3', caller: '+15125550188' });
  // One call on its way to a human: the decision, a way that failed, the way that was gone.
  const human = { kind: 'route.human', actor: 'vendor:demo', call: 'call-4', reason: 'CRISIS' } as const;
  log.record({ ...human, outcome: 'ok' });
  log.record({ ...human, outcome: 'failed', facts: { way: 'redirect', code: '500' } });
  log.record({ ...human, outcome: 'ok', facts: { way: 'twiml' } });
  await log.close();
}

beforeAll(async () => {
  place = await temporaryDirectory();
  audit = join(place, 'audit');
  key = join(place, 'key');
  await createKeyFile(key);
  await writeCalls();
});

afterAll(() => rm(place, { recursive: true }));

describe('a reading', { timeout: 120_000 }, () => {
  test('that no log can record is not shown, and says so with its own exit code', async () => {
    for (const verb of [
      ['show', audit],
      ['export', audit, '--format', 'csv'],
      ['activity', audit, '--month', '2026-11'],
      ['prove', audit, '2'],
    ]) {
      const refused = await run(...verb);
      expect(refused).toMatchObject({ code: 77, out: '' });
      expect(refused.err).toContain('without its key nothing can be written to it');
    }
  });

  test('without the key is recorded by the process that writes, as a claim', async () => {
    const log = await openLog();
    try {
      const shown = await run('show', audit, '--last', '1', '--as', 'mallory');
      expect(shown).toMatchObject({ code: 0, err: '' });
      expect(await run('prove', audit, '0', '--as', 'mallory')).toMatchObject({ code: 0 });
      expect(await run('export', audit, '--format', 'csv', '--as', 'mallory')).toMatchObject({ code: 0 });
      const needless = await run('show', audit, '--unrecorded');
      expect(needless).toMatchObject({ code: 64, out: '', err: expect.stringContaining('Leave out --unrecorded') });
      const sha256 = createHash('sha256').update(shown.out).digest('hex');
      const told = (await showLog(audit)).map(({ members }) => members).filter(({ a }) => a === 'user:mallory');
      expect(told).toMatchObject([
        { k: 'access.read', r: 'keyless', why: 'HOPERAT', f: { query: 'show', sha256 } },
        { k: 'access.read', r: 'keyless', f: { query: 'prove 0' } },
        { k: 'access.export', r: 'keyless', f: { query: 'export csv' } },
      ]);
    } finally {
      await log.close();
    }
  });

  // Needs root, to mount it read-only.
  test.skipIf(process.getuid?.() !== 0)('with the key on a log that cannot be written is not shown', async () => {
    const copy = join(place, 'read-only');
    await cp(audit, copy, { recursive: true });
    execFileSync('mount', ['--bind', copy, copy]);
    try {
      execFileSync('mount', ['-o', 'remount,ro,bind', copy]);
      const refused = await run('show', copy, '--keys', key);
      expect(refused).toMatchObject({ code: 77, out: '', err: expect.stringContaining('EROFS') });
      expect(await run('show', copy, '--keys', key, '--unrecorded')).toMatchObject({ code: 0 });
    } finally {
      execFileSync('umount', [copy]);
    }
  });
});

describe('--config', { timeout: 120_000 }, () => {
  test('says where the log is and where its key: no other block of the file is needed', async () => {
    const config = join(place, 'chaperone.yaml');
    await writeFile(config, 'audit: { directory: audit, key: { file: key } }\n');
    const named = ['--config', config, '--as', 'ann'] as const;
    expect((await run('show', '--call', 'call-1', ...named)).out).toContain('"callSid":"CA1"');
    expect((await run('prove', '2', ...named)).out).toContain('"n":2,');
    const [id = ''] = (await run('hold', 'set', '--matter', 'case 7', ...named)).out.split(' ');
    expect(await run('hold', 'clear', id, ...named)).toMatchObject({
      code: 0,
      out: expect.stringContaining('Cleared'),
    });
    expect(await run('verify', '--config', config, '--open')).toMatchObject({ code: 0 });
    expect(await run('show')).toMatchObject({ code: 64, out: '' });
    await writeFile(config, 'audit: { key: { kms: alias/a } }\n');
    const refused = await run('show', '--config', config);
    expect(refused).toMatchObject({ code: 78, out: '' });
    expect(refused.err).toContain('audit.key: found no region; wanted region, or the environment variable AWS_REGION');
  });
});

describe('chaperone audit', { timeout: 120_000 }, () => {
  test('verify says in a sentence or in JSON whether the log is whole, with its exit code', async () => {
    expect(await run('verify', audit)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^OK {2}The log is whole: /),
    });
    const json = await run('verify', audit, '--json', '--keys', key);
    expect(parseObject(json.out)).toMatchObject({ verdict: 'ok', origin: 'glow.example/1' });
    const forged = join(place, 'forged.cal');
    const segment = join(audit, 'seg', segmentOne);
    await copyFile(segment, forged);
    const bytes = await readFile(segment);
    bytes[bytes.length - 40] = 0x21;
    await writeFile(segment, bytes);
    const broken = await run('verify', audit);
    expect(broken).toMatchObject({ code: 3, out: expect.stringMatching(/^CORRUPT {2}Record \d+/) });
    await copyFile(forged, segment);
    expect(await run('verify', join(place, 'none'))).toMatchObject({ code: 5 });
  });

  test('show prints clear members without the key, and with it what was encrypted, on record', async () => {
    const clear = await run('show', audit, '--call', 'call-1', '--unrecorded');
    expect(clear.err).toContain('Not recorded');
    // Another reading of this call may be on record by now.
    expect(clear.out.split('\n').filter((line) => !line.includes('access.read'))).toHaveLength(7);
    expect(clear.out).not.toContain(caller);
    const opened = await run(
      'show',
      audit,
      '--caller',
      caller,
      '--keys',
      key,
      '--as',
      'ann',
      '--why',
      'TREAT',
      '--json',
    );
    expect(opened.out).toContain('"callSid":"CA1"');
    const last = await run('show', audit, '--last', '1', '--json', '--unrecorded');
    expect(parseObject(last.out)).toMatchObject({
      members: {
        k: 'access.read',
        a: 'user:ann',
        why: 'TREAT',
        f: { query: 'show', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
    });
    expect(await run('show', audit, '--caller', caller)).toMatchObject({ code: 78, out: '' });
    expect(await run('show', audit, '--last', '0')).toMatchObject({ code: 1 });
    await chmod(key, 0o444);
    expect(await run('show', audit, '--keys', key)).toMatchObject({
      code: 78,
      err: expect.stringContaining('others can use it'),
    });
    await chmod(key, 0o400);
  });

  test('accounting leaves out operations and keeps what must be accounted for', async () => {
    const text = await run('accounting', audit, '--caller', caller, '--keys', key);
    expect(text.out).toContain('45 CFR 164.528');
    expect(text.out).toContain('party:court (court.example)');
    expect(text.out).toContain('1 x health care operations');
    const all = parseObject((await run('accounting', audit, '--caller', caller, '--keys', key, '--all', '--json')).out);
    expect(all?.['disclosures']).toMatchObject([
      { recipient: 'party:court', purpose: 'JUDICIAL' },
      { recipient: 'vendor:demo', what: 'call audio and transcript, 50 frames; PHONE removed 2; NAME removed 1' },
    ]);
    expect(await run('accounting', audit, '--caller', '+15125559999', '--keys', key)).toMatchObject({
      code: 1,
      out: '',
    });
  });

  test('activity is a review as text, HTML and JSON', async () => {
    const month = new Date().toISOString().slice(0, 7);
    const text = await run('activity', audit, '--month', month, '--unrecorded');
    expect(text.out).toContain('164.308(a)(1)(ii)(D)');
    expect(text.out).toMatch(/2 {2}PHONE redacted/);
    expect(text.out).toMatch(/1 {2}sec\.signature SIGNATURE_INVALID/);
    const html = await run('activity', audit, '--month', month, '--format', 'html', '--keys', key, '--as', 'ann');
    expect(html.out).toMatch(/^<!doctype html>[^]*<\/html>\n$/);
    const json = parseObject((await run('activity', audit, '--month', month, '--format', 'json', '--keys', key)).out);
    expect(json).toMatchObject({
      month,
      calls: {
        admitted: 2,
        'ended CALLER_CLOSED': 1,
        'handed to a human (twiml)': 1,
        'not moved by redirect, another way was gone': 1,
      },
      vendors: { 'vendor:demo connect': 1 },
    });
    expect(JSON.stringify(json)).toContain(`activity ${month}`);
    expect(await run('activity', audit, '--month', '2026-13')).toMatchObject({ code: 64 });
  });

  test('export writes FHIR, OCSF and CSV', async () => {
    const fhir = (await run('export', audit, '--format', 'fhir', '--unrecorded')).out
      .trimEnd()
      .split('\n')
      .map((line) => parseObject(line));
    expect(fhir.find((event) => JSON.stringify(event).includes('disclosure.begin'))).toMatchObject({
      resourceType: 'AuditEvent',
      type: { code: '110106' },
      action: 'R',
      outcome: '0',
      agent: [{ requestor: true }, { requestor: false, network: { address: 'voice.example', type: '1' } }],
      source: { observer: { identifier: { value: 'glow.example/1' } } },
    });
    const ocsf = (await run('export', audit, '--format', 'ocsf', '--unrecorded')).out
      .trimEnd()
      .split('\n')
      .map((line) => parseObject(line));
    expect(ocsf[3]).toMatchObject({ class_uid: 6003, attestation: { chain_uid: 'glow.example/1' } });
    const csv = (await run('export', audit, '--format', 'csv', '--keys', key)).out.split('\n');
    expect(csv[0]).toMatch(/^index,time,kind,/);
    expect(csv.join('\n')).toContain('"{""subject"":""=cmd()""}"');
    const last = await run('show', audit, '--last', '1', '--json', '--unrecorded');
    expect(parseObject(last.out)).toMatchObject({ members: { k: 'access.export', f: { query: 'export csv' } } });
  });

  test('hold, erase with a certificate, check and prove', async () => {
    const hold = await run('hold', 'set', audit, '--caller', caller, '--matter', 'case 26-114', '--keys', key);
    const [id = ''] = hold.out.split(' ');
    expect(await run('erase', audit, '--caller', caller, '--keys', key)).toMatchObject({
      code: 3,
      out: expect.stringContaining('case 26-114'),
    });
    expect((await run('hold', 'list', audit, '--keys', key, '--as', 'ann')).out).toContain(id);
    const read = await run('show', audit, '--last', '1', '--json', '--unrecorded');
    expect(parseObject(read.out)).toMatchObject({
      members: { k: 'access.read', a: 'user:ann', f: { query: 'hold list' } },
    });
    expect(await run('hold', 'clear', audit, id, '--keys', key)).toMatchObject({ code: 0 });

    const certificate = join(place, 'certificate.json');
    const erased = await run(
      'erase',
      audit,
      '--caller',
      caller,
      '--keys',
      key,
      '--as',
      'ann',
      '--note',
      'asked by letter',
      '--certificate',
      certificate,
    );
    expect(erased).toMatchObject({ code: 0, out: expect.stringMatching(/^Erased: \d+ records/) });
    const vkey = /"vkey":"([^"]+)"/.exec(await readFile(join(audit, 'log.json'), 'utf8'))?.[1] ?? '';
    expect(await run('check', certificate, '--vkey', vkey)).toMatchObject({ code: 0 });
    await writeFile(certificate, (await readFile(certificate, 'utf8')).replace('"subject": "', '"subject": "0'));
    expect(await run('check', certificate, '--vkey', vkey)).toMatchObject({ code: 2 });
    expect(await run('erase', audit, '--caller', caller, '--keys', key)).toMatchObject({ code: 1 });
    expect(await run('erase', audit, '--caller', '512 555', '--keys', key)).toMatchObject({ code: 64 });
    expect(await run('erase', audit, '--caller', caller, '--note', 'from 1 512 555 0143', '--keys', key)).toMatchObject(
      { code: 64 },
    );

    const proof = join(place, 'record-2');
    expect(await run('prove', audit, '2', '--out', proof, '--keys', key)).toMatchObject({ code: 0 });
    expect(await run('check', proof, '--vkey', vkey)).toMatchObject({ code: 0 });
    const note = join(place, 'kept.note');
    await copyFile(join(audit, 'checkpoint'), note);
    expect(await run('prove', audit, '--since', note)).toMatchObject({
      code: 0,
      out: expect.stringContaining('only grew'),
    });
    expect(await run('prove', audit, '99999', '--keys', key)).toMatchObject({ code: 5 });
  });

  test('purge and rotate', async () => {
    expect(await run('purge', audit, '--keys', key, '--dry-run')).toMatchObject({
      code: 0,
      out: expect.stringContaining('Nothing was purged'),
    });
    expect((await run('purge', audit, '--keys', key, '--content', '90')).out).toContain('0 keys destroyed');
    const next = join(place, 'next');
    await createKeyFile(next);
    const rotated = await run('rotate', audit, '--keys', key, '--new-keys', next);
    expect(rotated).toMatchObject({ code: 0, out: expect.stringContaining('Destroy the old key') });
    const id = /--destroyed ([0-9a-f]{16})/.exec(rotated.out)?.[1] ?? '';
    expect(await run('rotate', audit, '--keys', next, '--destroyed', id)).toMatchObject({ code: 0 });
    expect(await run('show', audit, '--keys', key)).toMatchObject({ code: 78 });
    expect((await run('show', audit, '--keys', next, '--caller', '+15125550188')).out).toContain('CA3');
    expect(await run('verify', audit, '--keys', next)).toMatchObject({ code: 0 });
  });

  test('purge stops before damage with its own exit code, and goes on once that is accepted', async () => {
    const old = join(place, 'old');
    const days = (number: number): number => number * 86_400_000;
    const start = Date.now() - days(20);
    let elapsed = 0;
    const clocks = { now: () => start + elapsed, monotonic: () => elapsed };
    const options = { directory: old, keys: await openKeyFile(key), origin: 'glow.example/2', practice: 'Glow' };
    const log = await openFileLog({ ...options, ...clocks });
    for (; elapsed < days(20); elapsed += days(1)) {
      for (let at = 0; at < 20; at += 1)
        log.record({ kind: 'phi.redacted', actor: 'system', outcome: 'ok', call: `c${at}` });
      await log.settled();
    }
    await log.close();
    const [, second = ''] = (await readdir(join(old, 'seg'))).filter((name) => name.endsWith('.cal')).sort();
    const file = join(old, 'seg', second);
    const purge = (): Promise<VerbResult> => run('purge', old, '--keys', key, '--days', '15');
    const running = await openFileLog({ ...options, now: Date.now, monotonic: () => performance.now() });
    await chmod(file, 0o600);
    await writeFile(file, (await readFile(file, 'utf8')).replace('phi.redacted', 'phi.redactet'));
    expect(await purge()).toMatchObject({ code: 3, out: expect.stringMatching(/^Nothing was purged: .* is damaged/) });
    await running.close();
    // A start reads again what was closed last: up to 1 GiB.
    expect(await purge()).toMatchObject({ code: 3, err: expect.stringContaining('is not the one that was closed') });
    expect(await run('repair', old, '--keys', key, '--accept-loss', '--as', 'ann')).toMatchObject({ code: 0 });
    expect(await purge()).toMatchObject({ code: 0, out: expect.stringContaining('within the retention') });
    expect(await run('verify', old)).toMatchObject({ code: 0, out: expect.stringContaining('user:ann') });
  });
});
