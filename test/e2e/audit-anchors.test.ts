import { join } from 'node:path';
import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { readDescription } from '../../src/audit/description.ts';
import { nodeFiles } from '../../src/audit/durable.ts';
import { layoutOf } from '../../src/audit/layout.ts';
import { verifyLog } from '../../src/audit/verify.ts';
import { buildScene, tearDown, type Scene } from '../../src/server/demo/scene.ts';
import { ask, callSidOf } from '../../src/server/demo/carrier.ts';
import { serveBucket, serveWitness, type Bucket, type Witness } from '../audit/support/anchor-services.ts';
import { credentials } from '../audit/support/key-services.ts';
import { Program } from './program.ts';
import { eventually, Stage } from './stage.ts';

const aws = { AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey };

describe('audit.anchors', { timeout: 120_000 }, () => {
  let bucket: Bucket;
  let witness: Witness;
  let stage: Stage | undefined;
  const before = { ...process.env };

  async function open(): Promise<Stage> {
    Object.assign(process.env, aws);
    bucket = await serveBucket(Date.now);
    let directory = '';
    witness = await serveWitness(() => vkeys.get(directory) ?? '');
    const vkeys = new Map<string, string>();
    const opened = await Stage.open({
      change: (made) => ({
        ...made,
        audit: {
          directory: './audit',
          anchors: {
            s3: { bucket: 'glow-audit', region: 'us-east-1', prefix: 'glow/', retain_days: 30, endpoint: bucket.url },
            witness: { url: witness.url, key: witness.vkey },
          },
        },
      }),
      // What the witness does not take at first, because it does not know this log, is offered again soon.
      audit: { limits: { anchorRetry: 20, checkpointPause: 20 } },
    });
    directory = opened.scene.auditDirectory;
    const description = await readDescription(nodeFiles, layoutOf(directory));
    vkeys.set(directory, typeof description === 'object' ? (description.keys[0]?.vkey ?? '') : '');
    stage = opened;
    return opened;
  }

  afterEach(async () => {
    await stage?.curtain();
    stage = undefined;
    await bucket.close();
    await witness.close();
    for (const name of Object.keys(aws)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });

  it('keeps checkpoints in a bucket and with a witness, the last one at the stop, each on record', async () => {
    const opened = await open();
    await eventually(() => bucket.objects.size > 0);
    const { socket } = await opened.started();
    socket.close();
    await eventually(async () => (await opened.events()).some((event) => event.startsWith('call.end')));
    await opened.stop();
    const notes = [...bucket.objects.values()].map(({ body }) => body);
    const { records } = await verifyLog(opened.scene.auditDirectory);
    expect(notes.at(-1)?.split('\n')[1]).toBe(String(records));
    expect(witness.state.head.size).toBe(records);
    for (const anchor of notes)
      expect(await verifyLog(opened.scene.auditDirectory, { anchor })).toMatchObject({ exitCode: 0 });
    const named = (await opened.records()).map(({ members }) => [members['k'], members['f']]);
    expect(named).toContainEqual(['anchor.ok', { anchor: 's3 glow-audit' }]);
    expect([...bucket.objects.keys()].every((name) => name.startsWith('/glow-audit/glow/checkpoint/'))).toBe(true);
  });

  it('[E15] that are away are on record and in the metric; calls go on', async () => {
    const opened = await open();
    witness.state.mode = 'down';
    await bucket.close();
    const { socket } = await opened.started();
    socket.close();
    await eventually(async () => (await opened.events()).includes('anchor.fail'));
    expect(await opened.metrics()).toMatch(/^chaperone_audit_anchor_silence_seconds (?!0$)[\d.e-]+$/mu);
    expect((await ask(opened.carrier, 'front-desk', callSidOf(90))).streamUrl).toBeDefined();
    const readiness = await fetch(`http://127.0.0.1:${opened.scene.adminPort}/readyz`);
    expect([readiness.status, await readiness.text()]).toEqual([200, 'ready\n']);
  });
});

describe('the origin of the log', { timeout: 120_000 }, () => {
  let scene: Scene;
  const programs: Program[] = [];

  async function edit(change: (made: Record<string, unknown>) => object): Promise<void> {
    const made = parse(await readFile(scene.config, 'utf8')) as Record<string, unknown>;
    await writeFile(scene.config, stringify(change(made)));
  }

  async function serve(): Promise<Program> {
    const program = new Program(['serve', '--config', scene.config]);
    programs.push(program);
    return program;
  }

  async function startAndStop(): Promise<string> {
    const running = await serve();
    await running.ready();
    expect(await running.stop()).toBe(0);
    return running.output;
  }

  const origin = async (): Promise<string> => {
    const description: unknown = JSON.parse(await readFile(join(scene.auditDirectory, 'log.json'), 'utf8'));
    return String(Reflect.get(Object(description), 'origin'));
  };

  afterEach(async () => {
    for (const program of programs.splice(0)) await program.kill();
    await tearDown(scene);
  });

  it('is made from the public host once; a changed host goes on with the log', async () => {
    scene = await buildScene((made) => ({ ...made, audit: { anchors: { log: false } } }));
    expect(await startAndStop()).not.toContain('Audit checkpoint');
    expect(await origin()).toBe('localhost/chaperone');
    await edit((made) => ({
      ...made,
      audit: {},
      listen: {
        ...Object(made['listen']),
        calls: {
          ...Object(Reflect.get(Object(made['listen']), 'calls')),
          public_url: `https://127.0.0.1:${scene.callsPort}`,
        },
      },
    }));
    expect(await startAndStop()).toContain('Audit checkpoint');
    expect(await origin()).toBe('localhost/chaperone');
    expect((await verifyLog(scene.auditDirectory)).exitCode).toBe(0);
  });

  it('that is given is used; another one than that of the log refuses the start', async () => {
    scene = await buildScene((made) => ({ ...made, log: { level: 'error' }, audit: { origin: 'glow.example/front' } }));
    const first = await serve();
    const answers = (): Promise<boolean> =>
      fetch(`http://127.0.0.1:${scene.adminPort}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
    await eventually(answers, 60_000);
    expect(first.output).toContain('Audit checkpoint');
    expect(first.output).not.toContain('Listening');
    expect(await first.stop()).toBe(0);
    expect(await origin()).toBe('glow.example/front');
    await edit((made) => ({ ...made, audit: { origin: 'another.example/1' } }));
    const refused = await serve();
    expect(await refused.ended).toBe(78);
    expect(refused.output).toContain('holds the log of glow.example/front, not of another.example/1');
  });
});
