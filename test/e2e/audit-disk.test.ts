import { spawnSync } from 'node:child_process';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { nodeFiles, type FileLayer, type OpenFile } from '../../src/audit/durable.ts';
import { showLog } from '../../src/audit/show.ts';
import { verifyLog } from '../../src/audit/verify.ts';
import { ask, callSidOf, openStream, UpgradeRefused } from '../../src/server/demo/carrier.ts';
import { mediaFrame } from '../../src/server/demo/streams.ts';
import { buildScene, tearDown } from '../../src/server/demo/scene.ts';
import { Program } from './program.ts';
import { closed, eventually, Stage } from './stage.ts';

/** The real disk, whose fsync of a segment can be made to hang or to fail. */
class SickDisk {
  sync: () => Promise<void> = () => Promise.resolve();

  readonly files: FileLayer = {
    ...nodeFiles,
    open: async (path, how, permission) => {
      const file = await nodeFiles.open(path, how, permission);
      return path.endsWith('.cal') ? this.#sick(file) : file;
    },
  };

  #sick(file: OpenFile): OpenFile {
    return {
      write: (bytes, position) => file.write(bytes, position),
      read: (into, position) => file.read(into, position),
      datasync: () => this.sync().then(() => file.datasync()),
      truncate: (length) => file.truncate(length),
      facts: () => file.facts(),
      close: () => file.close(),
    };
  }
}

let stage: Stage | undefined;
afterEach(async () => {
  await stage?.curtain();
  stage = undefined;
});

const takesCalls = async (on: Stage): Promise<boolean> =>
  (await ask(on.carrier, 'front-desk', callSidOf(70))).streamUrl !== undefined;
const ready = async (on: Stage): Promise<number> =>
  (await fetch(`http://127.0.0.1:${on.scene.adminPort}/readyz`)).status;

describe('a disk under a running service', { timeout: 60_000 }, () => {
  it('[E2] that hangs: a live call is held, then a human takes it; a new one is refused while it waits', async () => {
    const disk = new SickDisk();
    const on = (stage = await Stage.open({ audit: { files: disk.files } }));
    const { socket, streamSid } = await on.started();
    socket.send(mediaFrame(streamSid, 0, '//8='));
    await eventually(() => on.vendor.sessions.some(({ audioFrames }) => audioFrames === 1));
    const { streamUrl = '' } = await ask(on.carrier, 'front-desk', callSidOf(71));
    let answer = (): void => undefined;
    const hanging = new Promise<void>((resolve) => (answer = resolve));
    disk.sync = () => hanging;
    const ended = closed(socket);
    const refused: unknown = await openStream(on.carrier, streamUrl).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UpgradeRefused);
    expect(refused).toMatchObject({ status: 503 });
    expect(await takesCalls(on)).toBe(false);
    expect(await ready(on)).toBe(503);
    expect((await ended).reason).toBe('AUDIT_LAGGING');
    const frames = on.vendor.sessions.map(({ audioFrames }) => audioFrames);
    answer();
    await eventually(() => takesCalls(on));
    expect(on.vendor.sessions.map(({ audioFrames }) => audioFrames)).toEqual(frames);
    await on.stop();
    expect(await on.events()).toContain('call.end AUDIT_LAGGING');
    const admitted = (await on.records()).filter(({ members }) => members['k'] === 'call.admit');
    const ends = (await on.records()).filter(({ members }) => members['k'] === 'call.end');
    expect(ends.map(({ members }) => members['c']).sort()).toEqual(admitted.map(({ members }) => members['c']).sort());
  });

  it('[E3] that answers EIO: all calls go to a human, nothing is tried again, and the log is whole', async () => {
    const disk = new SickDisk();
    const on = (stage = await Stage.open({ audit: { files: disk.files } }));
    const { socket } = await on.started();
    const { streamUrl = '' } = await ask(on.carrier, 'front-desk', callSidOf(72));
    let tried = 0;
    disk.sync = () => {
      tried += 1;
      return Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO' }));
    };
    const ended = closed(socket);
    await expect(openStream(on.carrier, streamUrl)).rejects.toBeInstanceOf(UpgradeRefused);
    expect((await ended).reason).toBe('AUDIT_UNAVAILABLE');
    expect(await takesCalls(on)).toBe(false);
    expect(await ready(on)).toBe(503);
    expect(await on.metrics()).toMatch(/^chaperone_audit_failed 1$/mu);
    expect(tried).toBe(1);
  });

  it.each([
    ['removed', (directory: string) => rm(directory, { recursive: true })],
    [
      'replaced by a copy of it',
      async (directory: string) => {
        await cp(directory, `${directory}.copy`, { recursive: true });
        await rename(directory, `${directory}.old`);
        await rename(`${directory}.copy`, directory);
      },
    ],
  ])('[E4] whose directory is %s: all calls go to a human', async (_what, spoil) => {
    const on = (stage = await Stage.open({ audit: { limits: { watchEvery: 0 } } }));
    const { socket } = await on.started();
    const { streamUrl = '' } = await ask(on.carrier, 'front-desk', callSidOf(73));
    const kept = join(on.scene.directory, 'kept');
    await cp(on.scene.auditDirectory, kept, { recursive: true });
    const ended = closed(socket);
    await spoil(on.scene.auditDirectory);
    await expect(openStream(on.carrier, streamUrl)).rejects.toBeInstanceOf(UpgradeRefused);
    expect((await ended).reason).toBe('AUDIT_UNAVAILABLE');
    expect(await takesCalls(on)).toBe(false);
    await on.stop();
    await rm(on.scene.auditDirectory, { recursive: true, force: true });
    await rename(kept, on.scene.auditDirectory);
  });
});

// A file system cannot be made read-only while the segment is open on it for writing (EBUSY): only the kernel does that, on
// an error of the device. What the log does then is tested with EROFS from a file layer, test/audit/disk.test.ts.
it.skipIf(process.getuid?.() !== 0)(
  '[E4] a file system that is read-only at the start (needs root): exit 74, in words',
  { timeout: 120_000 },
  async () => {
    const scene = await buildScene();
    const start = (): Program => new Program(['serve', '--config', scene.config]);
    await mkdir(scene.auditDirectory);
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', scene.auditDirectory]).status).toBe(0);
    try {
      const first = start();
      await first.ready();
      expect(await first.stop()).toBe(0);
      const remount = (how: string): void =>
        expect(spawnSync('mount', ['-o', `remount,${how}`, scene.auditDirectory]).status).toBe(0);
      remount('ro');
      const refused = start();
      expect(await refused.ended).toBe(74);
      expect(refused.output).toMatch(/EROFS|read-only/u);
      remount('rw');
      const again = start();
      await again.ready();
      expect(await again.stop()).toBe(0);
      expect((await verifyLog(scene.auditDirectory)).exitCode).toBe(0);
      expect((await showLog(scene.auditDirectory)).filter(({ members }) => members['k'] === 'proc.start')).toHaveLength(
        2,
      );
    } finally {
      expect(spawnSync('umount', [scene.auditDirectory]).status).toBe(0);
      await tearDown(scene);
    }
  },
);
