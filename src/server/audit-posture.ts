import { describeKey } from './audit-key.ts';
import type { AuditSettings } from './audit-settings.ts';

/** What the settings of the audit log mean, in words. */
export interface AuditPosture {
  readonly directory: string;
  /** Undefined: that of the log which is there. */
  readonly origin: string | undefined;
  readonly key: string;
  /** Who keeps checkpoints elsewhere, one a line. */
  readonly anchors: readonly string[];
  readonly alarm: string;
  /** How long records are kept, and what is encrypted in them. */
  readonly records: string;
  readonly content: string;
  /** When the day's run comes. */
  readonly run: string;
}

export function auditPosture(settings: AuditSettings): AuditPosture {
  const { origin, key, anchors, retention } = settings;
  const { recordsYears, contentDays, hour } = retention;
  const records = `${recordsYears} years and 30 days`;
  return {
    directory: placeText(settings),
    origin,
    key: describeKey(key),
    anchors: anchorLines(anchors),
    alarm: `after ${anchors.alarmMs / 3_600_000} hours${anchors.strict ? '; then no new call is taken' : ''}`,
    records,
    content: contentDays === undefined ? records : `${contentDays} days, by whole months`,
    run:
      settings.store === undefined
        ? `each day after ${String(hour).padStart(2, '0')}:00 at the practice; a legal hold stops it`
        : 'by `chaperone audit purge` with a login of the role chaperone_owner; a legal hold stops it',
  };
}

/** Where the log is; of a database no more than host and name. */
function placeText({ directory, store }: AuditSettings): string {
  if (store === undefined) return directory;
  const url = URL.canParse(store.url.reveal()) ? new URL(store.url.reveal()) : undefined;
  const host = url?.searchParams.get('host') ?? decodeURIComponent(url?.hostname ?? '');
  return `PostgreSQL ${decodeURIComponent(url?.pathname.slice(1) ?? '')} at ${host}, as replica ${store.replica}`;
}

function anchorLines({ log, s3, witness, everyMs }: AuditSettings['anchors']): string[] {
  const every = `every ${everyMs / 60_000} minutes`;
  return [
    ...(log ? ["the platform's own log"] : []),
    ...(s3 === undefined
      ? []
      : [`S3 bucket ${s3.bucket} in ${s3.region}, Object Lock for ${s3.retainDays} days, ${every}`]),
    ...(witness === undefined ? [] : [`witness ${new URL(witness.url).host}, ${every}`]),
  ];
}

/** Six years of disclosures must be accounted for, 45 CFR 164.528(a)(1). */
const accountingDays = 2192;

export function auditWarnings({ anchors, retention: { contentDays } }: AuditSettings): string[] {
  const warnings: string[] = [];
  if (anchorLines(anchors).length === 0) {
    warnings.push('No checkpoint of the audit log leaves this machine: who can write its disk can rewrite it unseen');
  }
  if (contentDays !== undefined && contentDays < accountingDays) {
    warnings.push(
      `What is encrypted in the audit log is unreadable after ${contentDays} days: a caller's disclosures can be accounted for (164.528) no longer than that`,
    );
  }
  return warnings;
}
