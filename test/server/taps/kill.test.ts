import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { nodeFiles } from '../../../src/audit/durable.ts';
import { DiskQueue } from '../../../src/server/taps/queue.ts';

const child = fileURLToPath(new URL('child.ts', import.meta.url));

/** Runs a writer, kills it after so many words of it, and resolves to the number that it said last. */
async function killAfter(directory: string, from: number, words: number): Promise<number> {
  const writer = spawn(process.execPath, ['--import', 'tsx', child, directory, String(from)]);
  let output = '';
  let errors = '';
  writer.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  writer.stdout.on('data', (data: Buffer) => {
    output += data.toString();
    if (output.split('\n').length > words) writer.kill('SIGKILL');
  });
  const signal = await new Promise((resolve) => writer.on('close', (_code, name) => resolve(name)));
  expect({ signal, errors }).toEqual({ signal: 'SIGKILL', errors: '' });
  return Number(output.slice(0, output.lastIndexOf('\n')).split('\n').at(-1));
}

test('kill -9, again and again: every line that was taken is delivered, in order', { timeout: 60_000 }, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'chaperone-queue-'));
  let from = 0;
  const taken: [number, number][] = [];
  for (const words of [3, 40, 200, 1_000]) {
    const to = await killAfter(directory, from, words);
    taken.push([from, to]);
    // The killed one may have stored more than it could say.
    from = to + 100_000;
  }
  const dropped: number[] = [];
  const queue = await DiskQueue.open({
    files: nodeFiles,
    directory,
    key: Buffer.alloc(32, 7),
    name: 'records',
    bytes: 50_000_000,
    ageMs: 3_600_000,
    now: Date.now,
    onDropped: (lines) => dropped.push(lines),
    onFault: (fault) => expect.fail(String(fault)),
  });
  const found: number[] = [];
  for (let batch = await queue.read(); batch !== undefined; batch = await queue.read()) {
    found.push(...batch.lines.map(({ json }) => Number(/\d+/u.exec(json)?.[0])));
    await queue.acknowledge(batch);
  }
  await queue.close();
  const there = new Set(found);
  for (const [first, after] of taken)
    for (let line = first; line < after; line += 1) if (!there.has(line)) expect.fail(`Line ${line} is missing`);
  expect(found).toEqual(found.toSorted((one, other) => one - other));
  expect(dropped).toEqual([]);
  await rm(directory, { recursive: true });
});
