import { describe, expect, test } from 'vitest';
import { accountFor, describeAccounting } from '../../src/audit/accounting.ts';
import { amendmentEvent, type AmendRequest } from '../../src/audit/amend.ts';
import type { FileLog } from '../../src/audit/file-log.ts';
import { openSource } from '../../src/audit/reader.ts';
import { showLog } from '../../src/audit/show.ts';
import { verifyLog } from '../../src/audit/verify.ts';
import { Disk } from './support/disk.ts';
import { eventNumber, openLog, segmentOne, testKeys } from './support/log.ts';

const caller = '+15125550143';
const segment = `/log/seg/${segmentOne}`;

async function openedLog(): Promise<{ disk: Disk; log: FileLog }> {
  const disk = new Disk();
  const { log } = await openLog('/log', { files: disk });
  for (const at of [0, 1]) log.record(eventNumber(at, caller));
  const network = { host: 'court.example' };
  const common = { call: 'call-0', caller, actor: 'party:court', outcome: 'ok', network } as const;
  log.record({ ...common, kind: 'disclosure.begin', purpose: 'JUDICIAL' });
  log.record(eventNumber(3, caller));
  log.record({ kind: 'proc.start', actor: 'system', outcome: 'ok' });
  await log.settled();
  return { disk, log };
}

async function append(disk: Disk, log: FileLog, request: Omit<AmendRequest, 'by'>): Promise<void> {
  const source = await openSource('/log', disk);
  await log.gate(await amendmentEvent(source, testKeys, { by: 'user:ann', ...request }));
}

async function indexOf(disk: Disk, kind: string): Promise<number> {
  const shown = await showLog('/log', { files: disk });
  return shown.find(({ members }) => members['k'] === kind)?.index ?? -1;
}

describe('a correction', () => {
  test('is appended, sealed to the caller, and shown beside the record, which stays as it was', async () => {
    const { disk, log } = await openedLog();
    const before = disk.bytes(segment);
    const record = await indexOf(disk, 'disclosure.begin');
    await append(disk, log, { record, what: 'correction', note: 'the court had another number' });
    await append(disk, log, { record, what: 'denial', note: 'heard again: it is right' });
    await append(disk, log, { record, what: 'disagreement', note: 'I never called' });
    await log.close();
    expect(disk.bytes(segment).subarray(0, before.length)).toEqual(before);
    expect(disk.bytes(segment).includes('the court had')).toBe(false);

    const shown = await showLog('/log', { files: disk, keys: testKeys });
    expect(shown.find(({ index }) => index === record)?.amendments).toMatchObject([
      { what: 'correction', by: 'user:ann', note: 'the court had another number' },
      { what: 'denial', note: 'heard again: it is right' },
      { what: 'disagreement', note: 'I never called' },
    ]);
    const amended = shown.filter(({ members }) => members['k'] === 'record.amend');
    expect(amended.map(({ members }) => members['s'])).toEqual(amended.map(() => shown[record]?.members['s']));
    expect(amended.map(({ members }) => members['o'])).toEqual(['ok', 'refused', 'ok']);
    const clear = await showLog('/log', { files: disk });
    expect(clear.find(({ index }) => index === record)?.amendments?.[0]).not.toHaveProperty('note');
    expect(await verifyLog('/log', { files: disk, keys: testKeys })).toMatchObject({ verdict: 'ok', warnings: [] });
  });

  test('stands in the accounting beside the disclosure', async () => {
    const { disk, log } = await openedLog();
    const record = await indexOf(disk, 'disclosure.begin');
    await append(disk, log, { record, what: 'correction', note: 'the court had another number' });
    await log.close();
    const period = { from: 0, to: Number.MAX_SAFE_INTEGER / 2 ** 10 };
    const accounting = await accountFor([await openSource('/log', disk)], testKeys, caller, period);
    expect(accounting?.disclosures).toMatchObject([{ amendments: [{ note: 'the court had another number' }] }]);
    if (accounting === undefined) throw new Error('The caller is not known');
    expect(describeAccounting(accounting)).toMatch(/correction of \d{4}.* by user:ann \(record \d+\): the court had/);
  });

  test('of a caller who withholds the number goes to the key of the call', async () => {
    const disk = new Disk();
    const { log } = await openLog('/log', { files: disk });
    log.record({ kind: 'call.admit', call: 'hidden', actor: 'system', outcome: 'ok', sealed: { callSid: 'CA7' } });
    await log.settled();
    const record = await indexOf(disk, 'call.admit');
    await append(disk, log, { record, what: 'correction', note: 'it was a test call' });
    await log.close();
    const shown = await showLog('/log', { files: disk, keys: testKeys });
    expect(shown.at(-1)?.members['s']).toBe(shown[record]?.members['s']);
    expect(shown[record]?.amendments).toMatchObject([{ note: 'it was a test call' }]);
  });

  test('is gone with the caller, and cannot be made any more', async () => {
    const { disk, log } = await openedLog();
    const record = await indexOf(disk, 'disclosure.begin');
    await append(disk, log, { record, what: 'correction', note: 'the court had another number' });
    await log.erase({ caller, by: 'user:ann' });
    const refused = append(disk, log, { record, what: 'correction', note: 'again' });
    await expect(refused).rejects.toMatchObject({ code: 'AUDIT_ERASED' });
    await log.close();
    const shown = await showLog('/log', { files: disk, keys: testKeys });
    expect(shown[record]?.amendments?.[0]).not.toHaveProperty('note');
  });

  test('of a record that is about nobody is sealed with the key of the log; of none is refused', async () => {
    const { disk, log } = await openedLog();
    const record = await indexOf(disk, 'proc.start');
    await append(disk, log, { record, what: 'correction', note: 'started by hand' });
    await expect(append(disk, log, { record: 999, what: 'correction', note: '' })).rejects.toMatchObject({
      code: 'AUDIT_MISSING',
      exitCode: 5,
    });
    await log.close();
    const shown = await showLog('/log', { files: disk, keys: testKeys });
    expect(shown[record]?.amendments).toMatchObject([{ note: 'started by hand' }]);
  });
});
