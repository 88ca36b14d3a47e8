import { AnchorKeeper, type Anchor, type StoredLog } from './anchor.ts';
import type { Signer } from './checkpoint.ts';
import { Checkpointer } from './checkpointer.ts';
import { Committer } from './committer.ts';
import { Depositor } from './depositor.ts';
import { formatName } from './description.ts';
import type { FileLayer } from './durable.ts';
import type { AuditEvent } from './event.ts';
import type { Keyring } from './keyring.ts';
import type { Layout } from './layout.ts';
import type { AuditLimits } from './limits.ts';
import type { Lock } from './lock.ts';
import { lostCall } from './lost-call.ts';
import type { AuditFault } from './log.ts';
import type { Random } from './seal.ts';
import type { Sink, Tail } from './sink.ts';
import { LogWriter } from './writer.ts';

export interface StartOptions {
  readonly sink: Sink;
  /** Held as long as the writer writes. */
  readonly lock: Lock;
  readonly keyring: Keyring;
  readonly signer: Signer;
  readonly practice: string;
  /** ms UTC. */
  readonly now: () => number;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number;
  readonly random: Random;
  readonly limits: AuditLimits;
  readonly onFault: (fault: AuditFault) => void;
  /** Told of each signed note. */
  readonly onCheckpoint: (note: string) => void;
  readonly anchors: readonly Anchor[];
  /** What the anchors are asked about: absent, they are not. */
  readonly stored?: StoredLog;
  /** Where closed segments are read from. */
  readonly files: FileLayer;
  readonly layout: Layout;
}

export interface Started {
  readonly writer: LogWriter;
  readonly keeper: AnchorKeeper;
  readonly depositor: Depositor;
}

/**
 * Starts the writer of a log over an opened sink: opens a segment where none is, and records what the last end left. Rejects
 * with `AUDIT_ROLLED_BACK`, before anything is written or signed, when an anchor knows more of the log.
 */
export async function startWriter(options: StartOptions): Promise<Started> {
  const { sink, signer, limits, monotonic, anchors, onCheckpoint, onFault } = options;
  const { tail } = sink;
  const record = (event: AuditEvent): boolean => writer.record(event);
  const keeper = new AnchorKeeper({
    anchors,
    record,
    monotonic,
    every: limits.anchorEvery,
    retry: limits.anchorRetry,
    stored: options.stored,
    onRolledBack: (fault) => writer.fail(fault),
  });
  const depositor = new Depositor({ ...options, record, retry: limits.anchorRetry });
  await keeper.compare();
  const publish = (note: string): void => {
    onCheckpoint(note);
    keeper.offer(note);
  };
  const signing = { sink, signer, limits, monotonic, signed: tail.signed, onCheckpoint: publish };
  const checkpointer = new Checkpointer(signing);
  const committer = new Committer({ ...options, checkpointer });
  const writer = new LogWriter({ committer, limits, onFault });
  checkpointer.onFailure((error) => writer.fail(error));
  await committer.begin(tail.frontier.size === 0 ? genesis(signer) : undefined);
  for (const event of recovery(tail)) writer.record(event);
  return { writer, keeper, depositor };
}

function genesis(signer: Signer): AuditEvent {
  const facts = { format: formatName, origin: signer.name, vkey: signer.vkey };
  return { kind: 'log.genesis', actor: 'system', action: 'C', outcome: 'ok', facts };
}

/** What the end of the last process left: bytes that were never acknowledged, calls that have no end. */
function recovery({ torn, openCalls }: Tail): AuditEvent[] {
  const common = { actor: 'system', role: 'recovery' } as const;
  const ends = openCalls.map(lostCall);
  if (torn === undefined && ends.length === 0) return [];
  const totals = { bytes: torn?.bytes ?? 0, calls: ends.length };
  const facts = torn === undefined ? {} : { facts: { sha256: torn.sha256 } };
  return [{ ...common, kind: 'log.recovered', outcome: 'ok', totals, ...facts }, ...ends];
}
