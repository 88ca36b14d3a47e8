/** Several processes on one listener, while the log may take no call: the fleet in this process, its workers in their own. */
import { readdir, readFile } from 'node:fs/promises';
import { afterEach, expect, it } from 'vitest';
import { openAuditLog } from '../../src/server/audit-log.ts';
import { loadConfig } from '../../src/server/config/load.ts';
import { ask, callSidOf, carrierOf, type Carrier, type TwimlAnswer } from '../../src/server/demo/carrier.ts';
import { buildScene, tearDown, type Scene } from '../../src/server/demo/scene.ts';
import { createLog } from '../../src/server/logger.ts';
import { Fleet } from '../../src/server/workers/fleet.ts';
import { serveVault, vaultToken, type KeyService } from '../audit/support/key-services.ts';
import { eventually as within } from './stage.ts';

const limitMs = 60_000;
const eventually = (what: () => boolean | Promise<boolean>): Promise<void> => within(what, limitMs);

let service: KeyService;
let scene: Scene;
let fleet: Fleet;
const { NODE_OPTIONS } = process.env;

async function open(): Promise<Carrier> {
  // Workers are started from their sources.
  process.env['NODE_OPTIONS'] = '--import tsx';
  process.env['LOG_TOKEN'] = vaultToken;
  service = await serveVault();
  const key = { vault: service.url, name: 'audit', token: '${LOG_TOKEN}', away_minutes: 0 };
  scene = await buildScene((made) => ({
    ...made,
    workers: 2,
    log: { level: 'error' },
    limits: { busy_percent: 100, lag_ms: 10_000 },
    audit: { directory: './audit', key },
  }));
  const loaded = await loadConfig(scene.config, process.env);
  if ('faults' in loaded) throw new Error(JSON.stringify(loaded.faults));
  const nothing = (): void => undefined;
  const audit = await openAuditLog(loaded.config, nothing, nothing, { limits: { keyCheckEvery: 50 } });
  fleet = new Fleet(loaded.config, audit, createLog('error', { write: nothing }));
  await fleet.listen();
  return carrierOf(scene);
}

afterEach(async () => {
  await fleet.drain();
  await service.close();
  await tearDown(scene);
  delete process.env['LOG_TOKEN'];
  if (NODE_OPTIONS === undefined) delete process.env['NODE_OPTIONS'];
  else process.env['NODE_OPTIONS'] = NODE_OPTIONS;
}, limitMs);

/** The workers that run, of those that this process started. */
async function workerPids(): Promise<number[]> {
  const found: number[] = [];
  for (const thread of await readdir('/proc/self/task')) {
    const children = await readFile(`/proc/self/task/${thread}/children`, 'utf8').catch(() => '');
    for (const pid of children.split(' ').filter(Boolean)) {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      if (command.includes('workers/main.ts')) found.push(Number(pid));
    }
  }
  return found;
}

it(
  '[E11] a worker that is hired while the key service is away takes no call, until it answers again',
  async () => {
    const carrier = await open();
    const answer = (): Promise<TwimlAnswer | undefined> =>
      ask(carrier, 'front-desk', callSidOf(1)).catch(() => undefined);
    const takesCalls = async (): Promise<boolean> => (await answer())?.streamUrl !== undefined;
    expect(await takesCalls()).toBe(true);
    service.mode = 'away';
    await eventually(async () => !(await takesCalls()) && !(await takesCalls()));
    const before = await workerPids();
    expect(before).toHaveLength(2);
    for (const pid of before) process.kill(pid, 'SIGKILL');
    let first: TwimlAnswer | undefined;
    await eventually(async () => (first = await answer()) !== undefined);
    const answers = [first];
    for (let count = 0; count < 6; count += 1) answers.push(await answer());
    expect((await workerPids()).filter((pid) => !before.includes(pid))).toHaveLength(2);
    for (const { twiml } of answers.filter((each) => each !== undefined)) expect(twiml).toContain('<Dial>');
    expect(answers.map((each) => each?.streamUrl)).toEqual(answers.map(() => undefined));
    service.mode = 'well';
    await eventually(takesCalls);
  },
  limitMs,
);
