import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority } from '../../src/server/demo/certificates.ts';
import { canary } from '../../src/server/demo/booking.ts';
import { callSidOf, carrierOf } from '../../src/server/demo/carrier.ts';
import { buildScene, tearDown, type Scene } from '../../src/server/demo/scene.ts';
import { startPostgres, type TestServer } from '../audit/support/postgres.ts';
import { Program } from './program.ts';
import { callOnce, demoVendor, eventually, type StageVendor } from './stage.ts';

const password = 'a-password-that-nobody-logs';

describe('audit.store: a PostgreSQL with TLS and a password', { timeout: 600_000 }, () => {
  let server: TestServer;
  let scene: Scene;
  let vendor: StageVendor;
  const programs: Program[] = [];

  beforeAll(async () => {
    const authority = createAuthority('a database');
    server = await startPostgres(authority.issue(['localhost']));
    await server.database('log');
    for (const role of ['writer', 'owner']) await server.sql('log', `alter role test_${role} password '${password}'`);
    scene = await buildScene((made) => ({
      ...made,
      audit: { store: '${AUDIT_STORE}', replica: 'replica-1', key: { file: './keys/chaperone.key' } },
    }));
    await writeFile(join(scene.directory, 'database.pem'), authority.certificate);
    vendor = await demoVendor(scene);
  }, 120_000);

  afterAll(async () => {
    for (const program of programs) {
      await program.kill();
      expect(program.output).not.toContain(password);
    }
    await vendor.close();
    await server.remove();
    await tearDown(scene);
  });

  const urlOf = (role: string): string =>
    `postgres://test_${role}:${password}@localhost:${server.port}/log?sslrootcert=${join(scene.directory, 'database.pem')}`;
  const run = (role: string, ...parameters: readonly string[]): Program => {
    const program = new Program([...parameters, '--config', scene.config], { env: { AUDIT_STORE: urlOf(role) } });
    programs.push(program);
    return program;
  };
  const verb = async (
    role: string,
    ...parameters: readonly string[]
  ): Promise<{ code: number | null; output: string }> => {
    const program = run(role, 'audit', ...parameters);
    return { code: await program.ended, output: program.output };
  };

  it('serves; every verb works on the logs of all replicas; the database gone ends it with 74', async () => {
    const service = run('writer', 'serve');
    await service.ready();
    await callOnce(carrierOf(scene), vendor, callSidOf(7));
    const caller = canary.number;
    const one = 'localhost/chaperone/replica-1';

    const checked = run('writer', 'check');
    expect([await checked.ended, checked.output]).toEqual([
      0,
      expect.stringContaining('PostgreSQL log at localhost, as replica replica-1'),
    ]);
    await eventually(async () => (await verb('owner', 'show', '--caller', caller)).output.includes('call.end'), 60_000);
    // Two logs by now: the replica's, and the desk's, which holds that it was shown.
    const verified = await verb('owner', 'verify', '--json');
    expect(verified).toMatchObject({ code: 0 });
    expect(JSON.parse(verified.output)).toMatchObject({
      verdict: 'ok',
      logs: [{ origin: one }, { origin: expect.stringMatching(/^desk\//u) }],
    });
    expect(await verb('writer', 'accounting', '--caller', caller, '--all')).toMatchObject({
      code: 0,
      output: expect.stringContaining('vendor:'),
    });
    expect(await verb('writer', 'export', '--format', 'csv')).toMatchObject({
      code: 0,
      output: expect.stringContaining('access.read'),
    });
    expect(await verb('writer', 'activity', '--month', new Date().toISOString().slice(0, 7))).toMatchObject({
      code: 0,
      output: expect.stringContaining('2 logs are whole'),
    });
    expect(await verb('writer', 'prove', '3')).toMatchObject({ code: 64, output: expect.stringContaining('--log') });
    expect(await verb('writer', 'prove', '3', '--log', one)).toMatchObject({
      code: 0,
      output: expect.stringContaining('tlog-proof'),
    });
    expect(await verb('writer', 'erase', '--caller', caller)).toMatchObject({
      code: 78,
      output: expect.stringContaining('has not the right'),
    });
    expect(await verb('owner', 'hold', 'set', '--caller', caller, '--matter', 'case 4')).toMatchObject({ code: 0 });
    const held = await verb('owner', 'erase', '--caller', caller);
    expect(held).toMatchObject({ code: 3 });
    const id = /id ([0-9a-f]{16})/u.exec(held.output)?.[1] ?? '';
    expect(await verb('owner', 'hold', 'clear', id)).toMatchObject({ code: 0 });
    const certificate = join(scene.directory, 'erased.json');
    expect(await verb('owner', 'erase', '--caller', caller, '--certificate', certificate)).toMatchObject({ code: 0 });
    expect(await verb('owner', 'show', '--caller', caller)).toMatchObject({ code: 0, output: '' });
    expect(await verb('owner', 'purge', '--dry-run')).toMatchObject({
      code: 0,
      output: expect.stringContaining('Nothing was purged'),
    });
    expect(await verb('owner', 'rotate', '--new-keys', 'nowhere')).toMatchObject({ code: 78 });

    await server.stop('immediate');
    expect(await service.ended).toBe(74);
    await server.start();
    expect(await verb('owner', 'verify')).toMatchObject({ code: 0 });
    const away = run('writer', 'serve');
    await away.ready();
    expect(await away.stop()).toBe(0);
  });

  it('a right that is taken away while it runs ends it with 74, and is said at the next start with 78', async () => {
    const service = run('writer', 'serve');
    await service.ready();
    await server.sql('log', 'revoke insert on chaperone_audit.event from chaperone_writer');
    await expect(callOnce(carrierOf(scene), vendor, callSidOf(8))).rejects.toBeInstanceOf(Error);
    expect(await service.ended).toBe(74);
    const refused = run('writer', 'serve');
    expect([await refused.ended, refused.output]).toEqual([
      78,
      expect.stringContaining('has not the right to add to event'),
    ]);
    await server.sql('log', 'grant insert on chaperone_audit.event to chaperone_writer');
    const mended = run('writer', 'serve');
    await mended.ready();
    expect(await mended.stop()).toBe(0);
    expect(await verb('owner', 'verify')).toMatchObject({ code: 0 });
  });
});
