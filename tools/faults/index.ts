/**
 * Runs every test file that names a row of the fault table and writes docs/faults.md from what they came to.
 * `tsx tools/faults/index.ts results.json ...`: from these runs instead of a new one.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { faultRows, rowsIn } from '../../test/fault/rows.ts';
import { faultTable, stateOf, type FaultResult } from './table.ts';

const named = new Map(
  readdirSync('test', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join('test', name))
    .map((name) => [name, rowsIn(readFileSync(name, 'utf8'))] as const)
    .filter(([, rows]) => rows.length > 0),
);
const results = (process.argv.length > 2 ? process.argv.slice(2) : [runTests()]).flatMap(
  (file) => JSON.parse(readFileSync(file, 'utf8')) as FaultResult[],
);
const several =
  process.argv.length > 3 ? ' Put together from several runs; where a file ran again, its last run counts.' : '';
const where = `Node ${process.version}, ${cpus().length} cores, ${process.getuid?.() === 0 ? 'as root' : 'without root'}.${several}`;
writeFileSync('docs/faults.md', faultTable(results, named, where));
const open = faultRows.filter(({ id }) => stateOf(results.filter(({ row }) => row === id)) !== 'passed');
process.stdout.write(`docs/faults.md: ${faultRows.length - open.length} of ${faultRows.length} rows as expected\n`);
for (const { id, fault } of open) process.stdout.write(`open: ${id} ${fault}\n`);

function runTests(): string {
  const into = join(mkdtempSync(join(tmpdir(), 'chaperone-faults-')), 'results.json');
  const reporters = ['--reporter=default', '--reporter=./tools/faults/reporter.ts'];
  spawnSync('./node_modules/.bin/vitest', ['run', ...reporters, ...named.keys()], {
    stdio: 'inherit',
    env: { ...process.env, FAULT_RESULTS: into },
  });
  return into;
}
