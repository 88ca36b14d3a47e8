/**
 * Calls for a long time. `npm run soak`: 200 calls for 30 minutes, memory and descriptors flat. `npm run soak -- --faults`:
 * 1,000 calls with a fault in each, drawn by `--seed N`, the process killed ten times in the middle of them. `--calls N`,
 * `--minutes N`, `--placed N`, `--kills N`, `--workers N` change that.
 */
import { parseArgs } from 'node:util';
import { faultsOf } from './judge.ts';
import { soak } from './soak.ts';

const { values } = parseArgs({
  options: {
    faults: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    calls: { type: 'string' },
    minutes: { type: 'string' },
    placed: { type: 'string' },
    kills: { type: 'string' },
    workers: { type: 'string', default: '1' },
  },
});
const { faults } = values;
const plan = {
  faults,
  seed: Number(values.seed),
  calls: Number(values.calls ?? (faults ? 40 : 200)),
  workers: Number(values.workers),
  callSeconds: faults ? 4 : 60,
  ...(faults
    ? { placed: Number(values.placed ?? 1_000), kills: Number(values.kills ?? 10) }
    : { seconds: 60 * Number(values.minutes ?? 30) }),
};

const report = await soak(plan, (line) => process.stderr.write(`\r${line}   `));
process.stderr.write('\n');
process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
const wrong = faultsOf(report, !faults);
for (const sentence of wrong) process.stderr.write(`${sentence}\n`);
process.exitCode = wrong.length === 0 ? 0 : 1;
