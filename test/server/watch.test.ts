import { mkdir, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Config } from '../../src/server/config.ts';
import { faultLine } from '../../src/server/config/faults.ts';
import { loadConfig } from '../../src/server/config/load.ts';
import { watchConfig, type ConfigWatch } from '../../src/server/watch.ts';
import { document, environment, Practice, sound } from './config/practice.ts';

/** What the watch reported, in order; `next()` waits for the next report. */
class Reports {
  readonly seen: string[] = [];
  #waiting: (() => void) | undefined;
  #read = 0;

  push(report: string): void {
    this.seen.push(report);
    this.#waiting?.();
  }

  async next(): Promise<string> {
    while (this.seen.length <= this.#read) {
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
    this.#read += 1;
    return this.seen[this.#read - 1] ?? '';
  }
}

let practice: Practice;
let reports: Reports;
let watch: ConfigWatch;

async function start(file = practice.file): Promise<Config> {
  const result = await loadConfig(file, environment);
  if (!('config' in result)) throw new Error(result.faults.map(faultLine).join('\n'));
  watch = watchConfig(result.config, environment, {
    onLoaded: (config) => reports.push(`loaded ${config.practice.name}`),
    onRejected: (faults) => reports.push(`rejected ${faults.map(({ path }) => path).join(', ')}`),
  });
  return result.config;
}

function named(name: string): string {
  return sound.replace('Cedar Skin Studio', name);
}

beforeEach(async () => {
  practice = await Practice.make();
  reports = new Reports();
});
afterEach(async () => {
  watch.close();
  await practice.remove();
});

describe('a change of the configuration', () => {
  it('is seen when the file is written in place', async () => {
    await start();
    await practice.write('chaperone.yaml', named('Birch Clinic'));
    expect(await reports.next()).toBe('loaded Birch Clinic');
  });

  it('is seen each time when the file is replaced by renaming', async () => {
    await start();
    for (const name of ['Birch Clinic', 'Maple Clinic', 'Rowan Clinic']) {
      await practice.write('new.yaml', named(name));
      await rename(join(practice.folder, 'new.yaml'), practice.file);
      expect(await reports.next()).toBe(`loaded ${name}`);
    }
  });

  it('is seen when Kubernetes swaps a ConfigMap', async () => {
    await mkdir(join(practice.folder, 'map'));
    const map = join(practice.folder, 'map');
    await practice.write('map/..one/chaperone.yaml', named('Cedar').replace('baa/', '../baa/'));
    await symlink('..one', join(map, '..data'));
    await symlink('..data/chaperone.yaml', join(map, 'chaperone.yaml'));
    await start(join(map, 'chaperone.yaml'));
    await practice.write('map/..two/chaperone.yaml', named('Birch').replace('baa/', '../baa/'));
    await symlink('..two', join(map, '..data_tmp'));
    await rename(join(map, '..data_tmp'), join(map, '..data'));
    await rm(join(map, '..one'), { recursive: true });
    expect(await reports.next()).toBe('loaded Birch');
  });

  it('is not reported when only another file of the folder or nothing at all has changed', async () => {
    await start();
    await practice.write('notes.txt', 'of no interest');
    await practice.write('chaperone.yaml', sound);
    await practice.write('chaperone.yaml', named('Birch Clinic'));
    expect(await reports.next()).toBe('loaded Birch Clinic');
    expect(reports.seen).toEqual(['loaded Birch Clinic']);
  });

  it('of an agreement is seen too', async () => {
    const before = await start();
    await practice.write('baa/vendor.txt', `${document}A page more.\n`);
    expect(await reports.next()).toBe('loaded Cedar Skin Studio');
    const after = await loadConfig(practice.file, environment);
    expect('config' in after && after.config.policyHash).not.toBe(before.policyHash);
  });
});

describe('a broken configuration', () => {
  it('is rejected once, and the next sound one is loaded', async () => {
    await start();
    await practice.write('chaperone.yaml', sound.replace('profile: medspa', 'profile: spa'));
    expect(await reports.next()).toBe('rejected practice.profile');
    await practice.write('chaperone.yaml', sound);
    expect(await reports.next()).toBe('loaded Cedar Skin Studio');
    expect(reports.seen).toHaveLength(2);
  });

  it('may be half a file', async () => {
    await start();
    await practice.write('chaperone.yaml', sound.slice(0, sound.indexOf('    baa:') + 12));
    expect(await reports.next()).toMatch(/^rejected /u);
  });

  it('may be no file at all, for a while', async () => {
    await start();
    await unlink(practice.file);
    expect(await reports.next()).toBe('rejected ');
    await writeFile(practice.file, named('Birch Clinic'));
    expect(await reports.next()).toBe('loaded Birch Clinic');
  });
});

describe('reload', () => {
  it('reports also what has not changed', async () => {
    await start();
    await watch.reload();
    expect(reports.seen).toEqual(['loaded Cedar Skin Studio']);
  });

  it('reports the faults of a broken file each time it is asked', async () => {
    await start();
    await practice.write('chaperone.yaml', 'version: 1\n');
    await watch.reload();
    await watch.reload();
    expect(reports.seen.filter((report) => report.startsWith('rejected')).length).toBeGreaterThanOrEqual(2);
  });

  it('reports nothing any more after close', async () => {
    await start();
    watch.close();
    await watch.reload();
    expect(reports.seen).toEqual([]);
  });
});
