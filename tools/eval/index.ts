/**
 * Scores the PHI engine on labelled calls.
 *
 *   npx tsx tools/eval/index.ts FILE.jsonl [--streams] [--show-leaks] [--show-over] [--profile medspa] [--by source|tag]
 */
import { parseArgs } from 'node:util';
import { createEngine } from '../../src/policy/phi/engine.ts';
import { profiles } from '../../src/policy/profiles/index.ts';
import { readItems } from './items.ts';
import { scoreCall } from './measure.ts';
import { report, showLeaks, showOver } from './report.ts';
import { redactCall } from './run.ts';
import { streamReport } from './stream-report.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    streams: { type: 'boolean', default: false },
    'show-leaks': { type: 'boolean', default: false },
    'show-over': { type: 'boolean', default: false },
    profile: { type: 'string', default: 'medspa' },
    by: { type: 'string', default: '' },
  },
});

function main(): void {
  const profile = Object.values(profiles).find(({ name }) => name === values.profile);
  if (profile === undefined)
    throw new Error(`There is no profile ${values.profile}; choose ${Object.keys(profiles).join(', ')}`);
  const before = performance.now();
  const engine = createEngine();
  const out = (line: string): void => void process.stdout.write(`${line}\n`);
  out(`engine start-up ${(performance.now() - before).toFixed(0)} ms, profile ${profile.name}, party vendor`);
  for (const file of positionals) {
    const items = readItems(file);
    const times: number[] = [];
    const outputs = items.map((item) => redactCall(engine, item, profile.clearances.vendor, times));
    const calls = items.map((item, index) => scoreCall(item, outputs[index] ?? []));
    out(`\n== ${file}: ${String(items.length)} items`);
    report(calls, times, values.by).forEach(out);
    if (values['show-leaks']) showLeaks(calls, outputs).forEach(out);
    if (values['show-over']) showOver(calls, outputs).forEach(out);
    if (values.streams) streamReport(engine, items, profile.clearances.vendor, values['show-leaks']).forEach(out);
  }
}

main();
