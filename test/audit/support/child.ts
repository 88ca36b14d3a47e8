import { openFileLog } from '../../../src/audit/open.ts';
import { openKeyFile } from '../../../src/audit/keys/file.ts';
import { eventNumber, origin } from './log.ts';

// Writes events without end and prints the size of the log after each acknowledgement, until it is killed.
const [, , directory = '', keyFile = ''] = process.argv;
const log = await openFileLog({
  directory,
  keys: await openKeyFile(keyFile),
  origin,
  practice: 'glow',
  now: () => Date.now(),
  monotonic: () => performance.now(),
  limits: { segmentBytes: 200_000, checkpointPause: 5 },
});
for (let at = 0; ; at += 1) {
  const inBatch = 1 + (at % 9);
  for (let one = 0; one < inBatch; one += 1) log.record(eventNumber(at * 9 + one));
  if (at % 20 === 19) log.record({ kind: 'call.end', call: `call-${at}`, actor: 'system', outcome: 'ok' });
  const { size } = await log.settled();
  process.stdout.write(`${size}\n`);
}
