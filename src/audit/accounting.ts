import { Amendments, describeAmendment, type Amendment } from './amend.ts';
import { isObject, type JsonObject } from './json.ts';
import type { KeyProvider } from './key-provider.ts';
import { openPayloads } from './payload.ts';
import type { Period } from './query.ts';
import type { LogSource } from './reader.ts';

/** One disclosure as 45 CFR 164.528(b)(2) wants it: when, to whom, what, why. */
export interface Disclosure {
  /** ISO 8601. */
  readonly date: string;
  readonly recipient: string;
  /** The host it went to. */
  readonly address: string;
  readonly what: string;
  readonly purpose: string;
  readonly call: string;
  /** What was appended to its records: corrections, denials of one, statements of disagreement (164.526). */
  readonly amendments?: readonly Amendment[];
  /** Why it need not be accounted for; absent where it must. */
  readonly exclusion?: string;
}

export interface Accounting {
  readonly practice: string;
  readonly from: string;
  readonly to: string;
  /** What must be accounted for. */
  readonly disclosures: readonly Disclosure[];
  /** What 164.528(a)(1) leaves out, with the reason. */
  readonly excluded: readonly Disclosure[];
}

/** Six years back, 164.528(a)(1), in ms. */
export const accountingPeriod = 6 * 365.25 * 86_400_000;

/** What need not be accounted for, by the purpose that was recorded (HL7 PurposeOfUse). */
const exclusions: Readonly<Record<string, string>> = {
  TREAT: 'treatment, 164.528(a)(1)(i)',
  HPAYMT: 'payment, 164.528(a)(1)(i)',
  HOPERAT: 'health care operations, 164.528(a)(1)(i)',
  COC: 'treatment (coordination of care), 164.528(a)(1)(i)',
  PATRQT: 'to the individual, 164.528(a)(1)(ii)',
};

/** What need not be accounted for, by the basis that an event names among its facts. */
const bases: Readonly<Record<string, string>> = {
  incidental: 'incidental, 164.528(a)(1)(iii)',
  authorization: 'by authorization, 164.528(a)(1)(iv)',
};

interface Draft {
  readonly time: number;
  readonly call: string;
  readonly recipient: string;
  address: string;
  readonly purpose: string;
  readonly basis: string;
  frames: number;
  readonly kinds: Map<string, number>;
  /** Its records, by log and number. */
  readonly records: [origin: string, index: number][];
}

/** The accounting of one caller over all logs that share the keys. Undefined when the log does not know the number (any more). */
export async function accountFor(
  sources: readonly LogSource[],
  keys: KeyProvider,
  caller: string,
  period: Period,
): Promise<Accounting | undefined> {
  const [first] = sources;
  if (first === undefined) return undefined;
  const payloads = await openPayloads(first.files, first.layout, first.description, keys);
  const subject = await payloads.addCaller(caller);
  if (subject === undefined) return undefined;
  const drafts = new Map<string, Draft>();
  const amendments = new Amendments();
  for (const source of sources) {
    for await (const record of source.find({ subject })) {
      collect(drafts, record.members, source.description.origin);
      amendments.add(record, payloads, source.description.origin);
    }
  }
  const inOrder = [...drafts.values()].toSorted((one, other) => one.time - other.time);
  const all = inOrder
    .filter(({ time }) => time >= period.from && time < period.to)
    .map((draft) => finished(draft, amendments));
  return {
    practice: sources[0]?.description.practice ?? '',
    from: new Date(period.from).toISOString(),
    to: new Date(period.to).toISOString(),
    disclosures: all.filter((entry) => entry.exclusion === undefined),
    excluded: all.filter((entry) => entry.exclusion !== undefined),
  };
}

function collect(drafts: Map<string, Draft>, members: JsonObject, origin: string): void {
  const { k: kind, c: call = '', a: actor = '', t: time, why = '', net, q: totals, cls: counts, f: facts } = members;
  if (typeof call !== 'string' || typeof actor !== 'string' || typeof time !== 'number') return;
  const name = `${call} ${actor}`;
  if (kind === 'disclosure.begin') {
    const address = hostOf(net);
    const basis = isObject(facts) && typeof facts['basis'] === 'string' ? facts['basis'] : '';
    const purpose = typeof why === 'string' ? why : '';
    const empty = { frames: 0, kinds: new Map<string, number>(), records: [] };
    drafts.set(name, { time, call, recipient: actor, address, purpose, basis, ...empty });
  }
  const draft = drafts.get(name);
  if (draft === undefined) return;
  draft.records.push([origin, Number(members['n'])]);
  // Where the caller was not known when the vendor was reached, only the end says where it was.
  if (kind === 'disclosure.end' && draft.address === '') draft.address = hostOf(net);
  if (kind === 'disclosure.end' && isObject(totals)) {
    for (const [total, value] of Object.entries(totals)) if (/frames/i.test(total)) draft.frames += Number(value);
  }
  if ((kind === 'phi.allowed' || kind === 'phi.redacted') && isObject(counts)) {
    const verb = kind === 'phi.allowed' ? 'passed' : 'removed';
    for (const [phi, value] of Object.entries(counts)) {
      const label = `${phi} ${verb}`;
      draft.kinds.set(label, (draft.kinds.get(label) ?? 0) + Number(value));
    }
  }
}

function hostOf(network: unknown): string {
  return isObject(network) && typeof network['host'] === 'string' ? network['host'] : '';
}

function finished(draft: Draft, amendments: Amendments): Disclosure {
  const { time, call, recipient, address, purpose, basis, frames, kinds, records } = draft;
  const later = records.flatMap(([origin, index]) => amendments.of(origin, index));
  const found = [...kinds].map(([label, count]) => `${label} ${count}`);
  const exclusion = bases[basis] ?? exclusions[purpose];
  return {
    date: new Date(time).toISOString(),
    recipient,
    address,
    what: [`call audio and transcript, ${frames} frames`, ...found].join('; '),
    purpose,
    call,
    ...(later.length === 0 ? {} : { amendments: later }),
    ...(exclusion === undefined ? {} : { exclusion }),
  };
}

/** The accounting as a letter would carry it. */
export function describeAccounting(accounting: Accounting): string {
  const { practice, from, to, disclosures, excluded } = accounting;
  const lines = [
    `Accounting of disclosures (45 CFR 164.528) by ${practice === '' ? 'the practice' : practice}`,
    `Period: ${from.slice(0, 10)} to ${to.slice(0, 10)}`,
    '',
    disclosures.length === 0
      ? 'No disclosure in this period has to be accounted for.'
      : 'Date, recipient, what, purpose:',
    ...disclosures.map(disclosureLine),
    '',
    `${excluded.length} disclosures need not be accounted for:`,
    ...[...countBy(excluded, (entry) => entry.exclusion ?? '')].map(([reason, count]) => `  ${count} x ${reason}`),
    '',
  ];
  return lines.join('\n');
}

function disclosureLine({ date, recipient, address, what, purpose, amendments = [] }: Disclosure): string {
  const later = amendments.map((amendment) => `\n      ${describeAmendment(amendment)}`);
  return `  ${date}  ${recipient} (${address})  ${what}  ${purpose}${later.join('')}`;
}

function countBy<T>(entries: readonly T[], name: (entry: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const entry of entries) counts.set(name(entry), (counts.get(name(entry)) ?? 0) + 1);
  return counts;
}
