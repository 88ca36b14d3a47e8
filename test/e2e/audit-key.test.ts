import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyLog } from '../../src/audit/verify.ts';
import { canary } from '../../src/server/demo/booking.ts';
import { ask, callSidOf, carrierOf } from '../../src/server/demo/carrier.ts';
import { mediaFrame } from '../../src/server/demo/streams.ts';
import { buildScene, tearDown, type Scene } from '../../src/server/demo/scene.ts';
import { searchText } from '../../src/server/demo/sweep.ts';
import { credentials, serveKms, serveVault, vaultToken, type KeyService } from '../audit/support/key-services.ts';
import { Program } from './program.ts';
import { callOnce, demoVendor, eventually, Stage, type StageVendor } from './stage.ts';

interface Case {
  readonly name: string;
  readonly serve: () => Promise<KeyService>;
  /** One line of the configuration. */
  readonly key: (url: string) => Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string>>;
}

const aws = {
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_REGION: 'us-east-1',
};

const cases: readonly Case[] = [
  {
    name: 'AWS KMS',
    serve: () => serveKms(Date.now),
    key: (url) => ({ kms: 'alias/audit', endpoint: url }),
    environment: aws,
  },
  {
    name: 'Vault transit',
    serve: serveVault,
    key: (url) => ({ vault: url, name: 'audit', token: '${LOG_TOKEN}' }),
    environment: { LOG_TOKEN: vaultToken },
  },
];

const secrets = [credentials.secretAccessKey, vaultToken];

describe.each(cases)('audit.key: $name', { timeout: 180_000 }, ({ serve, key, environment }) => {
  let service: KeyService;
  let scene: Scene;
  let vendor: StageVendor;
  const programs: Program[] = [];

  const run = (...parameters: readonly string[]): Program => {
    const program = new Program(parameters, { env: environment });
    programs.push(program);
    return program;
  };
  /** A verb to its end. */
  const verb = async (...parameters: readonly string[]): Promise<{ code: number | null; output: string }> => {
    const program = run(...parameters, '--config', scene.config);
    return { code: await program.ended, output: program.output };
  };

  beforeEach(async () => {
    service = await serve();
    scene = await buildScene((made) => ({ ...made, audit: { directory: './audit', key: key(service.url) } }));
    vendor = await demoVendor(scene);
  });
  afterEach(async () => {
    for (const program of programs.splice(0)) {
      await program.kill();
      for (const secret of secrets) expect(program.output).not.toContain(secret);
    }
    await vendor.close();
    await service.close();
    await tearDown(scene);
  });

  it('serves, and show and erase find the same log with the same configuration', async () => {
    const running = run('serve', '--config', scene.config);
    await running.ready();
    await callOnce(carrierOf(scene), vendor, callSidOf(7));
    const asked = service.requests.length;
    expect(asked).toBeLessThan(5);
    const shown = await verb('audit', 'show', '--caller', canary.number, '--as', 'ann');
    expect(shown.code).toBe(0);
    expect(shown.output).toContain(callSidOf(7));
    const erased = await verb('audit', 'erase', '--caller', canary.number, '--as', 'ann');
    expect(erased).toMatchObject({ code: 0, output: expect.stringMatching(/^Erased: \d+ records/u) });
    expect(await running.stop()).toBe(0);
    expect((await verb('audit', 'show', '--caller', canary.number)).output).not.toContain(callSidOf(7));
    expect(await verb('audit', 'verify', '--open')).toMatchObject({ code: 0 });
    expect(searchText('output', running.output, canary.words)).toEqual([]);
  });

  it('[E11] that is away at the start refuses it: try again later; check says so too', async () => {
    service.mode = 'away';
    const started = run('serve', '--config', scene.config);
    expect(await started.ended).toBe(75);
    expect(started.output).toContain('cannot answer now (status 503)');
    const checked = await verb('check');
    expect(checked.code).toBe(78);
    expect(checked.output).toContain('cannot answer now (status 503)');
    service.mode = 'well';
    expect((await verb('check')).code).toBe(0);
    expect((await verifyLog(scene.auditDirectory)).verdict).toBe('incomplete');
  });

  it('that refuses the start because of its policy says what to look at', async () => {
    service.mode = 'refusing';
    const started = run('serve', '--config', scene.config);
    expect(await started.ended).toBe(78);
    expect(started.output).toMatch(/refuses \(status 40[03]\): check the key, its policy and the credentials/u);
  });

  it('takes over a log from a key file, and its erasures with it', async () => {
    const text = await readFile(scene.config, 'utf8');
    const old = join(scene.directory, 'old.yaml');
    await writeFile(old, stringify({ ...parse(text), audit: { directory: './audit' } }));
    const before = run('serve', '--config', old);
    await before.ready();
    await callOnce(carrierOf(scene), vendor, callSidOf(7));
    expect(await before.stop()).toBe(0);
    const rotated = run('audit', 'rotate', '--config', old, '--new-config', scene.config);
    expect(await rotated.ended).toBe(0);
    expect((await verb('audit', 'show', '--caller', canary.number)).output).toContain(callSidOf(7));
    const late = run('audit', 'show', '--config', old);
    expect(await late.ended).toBe(78);
    expect((await verifyLog(scene.auditDirectory)).exitCode).toBe(0);
  });
});

describe.each(cases)('audit.key: $name in a run', { timeout: 60_000 }, ({ serve, key, environment }) => {
  let service: KeyService;
  let stage: Stage;
  const before = { ...process.env };

  async function open(awayMinutes: number): Promise<void> {
    Object.assign(process.env, environment);
    service = await serve();
    stage = await Stage.open({
      change: (made) => ({
        ...made,
        audit: { directory: './audit', key: { ...key(service.url), away_minutes: awayMinutes } },
      }),
      audit: { limits: { keyCheckEvery: 50 } },
    });
  }
  afterEach(async () => {
    await stage.curtain();
    await service.close();
    for (const name of Object.keys(environment)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });

  const takesCalls = async (): Promise<boolean> =>
    (await ask(stage.carrier, 'front-desk', callSidOf(50))).streamUrl !== undefined;
  const ready = async (): Promise<number> => (await fetch(`http://127.0.0.1:${stage.scene.adminPort}/readyz`)).status;

  it('[E11] that goes away: live calls go on, new ones go to a human, until it answers again', async () => {
    await open(0);
    const { socket, streamSid } = await stage.started();
    service.mode = 'away';
    await eventually(async () => !(await takesCalls()));
    expect(await ready()).toBe(503);
    for (let index = 0; index < 5; index += 1) socket.send(mediaFrame(streamSid, index, '//8='));
    await eventually(() => stage.vendor.sessions.some(({ audioFrames }) => audioFrames === 5));
    expect(await stage.metrics()).toMatch(/^chaperone_audit_key_silence_seconds (?!0$)/mu);
    service.mode = 'well';
    await eventually(takesCalls);
    expect(await ready()).toBe(200);
    socket.close();
  });

  it('[E11] that goes away within the minutes that are allowed stops nothing', async () => {
    await open(60);
    service.mode = 'silent';
    const asked = service.requests.length;
    await eventually(() => service.requests.length > asked);
    expect(await takesCalls()).toBe(true);
    service.mode = 'away';
    await eventually(() => service.requests.length > asked + 1, 10_000);
    expect(await takesCalls()).toBe(true);
    expect(await ready()).toBe(200);
  });

  it('that says no stops new calls at once, whatever is allowed', async () => {
    await open(60);
    service.mode = 'refusing';
    await eventually(async () => !(await takesCalls()));
    expect(await ready()).toBe(503);
  });
});
