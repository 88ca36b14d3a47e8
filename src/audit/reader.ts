import type { Custody } from './custody.ts';
import { readDescription, type LogDescription } from './description.ts';
import { nodeFiles, type FileLayer } from './durable.ts';
import type { AuditEvent } from './event.ts';
import { layoutOf, type Layout } from './layout.ts';
import { AuditFault } from './log.ts';
import { findRecords, type Wanted } from './query.ts';
import type { RecordText } from './record.ts';
import { sha256 } from './tree.ts';
import type { PlaceReport } from './verdict.ts';
import type { VerifyOptions } from './verify.ts';

/** A log that is read. */
export interface LogSource {
  readonly files: FileLayer;
  readonly layout: Layout;
  readonly description: LogDescription;
  /** Finds records without reading the others. */
  find(wanted: Wanted): AsyncIterable<RecordText>;
}

/** Rejects with `AUDIT_MISSING` where there is no log. */
export async function openSource(directory: string, files: FileLayer = nodeFiles): Promise<LogSource> {
  const layout = layoutOf(directory);
  const description = await readDescription(files, layout);
  if (typeof description === 'object') {
    const find = (wanted: Wanted): AsyncIterable<RecordText> => findRecords(files, layout, wanted);
    return { files, layout, description, find };
  }
  throw new AuditFault('AUDIT_MISSING', `There is no audit log in ${directory}`, 66);
}

/** The logs of a place, to be read and verified: one of a directory, one for each writer of a database. */
export interface LogPlace {
  readonly sources: readonly LogSource[];
  verify(options: VerifyOptions): Promise<PlaceReport>;
  close(): Promise<void>;
}

/** Who reads, and why. */
export interface Reading {
  /** `user:<id>`. */
  readonly by: string;
  /** HL7 purpose of use: TREAT, HPAYMT, HOPERAT, COC, PATRQT. */
  readonly purpose: string;
  /** What was asked: `show`, `accounting`, `activity`, `export`. */
  readonly query: string;
  readonly caller?: string;
  readonly call?: string;
}

/**
 * Records that somebody read: who, why, what was asked and a digest of what came back. It MUST be awaited before
 * anything is shown: no audit, no disclosure.
 */
export async function recordReading(
  custody: Pick<Custody, 'gate'>,
  kind: 'access.read' | 'access.export',
  reading: Reading,
  output: string,
  records: number,
): Promise<void> {
  const { by, purpose, query, caller, call } = reading;
  const event: AuditEvent = {
    kind,
    actor: by,
    action: 'R',
    outcome: 'ok',
    purpose,
    totals: { records },
    facts: { query, sha256: sha256(Buffer.from(output)).toString('hex') },
    ...(caller === undefined ? {} : { caller }),
    ...(call === undefined ? {} : { call }),
  };
  await custody.gate(event);
}
