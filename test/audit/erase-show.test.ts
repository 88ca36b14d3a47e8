import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { certify, checkCertificate } from '../../src/audit/certificate.ts';
import { parseVerifierKey } from '../../src/audit/checkpoint.ts';
import { createKeyFile, openKeyFile } from '../../src/audit/keys/file.ts';
import { openSource } from '../../src/audit/reader.ts';
import { showLog } from '../../src/audit/show.ts';
import { verifyLog } from '../../src/audit/verify.ts';
import { openLog, temporaryDirectory } from './support/log.ts';

const callers = 1_000;
const planted = 617;
const numberOf = (at: number): string => `+1512${String(5_550_000 + at).padStart(7, '0')}`;
let place: string;

beforeAll(async () => {
  place = await temporaryDirectory();
});

afterAll(() => rm(place, { recursive: true }));

/** Files below a directory that hold the number, in any spelling that a careless writer could have used. */
async function holders(number: string): Promise<string[]> {
  const digits = number.replace('+', '');
  const spellings = [number, digits, digits.slice(1)].flatMap((text) => [
    Buffer.from(text),
    Buffer.from(text, 'utf16le'),
    Buffer.from(Buffer.from(text).toString('hex')),
    Buffer.from(Buffer.from(text).toString('base64').replace(/=*$/, '')),
  ]);
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const found = await Promise.all(
    paths.map(async (path) => {
      const bytes = await readFile(path);
      return spellings.some((spelling) => bytes.includes(spelling)) ? [path] : [];
    }),
  );
  return found.flat();
}

test(
  'one caller among a thousand is erased: nobody can read that one, everybody else stays, the log is whole',
  { timeout: 120_000 },
  async () => {
    const directory = join(place, 'audit');
    const keyFile = join(place, 'key');
    await createKeyFile(keyFile);
    const keys = await openKeyFile(keyFile);
    const { log } = await openLog(directory, { keys, limits: { segmentBytes: 200_000 } });
    for (let at = 0; at < callers; at += 1) {
      const common = { call: `call-${at}`, caller: numberOf(at), actor: 'system', outcome: 'ok' } as const;
      log.record({ ...common, kind: 'call.admit', sealed: { callSid: `CA${at}` } });
      log.record({ ...common, kind: 'phi.redacted', counts: { PHONE: 1 } });
      log.record({ ...common, kind: 'call.end' });
      if (at % 50 === 49) await log.settled();
    }
    await log.settled();
    const readable = async (at: number): Promise<readonly unknown[]> =>
      (await showLog(directory, { keys, caller: numberOf(at) })).map(({ sealed }) => sealed?.['caller']);
    expect(await readable(planted)).toContain(numberOf(planted));
    expect(await holders(numberOf(planted))).toEqual([]);

    const receipt = await log.erase({ caller: numberOf(planted), by: 'user:ann' });
    if (receipt.outcome !== 'erased') throw new Error('It was not erased');
    const { description } = await openSource(directory);
    const certificate = await certify(log, receipt, description.keys[0]?.vkey ?? '', Date.now());
    await log.close();

    // Nobody: not by the number, and not with every key that is left.
    expect(await readable(planted)).toEqual([]);
    const shown = await showLog(directory, { keys });
    expect(JSON.stringify(shown)).not.toContain(numberOf(planted));
    const erased = shown.filter(({ members }) => members['c'] === `call-${planted}`);
    expect(erased.map(({ sealed, unreadable }) => [sealed, unreadable])).toEqual([
      [undefined, true],
      [undefined, false],
      [undefined, true],
    ]);
    // Everybody else.
    const numbers = new Set(shown.map(({ sealed }) => sealed?.['caller']).filter((number) => number !== undefined));
    expect(numbers.size).toBe(callers - 1);
    expect(await verifyLog(directory, { keys })).toMatchObject({ verdict: 'ok', exitCode: 0, warnings: [] });

    const vkey = parseVerifierKey(certificate.vkey);
    if (vkey === undefined) throw new Error('The certificate names no key');
    expect(checkCertificate(JSON.stringify(certificate), vkey)).toBe(true);
    expect(checkCertificate(JSON.stringify({ ...certificate, subject: '00' }), vkey)).toBe(false);
    // The raw disk, before and after, and that the search would find a number that is there.
    expect(await holders(numberOf(planted))).toEqual([]);
    expect(await holders('glow.example')).toContain(join(directory, 'log.json'));
  },
);
