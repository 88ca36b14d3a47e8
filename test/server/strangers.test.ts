import { expect, it } from 'vitest';
import type { AuditEvent } from '../../src/audit/event.ts';
import { createKeyFile, openKeyFile } from '../../src/audit/keys/file.ts';
import { openFileLog } from '../../src/audit/open.ts';
import { showLog } from '../../src/audit/show.ts';
import { StrangerLog } from '../../src/server/strangers.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

it('[G3] a flood at the door leaves a bounded number of records and says how many were left out', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'chaperone-strangers-'));
  await createKeyFile(join(folder, 'key'));
  const audit = await openFileLog({
    directory: join(folder, 'audit'),
    keys: await openKeyFile(join(folder, 'key')),
    origin: 'test/strangers',
    now: Date.now,
    monotonic: () => performance.now(),
  });
  let now = 0;
  const strangers = new StrangerLog(audit, () => now);
  const event: AuditEvent = { kind: 'sec.signature', actor: 'system', outcome: 'refused', reason: 'SIGNATURE_INVALID' };
  for (let index = 0; index < 10_000; index += 1) strangers.record(event);
  now = 60_000;
  strangers.record(event);
  await audit.close();
  const records = (await showLog(join(folder, 'audit'))).map(({ members }) => members);
  expect(records.filter(({ k }) => k === 'sec.signature')).toHaveLength(121);
  expect(records.find(({ k }) => k === 'sec.limit')).toMatchObject({ q: { unrecorded: 9880 } });
  await rm(folder, { recursive: true });
});
