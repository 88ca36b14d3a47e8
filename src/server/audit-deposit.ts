import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { depositedAs, type DepositedSegment } from '../audit/anchor.ts';
import { AuditFault } from '../audit/log.ts';
import { withPlace, type PlaceName } from '../audit/place.ts';
import { compareDeposit, type DepositReport } from '../audit/verify-deposit.ts';
import { openAnchors } from './audit-anchors.ts';
import { settingsOf } from './audit-desk.ts';
import type { AuditSettings } from './audit-settings.ts';

/** Each log against what was deposited of it: in a folder of fetched objects, or with `true` in the bucket of a configuration. */
export async function compareDeposits(
  log: PlaceName,
  deposit: string | true,
  config: string | undefined,
): Promise<DepositReport[]> {
  const settings = config === undefined ? undefined : await settingsOf(config);
  return withPlace(log, async ({ sources }) => {
    const reports: DepositReport[] = [];
    for (const source of sources) {
      const { origin } = source.description;
      const kept = await (deposit === true
        ? depositedSegments(settings, origin)
        : fetchedSegments(deposit, origin, sources.length === 1));
      reports.push(await compareDeposit(source, kept));
    }
    return reports;
  });
}

/** What is in a folder of objects that were fetched from a bucket. Rejects where an object is not what its name says. */
async function fetchedSegments(folder: string, origin: string, isOnly: boolean): Promise<DepositedSegment[]> {
  const names = await readdir(folder, { recursive: true });
  const all = names.filter((name) => depositedAs(name) !== undefined);
  // Objects of several logs lie below their origins; where there is one log, the folder need not say whose it is.
  const own = all.filter((name) => name.includes(`${origin}/segment/`));
  const found: DepositedSegment[] = [];
  for (const name of own.length === 0 && isOnly ? all : own) {
    const segment = depositedAs(name);
    if (segment === undefined) continue;
    const sha256 = createHash('sha256')
      .update(await readFile(join(folder, name)))
      .digest('hex');
    if (sha256 !== segment.sha256) {
      throw new AuditFault(
        'AUDIT_DEPOSIT',
        `The object ${name} does not have the hash of its name: fetch it again`,
        65,
      );
    }
    found.push(segment);
  }
  return found.sort((one, other) => one.first - other.first);
}

/** What the bucket of a configuration keeps of a log. */
async function depositedSegments(
  settings: AuditSettings | undefined,
  origin: string,
): Promise<readonly DepositedSegment[]> {
  const anchors = settings && openAnchors({ ...settings.anchors, witness: undefined }, settings.directory, origin);
  const deposit = anchors?.[0]?.deposit;
  if (deposit !== undefined) return deposit.kept();
  const what = 'Give --deposit a folder of fetched objects, or --config FILE that names a bucket in audit.anchors.s3';
  throw new AuditFault('AUDIT_DEPOSIT', what, 64);
}
