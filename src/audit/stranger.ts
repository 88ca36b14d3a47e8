import type { Custody } from './custody.ts';
import { nodeFiles, type FileLayer } from './durable.ts';
import { layoutOf } from './layout.ts';
import { isHeld } from './lock.ts';
import { AuditFault } from './log.ts';
import { ReadingBox } from './reading-box.ts';

export interface StrangerOptions {
  readonly directory: string;
  /** ms UTC. */
  readonly now: () => number;
  readonly files?: FileLayer;
}

/** A reading that no log can take. */
export function cannotRecord(why: string): AuditFault {
  const what = 'Every reading is recorded, and this one cannot be';
  return new AuditFault('READ_UNRECORDED', `${what}: ${why}. Nothing was shown; --unrecorded shows a copy`, 77);
}

/** Where somebody without the key has a reading recorded: by the process that writes the log. */
export function strangerDesk(options: StrangerOptions): Pick<Custody, 'gate'> {
  const { directory, now, files = nodeFiles } = options;
  const layout = layoutOf(directory);
  return {
    gate: async (event) => {
      if (!(await isHeld(files, layout.lock, now()))) {
        throw cannotRecord('no process writes this log, and without its key nothing can be written to it');
      }
      const told = await new ReadingBox({ files, directory: layout.requests, now })
        .tell(event)
        .catch((error: unknown) => {
          if (error instanceof AuditFault) throw error;
          throw cannotRecord('the process that writes this log cannot be told');
        });
      if (told === undefined) throw cannotRecord('the process that writes this log does not take it');
      return told;
    },
  };
}

/** Rejects with `READ_RECORDABLE` while a process writes the log: then a reading can be recorded. */
export async function refuseWhileWritten({ directory, now, files = nodeFiles }: StrangerOptions): Promise<void> {
  if (!(await isHeld(files, layoutOf(directory).lock, now()))) return;
  throw recordable();
}

/** A reading that was asked to go unrecorded of a log that can record it. */
export function recordable(): AuditFault {
  const sentence = 'A process writes this log: it is no copy, and the reading can be recorded. Leave out --unrecorded';
  return new AuditFault('READ_RECORDABLE', sentence, 64);
}
