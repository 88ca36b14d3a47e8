import { isObject, type JsonObject } from './json.ts';
import { allRecords, type Period } from './query.ts';
import type { LogSource } from './reader.ts';

/** Something that a reviewer should see by itself. */
export interface Noted {
  /** ISO 8601. */
  readonly time: string;
  readonly kind: string;
  readonly by: string;
  readonly outcome: string;
  /** Facts of the event, `name: value`. */
  readonly facts: readonly string[];
}

/** The month as 164.308(a)(1)(ii)(D) wants it reviewed: audit logs, access and security incidents. */
export interface Activity {
  readonly practice: string;
  readonly origin: string;
  readonly month: string;
  readonly records: number;
  /** Calls by how they began and ended: `admitted`, `refused BAA_EXPIRED`, `ended CALLER_CLOSED`, ... */
  readonly calls: Readonly<Record<string, number>>;
  /** Connections and refusals by vendor. */
  readonly vendors: Readonly<Record<string, number>>;
  /** PHI that was removed or passed, by kind. */
  readonly identifiers: Readonly<Record<string, number>>;
  /** Attempts and attacks by kind and reason. */
  readonly security: Readonly<Record<string, number>>;
  /** Who read the log, and what was done to it. */
  readonly access: readonly Noted[];
  /** Changes of policy and agreements. */
  readonly policy: readonly Noted[];
  /** Crashes, clock steps, anchors that failed, incidents. */
  readonly operation: readonly Noted[];
}

type Counts = Record<string, number>;

/** `2026-11` as a period; undefined for anything else. */
export function periodOfMonth(month: string): Period | undefined {
  const [, year, number] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month) ?? [];
  if (year === undefined || number === undefined) return undefined;
  return { from: Date.UTC(Number(year), Number(number) - 1), to: Date.UTC(Number(year), Number(number)) };
}

export async function activityOf(
  sources: readonly LogSource[],
  month: string,
  period: Period,
  onProgress: (records: number) => void = () => undefined,
): Promise<Activity> {
  const practice = sources[0]?.description.practice ?? '';
  const origin = sources.map(({ description }) => description.origin).join(', ');
  const calls: Counts = {};
  const vendors: Counts = {};
  const identifiers: Counts = {};
  const security: Counts = {};
  const access: Noted[] = [];
  const policy: Noted[] = [];
  const operation: Noted[] = [];
  let records = 0;
  for (const { files, layout } of sources) {
    for await (const { members } of allRecords(files, layout, period)) {
      records += 1;
      if (records % 10_000 === 0) onProgress(records);
      const kind = text(members['k']);
      const [family = ''] = kind.split('.');
      const reason = members['rc'] === undefined ? '' : ` ${text(members['rc'])}`;
      if (family === 'call') count(calls, `${callWords[kind] ?? kind}${reason}`);
      if (kind === 'route.human') countWay(calls, members);
      if (family === 'vendor') count(vendors, `${text(members['a'])} ${kind.slice('vendor.'.length)}${reason}`);
      if (family === 'phi') addCounts(identifiers, members, kind.slice('phi.'.length));
      if (family === 'sec') count(security, `${kind}${reason}`);
      if (/^(?:access|erase|hold|retention|key\.(?:rotate|destroy))/.test(kind)) access.push(noted(members, kind));
      if (/^(?:policy|baa)\./.test(kind)) policy.push(noted(members, kind));
      if (/^(?:log|clock|incident|proc|anchor\.fail)/.test(kind)) operation.push(noted(members, kind));
    }
  }
  if (sources.length > 1) for (const noted of [access, policy, operation]) noted.sort(byTime);
  return { practice, origin, month, records, calls, vendors, identifiers, security, access, policy, operation };
}

function byTime(one: Noted, other: Noted): number {
  return one.time.localeCompare(other.time);
}

const callWords: Readonly<Record<string, string>> = {
  'call.admit': 'admitted',
  'call.refuse': 'refused',
  'call.end': 'ended',
};

/** Each way that was gone is an event of its own; the one without a way is the decision, and would count the call twice. */
function countWay(calls: Counts, { o: outcome, f: facts }: JsonObject): void {
  const way = isObject(facts) ? text(facts['way']) : '';
  if (way === '') return;
  count(calls, outcome === 'ok' ? `handed to a human (${way})` : `not moved by ${way}, another way was gone`);
}

function count(counts: Counts, name: string, by = 1): void {
  counts[name] = (counts[name] ?? 0) + by;
}

function addCounts(counts: Counts, { cls }: JsonObject, verb: string): void {
  if (!isObject(cls)) return;
  for (const [kind, value] of Object.entries(cls))
    if (typeof value === 'number') count(counts, `${kind} ${verb}`, value);
}

function noted(members: JsonObject, kind: string): Noted {
  const { t: time, a: by, o: outcome, f: facts, why } = members;
  const listed = isObject(facts) ? Object.entries(facts).map(([name, value]) => `${name}: ${text(value)}`) : [];
  return {
    time: new Date(typeof time === 'number' ? time : 0).toISOString(),
    kind,
    by: text(by),
    outcome: text(outcome),
    facts: why === undefined ? listed : [`purpose: ${text(why)}`, ...listed],
  };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
