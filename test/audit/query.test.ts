import { beforeAll, describe, expect, test } from 'vitest';
import { showLog, type ShownRecord } from '../../src/audit/show.ts';
import { Disk } from './support/disk.ts';
import { segmentPaths } from './support/forge.ts';
import { eventNumber, openLog, testKeys } from './support/log.ts';

const callers = ['+15125550143', '+15125550144', '+15125550145'];
let disk: Disk;

function callerOf(at: number): string {
  return callers[Math.floor(at / 4) % callers.length] ?? '';
}

/** The numbers of the events whose record was found: their notes say them, or the call that they admit. */
function numbers(records: readonly ShownRecord[]): unknown[] {
  return records.map(({ members }) => members['c']);
}

async function write(on: Disk, from: number, to: number): Promise<void> {
  const { log } = await openLog('/log', { files: on, limits: { segmentBytes: 20_000 } });
  for (let at = from; at < to; at += 1) {
    log.record(eventNumber(at, callerOf(at)));
    if (at % 16 === 0) await log.settled();
  }
  await log.close();
}

beforeAll(async () => {
  disk = new Disk();
  await write(disk, 0, 150);
  await write(disk, 150, 300);
});

function indexes(on: Disk): string[] {
  return on.paths().filter((path) => path.endsWith('.idx'));
}

async function find(on: Disk): Promise<{ caller: unknown[]; call: unknown[] }> {
  const caller = await showLog('/log', { files: on, keys: testKeys, caller: '+15125550144' });
  const call = await showLog('/log', { files: on, call: 'call-44' });
  return { caller: numbers(caller.filter((record) => record.members['k'] !== 'key.create')), call: numbers(call) };
}

describe('one caller, one call', () => {
  const expected = {
    caller: Array.from({ length: 300 }, (_, at) => at).flatMap((at) =>
      callerOf(at) === '+15125550144' ? [`call-${at - (at % 4)}`] : [],
    ),
    call: Array.from({ length: 4 }, () => 'call-44'),
  };

  test('are found over closed segments and the open one', async () => {
    expect(segmentPaths(disk).length).toBeGreaterThan(3);
    expect(indexes(disk)).toHaveLength(segmentPaths(disk).length - 1);
    expect(await find(disk)).toEqual(expected);
  });

  test('are found without any index', async () => {
    const bare = disk.copy();
    for (const path of indexes(bare)) bare.remove(path);
    expect(await find(bare)).toEqual(expected);
  });

  test('are found when an index is cut, or is that of another segment', async () => {
    const damaged = disk.copy();
    const [first = '', second = '', third = ''] = indexes(damaged);
    damaged.put(first, damaged.bytes(first).subarray(0, 30));
    damaged.put(second, damaged.bytes(third));
    expect(await find(damaged)).toEqual(expected);
  });

  test('are read from few places: the closed segments are not read as a whole', async () => {
    const watched = disk.copy();
    await showLog('/log', { files: watched, call: 'call-44' });
    expect(watched.reads.filter((path) => path.includes('/seg/'))).toEqual(segmentPaths(disk).slice(-1));
  });

  test('that the log does not know give nothing', async () => {
    expect(await showLog('/log', { files: disk, keys: testKeys, caller: '+15125559999' })).toEqual([]);
    expect(await showLog('/log', { files: disk, call: 'nobody' })).toEqual([]);
  });
});
