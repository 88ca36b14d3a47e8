import { execFileSync, spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { proveConsistency, proveRecord } from '../../src/audit/prove.ts';
import { Disk } from './support/disk.ts';
import { descriptionPath, notePath } from './support/forge.ts';
import { eventNumber, openLog, temporaryDirectory } from './support/log.ts';

/** Debian's packages golang-go and golang-golang-x-mod-dev put the sources here. */
const goPath = '/usr/share/gocode';
const source = fileURLToPath(new URL('sumdb/main.go', import.meta.url));
const hasGo = spawnSync('go', ['list', 'golang.org/x/mod/sumdb/tlog'], { env: goEnvironment('/tmp') }).status === 0;

function goEnvironment(cache: string): NodeJS.ProcessEnv {
  return { ...process.env, GO111MODULE: 'off', GOPATH: goPath, GOCACHE: join(cache, 'go-build') };
}

interface Input {
  readonly vkey: string;
  readonly older: string;
  readonly newer: string;
  readonly inclusions: readonly { readonly index: number; readonly body: string; readonly path: readonly string[] }[];
  readonly consistency: readonly string[];
}

async function write(disk: Disk, from: number, to: number): Promise<void> {
  const { log } = await openLog('/log', { files: disk, limits: { segmentBytes: 60_000 } });
  for (let at = from; at < to; at += 1) log.record(eventNumber(at));
  await log.close();
}

// Skipped where Go or its x/mod sources are not installed: the check is of another implementation, not of this one.
describe.skipIf(!hasGo)("Go's golang.org/x/mod/sumdb", () => {
  let place: string;
  let program: string;
  let input: Input;

  beforeAll(async () => {
    place = await temporaryDirectory();
    program = join(place, 'sumdb');
    execFileSync('go', ['build', '-o', program, source], { env: goEnvironment(place) });
    const disk = new Disk();
    await write(disk, 0, 400);
    const older = disk.bytes(notePath).toString('utf8');
    await write(disk, 400, 1000);
    const proofs = await Promise.all(
      [0, 255, 256, 617, 999].map(async (index) => ({ index, ...(await proveRecord('/log', index, disk)) })),
    );
    input = {
      vkey: /"vkey":"([^"]+)"/.exec(disk.bytes(descriptionPath).toString())?.[1] ?? '',
      older,
      newer: disk.bytes(notePath).toString('utf8'),
      inclusions: proofs.map(({ index, body, proof }) => ({
        index,
        body,
        path: proof.split('\n\n')[0]?.split('\n').slice(2) ?? [],
      })),
      consistency: await proveConsistency('/log', older, disk),
    };
  }, 180_000);

  afterAll(() => rm(place, { recursive: true }));

  function judge(change: Partial<Input>): string {
    return spawnSync(program, { input: JSON.stringify({ ...input, ...change }) })
      .stdout.toString()
      .trim();
  }

  test('accepts our notes, inclusion proofs and consistency proofs', () => {
    expect(judge({})).toBe('ok');
  });

  test('refuses a changed note, body, index and path', () => {
    expect(judge({ newer: input.newer.replace(/\n\d+\n/, '\n999\n') })).toMatch(/invalid signature|verif/);
    const [first, ...rest] = input.inclusions;
    if (first === undefined) throw new Error('There are proofs');
    expect(judge({ inclusions: [{ ...first, body: first.body.replace('ok', 'no') }, ...rest] })).toMatch(/invalid/);
    expect(judge({ inclusions: [{ ...first, index: 1 }] })).toMatch(/invalid/);
    expect(judge({ consistency: input.consistency.toReversed() })).toMatch(/invalid/);
  });
});
