import type { ExportRecord, RecordExport } from '../export-record.ts';

const apiActivity = 6003;
const activities: Readonly<Record<string, number>> = { C: 1, R: 2, U: 3, D: 4 };
const otherActivity = 99;
const statuses: Readonly<Record<string, number>> = { ok: 1, refused: 2, failed: 2 };
const sha256Algorithm = 3;

/** OCSF API Activity (6003) with the profile `record_integrity`, one event a line. */
export const ocsfExport: RecordExport = {
  name: 'ocsf',
  header: undefined,
  line: (record, origin) => JSON.stringify(apiEvent(record, origin)),
};

function apiEvent(record: ExportRecord, origin: string): object {
  const activity = activities[record.action] ?? otherActivity;
  const fingerprint = (value: string): object => ({ algorithm_id: sha256Algorithm, algorithm: 'SHA-256', value });
  return {
    class_uid: apiActivity,
    category_uid: 6,
    activity_id: activity,
    type_uid: apiActivity * 100 + activity,
    severity_id: record.kind.startsWith('sec.') || record.outcome === 'failed' ? 3 : 1,
    time: record.milliseconds,
    message: record.kind,
    status_id: statuses[record.outcome] ?? 0,
    ...(record.reason === '' ? {} : { status_code: record.reason }),
    actor: { user: { uid: record.actor, ...(record.role === '' ? {} : { type: record.role }) } },
    api: { operation: record.kind, service: { name: 'chaperone' } },
    src_endpoint: { name: record.host === '' ? origin : record.host },
    resources: [record.subject, record.call].filter((uid) => uid !== '').map((uid) => ({ uid })),
    metadata: {
      version: '1.9.0-dev',
      product: { name: 'chaperone', vendor_name: 'chaperone' },
      profiles: ['record_integrity'],
      uid: `${origin}/${record.index}`,
    },
    attestation: {
      chain_uid: origin,
      fingerprint: fingerprint(record.leaf),
      prev_event: { uid: `${origin}/${record.index - 1}`, fingerprint: fingerprint(record.previous) },
    },
    unmapped: { purpose: record.purpose, policy: record.policy, ...record.facts, ...record.totals, ...record.counts },
  };
}
