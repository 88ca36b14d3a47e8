import { nodeFiles } from '../../../src/audit/durable.ts';
import { DiskQueue } from '../../../src/server/taps/queue.ts';

// Appends lines without end and prints the number of those that the queue has taken, until it is killed.
const [, , directory = '', from = '0'] = process.argv;
const queue = await DiskQueue.open({
  files: nodeFiles,
  directory,
  key: Buffer.alloc(32, 7),
  name: 'records',
  bytes: 50_000_000,
  ageMs: 3_600_000,
  now: Date.now,
  onDropped: (lines) => process.stderr.write(`dropped ${lines}\n`),
  onFault: () => process.stderr.write('fault\n'),
});
for (let at = Number(from); ;) {
  const lines = Array.from({ length: 1 + (at % 5) }, (_, index) => ({ call: 'call-1', json: `{"seq":${at + index}}` }));
  await queue.append(lines);
  at += lines.length;
  process.stdout.write(`${at}\n`);
}
