/** What whoever can write a database can do to it, and what verify and the next start say. Rows E7 and E8. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openS3Anchor } from '../../src/audit/anchors/s3.ts';
import { AuditFault } from '../../src/audit/log.ts';
import { withPlace } from '../../src/audit/place.ts';
import { compareDeposit } from '../../src/audit/verify-deposit.ts';
import { serveBucket } from './support/anchor-services.ts';
import { credentials } from './support/key-services.ts';
import { startPostgres, type TestServer } from './support/postgres.ts';
import { ann, calls, newPlace, type Place } from './support/postgres-place.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server.remove());

describe('what is found', () => {
  /** As the superuser can, who can do everything: triggers of the tables count for nothing. */
  const forge = (place: Place, statement: string): Promise<unknown> =>
    server.sql(place.name, `set session_replication_role = replica; ${statement}`);

  async function written(): Promise<Place> {
    const place = await newPlace(server);
    const [one, two] = [await place.open('one'), await place.open('two')];
    for (const log of [one, two]) calls(log, 300, ann);
    await Promise.all([one.settled(), two.settled()]);
    await Promise.all([one.close(), two.close()]);
    // Opened once more, each records how far it saw the other.
    await (await place.open('one')).close();
    await (await place.open('two')).close();
    return place;
  }

  const verdict = async (place: Place): Promise<string> => (await place.verify()).verdict;

  test.each([
    [
      'E7: a changed body',
      `update chaperone_audit.event set body = convert_to(replace(convert_from(body, 'UTF8'), '"o":"ok"', '"o":"no"'), 'UTF8') where origin = 'glow.example/one' and n = 40`,
      'corrupt',
      'AUDIT_CORRUPT',
    ],
    [
      'E7: a record that is gone',
      `delete from chaperone_audit.event where origin = 'glow.example/one' and n = 40`,
      'tampered',
      'AUDIT_CORRUPT',
    ],
    [
      'a record of the other chain in its place',
      `update chaperone_audit.event e set body = o.body, leaf = o.leaf from chaperone_audit.event o where o.origin = 'glow.example/two' and o.n = e.n and e.origin = 'glow.example/one' and e.n = 40`,
      'tampered',
      'AUDIT_CORRUPT',
    ],
    [
      'the end removed, head and notes with it',
      `delete from chaperone_audit.event where origin = 'glow.example/one' and n > 200; delete from chaperone_audit.note where origin = 'glow.example/one' and size > 201; update chaperone_audit.head set n = 201 where origin = 'glow.example/one'`,
      'rolled back',
      undefined,
    ],
    [
      'the end removed, the notes left',
      `delete from chaperone_audit.event where origin = 'glow.example/one' and n > 200`,
      'rolled back',
      'AUDIT_ROLLED_BACK',
    ],
    [
      'a note that nobody signed',
      `update chaperone_audit.note set note = replace(note, 'glow.example/one', 'glow.example/two') where origin = 'glow.example/one'`,
      'tampered',
      'AUDIT_TAMPERED',
    ],
  ])('%s', async (_title, statement, expected, fault) => {
    const place = await written();
    expect(await verdict(place)).toBe('ok');
    await forge(place, statement);
    expect(await verdict(place)).toBe(expected);
    if (fault !== undefined) await expect(place.open('one')).rejects.toBeInstanceOf(AuditFault);
  });

  test('E8: a chain taken out of the directory, or put there with another key', async () => {
    const place = await written();
    for (const table of ['event', 'note', 'head', 'writer']) {
      await forge(place, `delete from chaperone_audit.${table} where origin = 'glow.example/two'`);
    }
    const report = await place.verify();
    expect(report).toMatchObject({ verdict: 'tampered', exitCode: 2 });
    expect(report.sentence).toMatch(
      /^The log of glow\.example\/two, which glow\.example\/one saw at its record \d+, is not there any more\.$/u,
    );
  });

  test('records added beside the writer are refused at its next start', async () => {
    const place = await written();
    await forge(
      place,
      `insert into chaperone_audit.event (origin, n, body, leaf) select origin, n + 1, body, leaf from chaperone_audit.event where origin = 'glow.example/one' order by n desc limit 1`,
    );
    await expect(place.open('one')).rejects.toMatchObject({ code: 'AUDIT_TAMPERED' });
    expect(await verdict(place)).toBe('tampered');
  });

  test('E8: a database that was put back from an older backup, by what the bucket knows', async () => {
    const place = await newPlace(server);
    const bucket = await serveBucket(Date.now);
    const anchors = [
      openS3Anchor({
        bucket: 'glow-audit',
        region: 'us-east-1',
        prefix: 'glow.example/one/',
        credentials: async () => credentials,
        retainDays: 2222,
        endpoint: bucket.url,
        now: Date.now,
      }),
    ];
    const write = async (from: number): Promise<void> => {
      const log = await place.open('one', { anchors });
      for (let at = from; at < from + 200; at += 8) {
        calls(log, 8, ann, at);
        await log.settled();
      }
      await log.close();
    };
    await write(0);
    const [{ n: older }] = (await server.sql(place.name, 'select n from chaperone_audit.head')).rows;
    await write(200);
    // Its closed segments went there too, byte by byte as a directory would hold them.
    await (await place.open('one', { anchors })).close();
    const kept = (await anchors[0]?.deposit?.kept()) ?? [];
    expect(kept.length).toBeGreaterThan(3);
    const compared = await withPlace({ directory: '', address: place.address }, ({ sources: [source] }) =>
      source === undefined ? Promise.reject(new Error('There is a log')) : compareDeposit(source, kept),
    );
    expect(compared).toMatchObject({ verdict: 'ok', same: kept.length, absent: 0 });
    for (const statement of [
      `delete from chaperone_audit.event where n >= ${older}`,
      `delete from chaperone_audit.note where size > ${older}`,
      `update chaperone_audit.head set n = ${older}`,
    ]) {
      await forge(place, statement);
    }
    expect(await verdict(place)).toBe('ok');
    await expect(place.open('one', { anchors })).rejects.toMatchObject({ code: 'AUDIT_ROLLED_BACK', exitCode: 4 });
    await bucket.close();
  });
});
