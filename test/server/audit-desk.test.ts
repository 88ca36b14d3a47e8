import { describe, expect, test } from 'vitest';
import { AuditFault } from '../../src/audit/log.ts';
import { assertDirectory, logOf, onRecord } from '../../src/server/audit-desk.ts';

describe('a log in PostgreSQL, named as an argument', () => {
  test('is one without a password: every user of a machine sees the arguments of its processes', async () => {
    expect(await logOf('postgres://ann@127.0.0.1:5433/log', {})).toMatchObject({
      address: { host: '127.0.0.1', port: 5433, user: 'ann', database: 'log', password: undefined },
    });
    const refused: unknown = await logOf('postgres://ann:topsecret@127.0.0.1/log', {}).catch((fault: unknown) => fault);
    expect(refused).toMatchObject({ code: 'AUDIT_ADDRESS', exitCode: 64 });
    expect(refused instanceof AuditFault && refused.message).not.toContain('topsecret');
  });

  test('that is elsewhere needs TLS', async () => {
    await expect(logOf('postgres://ann@db.example/log?sslmode=require', {})).rejects.toMatchObject({ exitCode: 78 });
  });

  test('is not read without its key: nothing could record that', async () => {
    const log = await logOf('postgres://ann@127.0.0.1/log', {});
    await expect(onRecord(log, {}, () => Promise.resolve())).rejects.toMatchObject({
      code: 'READ_UNRECORDED',
      exitCode: 77,
    });
  });

  test('is not for verbs that work on files', async () => {
    const log = await logOf('postgres://ann@127.0.0.1/log', {});
    const act = (): void => assertDirectory(log, 'restore its backup');
    expect(act).toThrow('This log is in PostgreSQL: restore its backup');
    assertDirectory({ directory: 'audit' }, 'never said');
  });
});
