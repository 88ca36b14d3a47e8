import type { EraseReceipt, EraseRequest } from './erase.ts';
import { eventKinds, type AuditEvent, type EventKind } from './event.ts';
import type { ExpireReport, ExpireRequest } from './expire.ts';
import type { Hold, HoldRequest } from './hold.ts';
import { hasStrings, isObject, type JsonObject } from './json.ts';
import { AuditFault } from './log.ts';
import type { RecordProof } from './prove.ts';
import type { PurgeReport, PurgeRequest } from './purge.ts';

/** What people do to a log: each act is itself on record before it is done. Rejects with an AuditFault. */
export interface Custody {
  /** Makes one caller unreadable for ever. */
  erase(request: EraseRequest): Promise<EraseReceipt>;
  holds(): Promise<readonly Hold[]>;
  hold(request: HoldRequest): Promise<Hold>;
  release(id: string, by: string): Promise<Hold>;
  /** Destroys the keys of old months. */
  expire(request: ExpireRequest): Promise<ExpireReport>;
  /** Removes old segments. */
  purge(request: PurgeRequest): Promise<PurgeReport>;
  /** Signs a checkpoint and proves a durable record with it. */
  prove(index: number): Promise<RecordProof>;
  /** Records an event and resolves when it is durable. */
  gate(event: AuditEvent): Promise<{ readonly size: number }>;
}

/** One of these acts, as it is handed to the process that holds the log. */
export interface CustodyCall {
  readonly verb: keyof Custody;
  readonly arguments: readonly unknown[];
}

/** Carries out what another process asked for. Rejects with `CUSTODY_REQUEST` for what is no act of custody. */
export async function carryOut(custody: Custody, call: JsonObject): Promise<unknown> {
  const given = Array.isArray(call['arguments']) ? call['arguments'] : [];
  const [first, second]: unknown[] = given;
  const request = isObject(first) ? first : {};
  switch (call['verb']) {
    case 'erase':
      if (hasStrings(request, 'caller', 'by')) return custody.erase({ ...request, ...note(request) });
      break;
    case 'holds':
      return custody.holds();
    case 'hold':
      if (hasStrings(request, 'matter', 'by')) return custody.hold(holdRequest(request));
      break;
    case 'release':
      if (typeof first === 'string' && typeof second === 'string') return custody.release(first, second);
      break;
    case 'expire':
      if (hasStrings(request, 'beforeMonth', 'rule', 'by')) return custody.expire(request);
      break;
    case 'purge':
      if (hasStrings(request, 'rule', 'by')) return custody.purge(purgeRequest(request));
      break;
    case 'prove':
      if (typeof first === 'number') return custody.prove(first);
      break;
    case 'gate':
      return custody.gate(readingEvent(request));
    default:
  }
  throw new AuditFault('CUSTODY_REQUEST', 'The request is not one that the log carries out', 65);
}

function note({ note: text }: JsonObject): { readonly note?: string } {
  return typeof text === 'string' ? { note: text } : {};
}

function holdRequest({ matter, by, caller }: JsonObject & { matter: string; by: string }): HoldRequest {
  return { matter, by, ...(typeof caller === 'string' ? { caller } : {}) };
}

function purgeRequest({ rule, by, before, dryRun }: JsonObject & { rule: string; by: string }): PurgeRequest {
  if (typeof before !== 'number') throw new AuditFault('CUSTODY_REQUEST', 'A purge needs the time before which', 65);
  return { rule, by, before, dryRun: dryRun === true };
}

/** Another process may record that somebody read, what is noted about an incident, and what amends a record: nothing else. */
const foreignKinds: readonly EventKind[] = eventKinds.filter((kind) => /^(?:access|incident|record)\./.test(kind));

/**
 * The event of a reading that somebody without the key tells of: who it was is a claim, and its role says so. Rejects with
 * `CUSTODY_REQUEST` for anything else.
 */
export function toldReading({ caller: _caller, sealed: _sealed, ...value }: JsonObject): AuditEvent {
  const event = readingEvent(value);
  if (/^access\.(?:read|export)$/.test(event.kind) && event.actor.startsWith('user:'))
    return { ...event, role: 'keyless' };
  throw new AuditFault('CUSTODY_REQUEST', 'The event is no reading', 65);
}

function readingEvent(value: JsonObject): AuditEvent {
  const kind = foreignKinds.find((known) => known === value['kind']);
  const { outcome, totals, facts, sealed } = value;
  if (kind === undefined || !hasStrings(value, 'actor') || !isOutcome(outcome)) {
    throw new AuditFault('CUSTODY_REQUEST', 'The event is not one that another process may record', 65);
  }
  const optional = Object.fromEntries(
    (['call', 'caller', 'role', 'purpose'] as const).flatMap((name) =>
      typeof value[name] === 'string' ? [[name, value[name]]] : [],
    ),
  );
  return {
    ...optional,
    kind,
    actor: value.actor,
    outcome,
    action: kind === 'record.amend' ? 'U' : 'R',
    ...(isObject(totals) ? { totals: only(totals, (entry) => typeof entry === 'number') } : {}),
    ...(isObject(facts) ? { facts: only(facts, (entry) => typeof entry === 'string') } : {}),
    ...(isObject(sealed) ? { sealed: only(sealed, (entry) => typeof entry === 'string') } : {}),
  };
}

function isOutcome(value: unknown): value is AuditEvent['outcome'] {
  return value === 'ok' || value === 'refused' || value === 'failed';
}

function only<T>(value: JsonObject, accept: (entry: unknown) => entry is T): Record<string, T> {
  const kept: Record<string, T> = {};
  for (const [name, entry] of Object.entries(value)) if (accept(entry)) kept[name] = entry;
  return kept;
}
