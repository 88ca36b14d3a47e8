import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openKeyFile } from '../../src/audit/keys/file.ts';
import { showLog } from '../../src/audit/show.ts';
import { verifyLog } from '../../src/audit/verify.ts';
import { ask, callSidOf, carrierOf, type Carrier } from '../../src/server/demo/carrier.ts';
import { mediaFrame } from '../../src/server/demo/streams.ts';
import { createAuthority } from '../../src/server/demo/certificates.ts';
import { buildScene, type Scene } from '../../src/server/demo/scene.ts';
import { canary } from '../../src/server/demo/booking.ts';
import { searchFolder } from '../../src/server/demo/sweep.ts';
import { curtain, Program } from './program.ts';
import { closed, demoVendor, eventually, startCall, type StageVendor, type StartedCall } from './stage.ts';

let scene: Scene;
let vendor: StageVendor;
let carrier: Carrier;
let program: Program | undefined;

beforeEach(async () => {
  scene = await buildScene();
  vendor = await demoVendor(scene);
  carrier = carrierOf(scene);
});
afterEach(async () => {
  await curtain(scene, vendor, program);
  program = undefined;
});

const start = (): Program => new Program(['serve', '--config', scene.config], { built: true });

async function serve(): Promise<Program> {
  program = start();
  await program.ready(15_000);
  return program;
}

const place = (): Promise<StartedCall> => startCall(carrier, callSidOf(Math.floor(performance.now())));

const admin = (path: string): Promise<{ status: number; text: string }> =>
  fetch(`http://127.0.0.1:${scene.adminPort}${path}`).then(async (response) => ({
    status: response.status,
    text: await response.text(),
  }));

const metric = async (name: string): Promise<number> => {
  const line = (await admin('/metrics')).text.split('\n').find((text) => text.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1));
};

describe('[E5] kill -9 during a call', () => {
  it('leaves a log that verifies, with every acknowledged event, and the next start goes on with it', async () => {
    const running = await serve();
    const { socket, streamSid } = await place();
    for (let index = 0; index < 20; index += 1) socket.send(mediaFrame(streamSid, index, '//8='));
    await eventually(() => vendor.sessions.some(({ audioFrames }) => audioFrames === 20));
    const acknowledged = await metric('chaperone_audit_tree_size');
    running.child.kill('SIGKILL');
    await running.ended;
    const verdict = await verifyLog(scene.auditDirectory);
    expect(verdict.exitCode).toBe(0);
    expect(verdict.records).toBeGreaterThanOrEqual(acknowledged);
    const kinds = (await showLog(scene.auditDirectory)).map(({ members }) => members['k']);
    for (const kind of ['call.admit', 'vendor.authorize', 'vendor.connect', 'disclosure.begin'])
      expect(kinds).toContain(kind);
    const again = await serve();
    expect(await again.stop()).toBe(0);
    expect((await verifyLog(scene.auditDirectory)).exitCode).toBe(0);
  });
});

describe('the audit verb', () => {
  it('[E7] verifies the log, and finds one flipped bit', async () => {
    const running = await serve();
    expect(await running.stop()).toBe(0);
    const verify = () =>
      spawnSync(process.execPath, ['dist/server/main.js', 'audit', 'verify', scene.auditDirectory, '--json'], {
        encoding: 'utf8',
      });
    expect(verify().status).toBe(0);
    const [segment] = (await searchFolder(join(scene.auditDirectory, 'seg'), ['proc.start'])).map(({ place }) => place);
    const bytes = await readFile(segment ?? '');
    bytes.writeUInt8(bytes.readUInt8(60) ^ 1, 60);
    await chmod(segment ?? '', 0o600);
    await writeFile(segment ?? '', bytes);
    expect(verify().status).not.toBe(0);
  });

  it('opens what identifies a person only with the key', async () => {
    const running = await serve();
    const { socket } = await place();
    socket.close();
    await running.stop();
    const keys = await openKeyFile(join(scene.directory, 'keys/chaperone.key'));
    const found = await showLog(scene.auditDirectory, { keys, caller: canary.number });
    expect(found.map(({ members }) => members['k'])).toContain('call.admit');
    expect(await showLog(scene.auditDirectory, { keys, caller: '+15125550199' })).toEqual([]);
  });
});

describe('a start that must not succeed', () => {
  const outcome = async (): Promise<{ code: number | null; output: string }> => {
    program = start();
    return { code: await program.ended, output: program.output };
  };
  const key = (): string => join(scene.directory, 'keys/chaperone.key');

  it.each<[string, number, RegExp, () => Promise<unknown>]>([
    ['[E10] a missing key', 78, /no key file/u, () => rm(key())],
    ['[E10] a key that others can read', 78, /mode 0644/u, () => chmod(key(), 0o644)],
    [
      '[E10] a key of the wrong length',
      78,
      /32 random bytes/u,
      async () => {
        await chmod(key(), 0o600);
        await writeFile(key(), 'c2hvcnQ=');
        await chmod(key(), 0o400);
      },
    ],
    ['an audit directory that is a file', 74, /audit/u, () => writeFile(scene.auditDirectory, '')],
    [
      '[D1] a configuration with faults',
      78,
      /practice\.name.*wanted/u,
      () => edit((made) => ({ ...made, practice: { profile: 'medspa', time_zone: 'UTC' } })),
    ],
    ['[D1] an unknown key', 78, /did you mean "routes"/u, () => edit((made) => ({ ...made, route: [] }))],
    ['no configuration', 78, /chaperone init/u, () => rm(scene.config)],
  ])('%s: exit %i', async (_name, code, sentence, spoil) => {
    await spoil();
    const ended = await outcome();
    expect(ended.code).toBe(code);
    expect(ended.output).toMatch(sentence);
    expect(ended.output).not.toContain(scene.authToken);
  });

  it('[E10] another key than the one of the log: exit 78', async () => {
    const running = await serve();
    await running.stop();
    await chmod(key(), 0o600);
    await writeFile(key(), Buffer.alloc(32, 7).toString('base64'));
    await chmod(key(), 0o400);
    const ended = await outcome();
    expect(ended.code).toBe(78);
    expect(ended.output).toMatch(/does not open this log/u);
  });

  it('a practice that changes its name goes on with its log', async () => {
    const before = await serve();
    expect(await before.stop()).toBe(0);
    await edit((made) => ({
      ...made,
      practice: { name: 'Cedar & Sage', profile: 'medspa', time_zone: 'America/Chicago' },
    }));
    const after = await serve();
    expect(await after.stop()).toBe(0);
    expect((await verifyLog(scene.auditDirectory)).exitCode).toBe(0);
  });

  it('[E9] a second process on the same log', async () => {
    const first = await serve();
    const second = start();
    expect(await second.ended).not.toBe(0);
    expect(second.output).toMatch(/one log has one writer/u);
    expect(await first.stop()).toBe(0);
  });

  it.skipIf(process.getuid?.() !== 0)(
    '[E1] a full disk (needs root to mount a small file system): exit 74',
    async () => {
      await mkdir(scene.auditDirectory);
      expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', scene.auditDirectory]).status).toBe(0);
      try {
        const ended = await outcome();
        expect(ended.code).toBe(74);
        expect(ended.output).toMatch(/ENOSPC|space/u);
      } finally {
        await program?.kill();
        expect(spawnSync('umount', [scene.auditDirectory]).status).toBe(0);
      }
    },
  );
});

async function edit(change: (made: Record<string, unknown>) => object): Promise<void> {
  const text = stringify(change(parse(await readFile(scene.config, 'utf8')) as Record<string, unknown>));
  await writeFile(`${scene.config}.new`, text);
  await rename(`${scene.config}.new`, scene.config);
}

describe('a new configuration', () => {
  it('[D1] with faults leaves the old one in force, and says so', async () => {
    const running = await serve();
    await edit((made) => ({ ...made, routes: 'none' }));
    await eventually(async () => (await metric('chaperone_policy_rejected')) === 1);
    expect((await ask(carrier, 'front-desk', callSidOf(1))).streamUrl).toBeDefined();
    expect((await admin('/readyz')).status).toBe(200);
    await running.stop();
    expect((await showLog(scene.auditDirectory)).map(({ members }) => members['k'])).toContain('policy.reject');
  });

  it('[D2] that strikes a vendor off the list ends its live calls within a second', async () => {
    await serve();
    const { socket } = await place();
    await eventually(async () => (await metric('chaperone_calls_live')) === 1);
    const ended = closed(socket);
    await edit((made) => ({ ...made, sub_processors: [] }));
    expect((await ended).reason).toBe('VENDOR_REVOKED');
    expect((await ask(carrier, 'front-desk', callSidOf(2))).twiml).toContain('<Dial>');
  });

  it('uses a renewed certificate from the next connection on', async () => {
    const running = await serve();
    const { authority } = carrier;
    const renewed = createAuthority('renewed');
    const { certificate, key } = renewed.issue(['localhost']);
    await writeFile(join(scene.directory, 'tls/calls.key'), key);
    await writeFile(join(scene.directory, 'tls/calls.pem'), certificate);
    await eventually(() => running.output.includes('The new configuration is in force'));
    carrier = { ...carrier, authority: renewed.certificate };
    expect((await ask(carrier, 'front-desk', callSidOf(4))).status).toBe(200);
    await expect(ask({ ...carrier, authority }, 'front-desk', callSidOf(5))).rejects.toThrow(/certificate/u);
  });

  it('is read on SIGHUP', async () => {
    const running = await serve();
    running.child.kill('SIGHUP');
    await eventually(() => running.output.includes('The new configuration is in force'));
  });
});

describe('SIGTERM', () => {
  it('[F6] takes no new call, lets a live one end, and exits 0', async () => {
    const running = await serve();
    const { socket, streamSid } = await place();
    await eventually(async () => (await metric('chaperone_calls_live')) === 1);
    running.child.kill('SIGTERM');
    await eventually(async () => (await admin('/readyz')).status === 503);
    expect((await ask(carrier, 'front-desk', callSidOf(3))).twiml).not.toContain('<Connect>');
    socket.send(mediaFrame(streamSid, 0, '//8='));
    await eventually(() => vendor.sessions.some(({ audioFrames }) => audioFrames === 1));
    await sleep(50);
    socket.close();
    expect(await running.ended).toBe(0);
    const kinds = (await showLog(scene.auditDirectory)).map(({ members }) => members['k']);
    expect(kinds).toContain('proc.stop');
    expect((await verifyLog(scene.auditDirectory)).exitCode).toBe(0);
  });

  it('[F6] hands a call that does not end to a human at the drain limit', async () => {
    await edit((made) => ({ ...made, limits: { drain_s: 0 } }));
    const running = await serve();
    const { socket } = await place();
    const ended = closed(socket);
    await eventually(async () => (await metric('chaperone_calls_live')) === 1);
    running.child.kill('SIGTERM');
    expect((await ended).reason).toBe('DRAINING');
    expect(await running.ended).toBe(0);
  });
});

it.skipIf(process.getuid?.() !== 0)(
  '[E1] a disk that fills up during a call (needs root): the call goes to a human, exit 74',
  async () => {
    await mkdir(scene.auditDirectory);
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=192k', 'tmpfs', scene.auditDirectory]).status).toBe(0);
    try {
      const running = await serve();
      const { socket } = await place();
      const ended = closed(socket);
      while (running.child.exitCode === null)
        await place().then(
          (other) => other.socket.close(),
          () => undefined,
        );
      expect((await ended).reason).toBe('AUDIT_UNAVAILABLE');
      expect(await running.ended).toBe(74);
      expect((await verifyLog(scene.auditDirectory)).exitCode).toBe(0);
    } finally {
      await program?.kill();
      expect(spawnSync('umount', [scene.auditDirectory]).status).toBe(0);
    }
  },
);
