import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKeyFile, openKeyFile } from '../../src/audit/keys/file.ts';
import { verifyLog } from '../../src/audit/verify.ts';
import { openLog, temporaryDirectory } from './support/log.ts';

const child = fileURLToPath(new URL('support/child.ts', import.meta.url));
const runs = Number(process.env['AUDIT_KILL_RUNS'] ?? 6);
let place: string;

beforeAll(async () => {
  place = await temporaryDirectory();
  await createKeyFile(join(place, 'key'));
});

afterAll(() => rm(place, { recursive: true }));

/** Runs a writer, kills it after `acknowledgements`, and resolves to the size it was last told. */
async function killAfter(acknowledgements: number): Promise<number> {
  const writer = spawn(process.execPath, ['--import', 'tsx', child, join(place, 'audit'), join(place, 'key')]);
  let output = '';
  let errors = '';
  let count = 0;
  writer.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  writer.stdout.on('data', (data: Buffer) => {
    output += data.toString();
    count += data.toString().split('\n').length - 1;
    if (count >= acknowledgements) writer.kill('SIGKILL');
  });
  const signal = await new Promise((resolve) => writer.on('close', (_code, name) => resolve(name)));
  expect({ signal, errors }).toEqual({ signal: 'SIGKILL', errors: '' });
  return Number(output.trimEnd().split('\n').at(-1));
}

test(
  `[E5] kill -9, ${runs} times: every acknowledged record is there and the log verifies`,
  { timeout: 20_000 * runs },
  async () => {
    const directory = join(place, 'audit');
    for (let run = 0; run < runs; run += 1) {
      const acknowledged = await killAfter(5 + run * 37);
      const report = await verifyLog(directory);
      expect(report).toMatchObject({ verdict: 'ok' });
      expect(report.records).toBeGreaterThanOrEqual(acknowledged);
    }
    const { log } = await openLog(directory, { keys: await openKeyFile(join(place, 'key')), now: () => Date.now() });
    await log.close();
    expect(await verifyLog(directory)).toMatchObject({ exitCode: 0, warnings: [] });
  },
);
