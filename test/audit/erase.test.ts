import { describe, expect, test } from 'vitest';
import { parseVerifierKey } from '../../src/audit/checkpoint.ts';
import { checkProof } from '../../src/audit/prove.ts';
import { showLog } from '../../src/audit/show.ts';
import { verifyLog } from '../../src/audit/verify.ts';
import { Disk } from './support/disk.ts';
import { descriptionPath } from './support/forge.ts';
import { eventNumber, openLog, testKeys } from './support/log.ts';

const caller = '+15125550143';
const other = '+15125550188';
const by = 'user:ann';

async function logWithCallers(disk: Disk): ReturnType<typeof openLog> {
  const opened = await openLog('/log', { files: disk, limits: { segmentBytes: 6_000 } });
  for (let at = 0; at < 60; at += 1) opened.log.record(eventNumber(at, at % 8 < 4 ? caller : other));
  await opened.log.settled();
  return opened;
}

function readable(disk: Disk, who: string): Promise<number> {
  return showLog('/log', { files: disk, keys: testKeys, caller: who }).then(
    (shown) => shown.filter((record) => record.sealed).length,
  );
}

/** All bytes of the disk, also of files that have no name any more. */
function holdsAnywhere(disk: Disk, text: string): boolean {
  return disk.everyByte().some((bytes) => bytes.includes(text));
}

describe('erasing one caller', () => {
  test('leaves the caller unreadable and unknown, the others readable, the log whole and the certificate provable', async () => {
    const disk = new Disk();
    const { log } = await logWithCallers(disk);
    const before = await readable(disk, caller);
    expect(before).toBeGreaterThan(5);
    const wrapped = disk
      .paths()
      .filter((path) => path.includes('/keys/dir/'))
      .map((path) => disk.bytes(path).toString());

    const receipt = await log.erase({ caller, by, note: 'asked in person, identity card seen' });
    expect(receipt).toMatchObject({ outcome: 'erased', records: 33 });
    if (receipt.outcome !== 'erased') throw new Error('It was not erased');
    const { body, proof } = await log.prove(receipt.done);
    await log.close();

    expect(await readable(disk, caller)).toBe(0);
    expect(await showLog('/log', { files: disk, keys: testKeys, caller })).toEqual([]);
    expect(await readable(disk, other)).toBeGreaterThan(5);
    const shown = await showLog('/log', { files: disk, keys: testKeys });
    expect(shown.filter((record) => record.unreadable)).toHaveLength(before);
    expect(shown.find((record) => record.members['k'] === 'erase.request')?.sealed).toEqual({
      note: 'asked in person, identity card seen',
    });
    expect(await verifyLog('/log', { files: disk, keys: testKeys })).toMatchObject({ verdict: 'ok', warnings: [] });

    const vkey = parseVerifierKey(/"vkey":"([^"]+)"/.exec(disk.bytes(descriptionPath).toString())?.[1] ?? '');
    expect(checkProof(body, proof, vkey === undefined ? [] : [vkey])).toBe(true);
    expect(body).toContain(receipt.subject);
    expect(body).toContain(receipt.keys.join(' '));
    // Neither the number nor the wrapped key is anywhere, not even where no file leads to.
    expect(holdsAnywhere(disk, caller)).toBe(false);
    const lost = wrapped.filter((content) => !holdsAnywhere(disk, content));
    expect(lost).toHaveLength(1);
  });

  test('gives the caller a new reference on the next call', async () => {
    const disk = new Disk();
    const { log } = await logWithCallers(disk);
    const receipt = await log.erase({ caller, by });
    log.record(eventNumber(0, caller));
    await log.close();
    const shown = await showLog('/log', { files: disk, keys: testKeys, caller });
    expect(shown.map((record) => record.members['k'])).toEqual(['key.create', 'call.admit']);
    expect(receipt.outcome === 'erased' ? receipt.subject : '').not.toBe(shown[0]?.members['s']);
  });

  test('of someone whom the log does not know is recorded and changes nothing', async () => {
    const disk = new Disk();
    const { log } = await logWithCallers(disk);
    expect(await log.erase({ caller: '+15125559999', by })).toEqual({ outcome: 'unknown' });
    await log.close();
    const shown = await showLog('/log', { files: disk, keys: testKeys });
    expect(shown.at(-1)?.members).toMatchObject({ k: 'erase.refused', o: 'refused' });
  });

  test('twice is the second time of someone unknown', async () => {
    const { log } = await logWithCallers(new Disk());
    expect(await log.erase({ caller, by })).toMatchObject({ outcome: 'erased' });
    expect(await log.erase({ caller, by })).toEqual({ outcome: 'unknown' });
    await log.close();
  });

  test('[E12] waits for the end of a call that the caller is on', async () => {
    const disk = new Disk();
    const { log } = await logWithCallers(disk);
    log.record({ kind: 'call.admit', call: 'live', caller, actor: 'system', outcome: 'ok' });
    expect(await log.erase({ caller, by })).toMatchObject({ outcome: 'waiting' });
    expect(await readable(disk, caller)).toBeGreaterThan(5);
    log.record({ kind: 'call.end', call: 'live', caller, actor: 'system', outcome: 'ok' });
    await expect.poll(() => readable(disk, caller)).toBe(0);
    await log.close();
    const kinds = (await showLog('/log', { files: disk })).map((record) => record.members['k']);
    expect(kinds.indexOf('erase.done')).toBeGreaterThan(kinds.lastIndexOf('call.end'));
  });

  test('that waits is done at the next start when the process ends first', async () => {
    const disk = new Disk();
    const { log } = await logWithCallers(disk);
    log.record({ kind: 'call.admit', call: 'live', caller, actor: 'system', outcome: 'ok' });
    await log.erase({ caller, by });
    const later = disk.afterKill();
    const again = await openLog('/log', { files: later });
    await again.log.close();
    expect(await readable(later, caller)).toBe(0);
    expect((await showLog('/log', { files: later })).some((record) => record.members['k'] === 'erase.done')).toBe(true);
  });

  test(
    '[E13] interrupted at any step is finished at the next start, or was not begun',
    { timeout: 60_000 },
    async () => {
      const model = new Disk();
      const { log } = await logWithCallers(model);
      const from = model.steps.length;
      await log.erase({ caller, by });
      const steps = model.steps.slice(from);
      expect(steps.length).toBeGreaterThan(10);
      const states = new Set<string>();
      for (let step = 0; step < steps.length; step += 1) {
        const disk = new Disk();
        const opened = await logWithCallers(disk);
        const start = disk.steps.length;
        disk.fault = (at) => (at === start + step ? 'crash' : 'none');
        await opened.log.erase({ caller, by }).catch(() => undefined);
        const later = disk.afterKill();
        const again = await openLog('/log', { files: later });
        await again.log.close();
        const kinds = (await showLog('/log', { files: later })).map((record) => record.members['k']);
        const left = await readable(later, caller);
        states.add(`${kinds.includes('erase.done') ? 'done' : 'not begun'}, ${left > 0 ? 'readable' : 'gone'}`);
        expect(later.paths().filter((path) => /pending\/.*json$/.test(path))).toEqual([]);
        expect(await verifyLog('/log', { files: later })).toMatchObject({ verdict: 'ok' });
      }
      expect([...states].sort()).toEqual(['done, gone', 'not begun, readable']);
    },
  );

  test('is done again when an older copy of the keys is put back', async () => {
    const disk = new Disk();
    const { log } = await logWithCallers(disk);
    const backup = disk
      .paths()
      .filter((path) => path.includes('/keys/'))
      .map((path) => [path, disk.bytes(path)] as const);
    await log.erase({ caller, by });
    await log.close();
    for (const [path, bytes] of backup) disk.put(path, bytes);
    disk.remove('/log/keys/erased.json');
    expect(await readable(disk, caller)).toBeGreaterThan(5);
    const again = await openLog('/log', { files: disk });
    await again.log.close();
    expect(await readable(disk, caller)).toBe(0);
    expect(await readable(disk, other)).toBeGreaterThan(5);
  });
});

describe('a legal hold', () => {
  test('forbids erasing the caller until it is cleared, and is on record', async () => {
    const disk = new Disk();
    const { log } = await logWithCallers(disk);
    const hold = await log.hold({ caller, matter: 'case 26-114', by });
    expect(await log.erase({ caller, by })).toMatchObject({
      outcome: 'held',
      hold: { id: hold.id, matter: 'case 26-114' },
    });
    expect(await log.erase({ caller: other, by })).toMatchObject({ outcome: 'erased' });
    await log.close();
    const again = await openLog('/log', { files: disk });
    expect(await again.log.holds()).toEqual([hold]);
    await again.log.release(hold.id, by);
    await expect(again.log.release(hold.id, by)).rejects.toMatchObject({ code: 'HOLD_UNKNOWN' });
    expect(await again.log.erase({ caller, by })).toMatchObject({ outcome: 'erased' });
    await again.log.close();
    const kinds = (await showLog('/log', { files: disk })).map((record) => record.members['k']);
    expect(kinds.filter((kind) => /^(?:hold|erase)\./.test(String(kind)))).toEqual([
      'hold.set',
      'erase.request',
      'erase.refused',
      'erase.request',
      'erase.done',
      'hold.clear',
      'erase.request',
      'erase.done',
    ]);
  });

  test('on the whole log forbids every erasure', async () => {
    const { log } = await logWithCallers(new Disk());
    await log.hold({ matter: 'case 26-115', by });
    expect(await log.erase({ caller: other, by })).toMatchObject({ outcome: 'held' });
    await log.close();
  });

  test('can be set on a caller who has not called yet', async () => {
    const { log } = await logWithCallers(new Disk());
    await log.hold({ caller: '+15125550777', matter: 'case 26-116', by });
    log.record(eventNumber(0, '+15125550777'));
    expect(await log.erase({ caller: '+15125550777', by })).toMatchObject({ outcome: 'held' });
    await log.close();
  });

  test('list that was changed refuses instead of being taken for empty', async () => {
    const disk = new Disk();
    const { log } = await logWithCallers(disk);
    await log.hold({ caller, matter: 'case 26-117', by });
    disk.put('/log/keys/holds.json', Buffer.from('AAAA'));
    await expect(log.erase({ caller, by })).rejects.toMatchObject({ code: 'HOLDS_CORRUPT' });
    await log.close();
  });
});
