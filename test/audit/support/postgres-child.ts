import { openKeyFile } from '../../../src/audit/keys/file.ts';
import { AuditFault } from '../../../src/audit/log.ts';
import { openPostgresLog } from '../../../src/audit/postgres/open.ts';
import { eventNumber } from './log.ts';
import { addressOf } from './postgres.ts';

// Writes events without end and prints the size of the log after each acknowledgement, until it is killed or loses the
// database: then it ends with the exit code of the fault, as the service does.
const [, , url = '', keyFile = '', origin = '', caller = ''] = process.argv;
const give = (fault: AuditFault): void => {
  process.stderr.write(`${fault.code} ${fault.message}\n`);
  process.exit(fault.exitCode);
};
try {
  const log = await openPostgresLog({
    address: await addressOf(url),
    keys: await openKeyFile(keyFile),
    origin,
    practice: 'glow',
    now: () => Date.now(),
    monotonic: () => performance.now(),
    onFault: give,
    limits: { segmentBytes: 100_000, checkpointPause: 5 },
  });
  for (let at = 0; ; at += 1) {
    for (let one = 0; one < 1 + (at % 9); one += 1) log.record(eventNumber(at * 9 + one, caller));
    if (at % 20 === 19) log.record({ kind: 'call.end', call: `call-${at}`, actor: 'system', outcome: 'ok' });
    const { size } = await log.settled();
    process.stdout.write(`${size}\n`);
  }
} catch (error) {
  if (!(error instanceof AuditFault)) throw error;
  give(error);
}
