import type { AuditEvent } from '../../audit/event.ts';
import type { ReasonCode } from '../../policy/reason.ts';
import type { Speaker } from '../../policy/phi/recognizer.ts';
import type { Figures } from '../metrics.ts';
import type { Wanted } from '../taps/hub.ts';
import type { HeardCall } from '../taps/line.ts';
import type { CarriedConfig } from './carried-config.ts';

/** Something said in a call, as much of it as those may see who read along. */
export interface SaidMessage {
  readonly type: 'said';
  readonly call: HeardCall;
  readonly utterance: number;
  readonly speaker: Speaker;
  readonly final: boolean;
  /** Counts what was heard in the call from 1. */
  readonly sequence: number;
  /** By the key of a clearance, what it lets through. */
  readonly shown: ReadonlyMap<string, string>;
  /** Lines before this one that were not sent, because too many were on their way. */
  readonly missed: number;
}

/** A human has a call: no other worker may take it again. It is named by a digest. */
export interface HandedOverMessage {
  readonly type: 'handed-over';
  readonly call: string;
}

/** What a worker tells the process that started it. */
export type WorkerMessage =
  /** Events for the log, in order; `last` counts the events of this worker from 1. `urgent`: somebody waits for them. */
  | { readonly type: 'events'; readonly last: number; readonly events: readonly AuditEvent[]; readonly urgent: boolean }
  /** It takes calls. */
  | { readonly type: 'ready' }
  /** It has the connection that it was given longest ago. */
  | { readonly type: 'taken' }
  | { readonly type: 'figures'; readonly request: number; readonly figures: Figures }
  /** It carries a call that may be read along; and it does so no more. */
  | { readonly type: 'begun'; readonly call: HeardCall }
  | { readonly type: 'ended'; readonly ref: string }
  | HandedOverMessage
  | SaidMessage;

/** What a worker is told. */
export type PrimaryMessage =
  /** The events of this worker up to `last` are durable, in a log of so many records. */
  | { readonly type: 'durable'; readonly last: number; readonly size: number }
  /** The log did not take this event, which would have admitted a call. */
  | { readonly type: 'untaken'; readonly event: number }
  /** The log takes nothing any more. */
  | { readonly type: 'failed' }
  /** Why no call may begin, as far as the log is concerned; no reason: it may. */
  | { readonly type: 'hindered'; readonly reason: ReasonCode | undefined }
  /** The configuration in force: first of all, and whenever it is another one. */
  | { readonly type: 'configuration'; readonly config: CarriedConfig }
  | { readonly type: 'drain' }
  /** For whom it has to tell what is said. */
  | { readonly type: 'wanted'; readonly wanted: readonly Wanted[] }
  | HandedOverMessage
  /** A connection that was accepted for it comes with this. */
  | { readonly type: 'connection' }
  | { readonly type: 'figures'; readonly request: number };

const workerTypes: readonly string[] = [
  'events',
  'ready',
  'taken',
  'figures',
  'begun',
  'ended',
  'said',
  'handed-over',
] satisfies WorkerMessage['type'][];
const primaryTypes: readonly string[] = [
  'durable',
  'untaken',
  'failed',
  'hindered',
  'configuration',
  'drain',
  'wanted',
  'handed-over',
  'connection',
  'figures',
] satisfies PrimaryMessage['type'][];

/** Both ends are the same program, so the kind of a message says what is in it. */
export function isWorkerMessage(value: unknown): value is WorkerMessage {
  return workerTypes.includes(typeOf(value));
}

export function isPrimaryMessage(value: unknown): value is PrimaryMessage {
  return primaryTypes.includes(typeOf(value));
}

function typeOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('type' in value)) return '';
  return typeof value.type === 'string' ? value.type : '';
}
