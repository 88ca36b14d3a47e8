/**
 * `npm run bench`: chaperone against a bare `ws` relay in the same run, on the same machine, with the same load.
 *
 *   npm run bench                      all scenarios, three rounds; writes docs/results/bench.json
 *   npm run bench -- --quick           a minute; writes nothing
 *   npm run bench -- --only media-tls-100
 *   npm run bench -- --only bridges      calls to a vendor's own protocol: cost, breaking in, the way to a human
 *   npm run bench -- --only crowd        how many calls one core carries, and what happens when many more arrive
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bridgeLoads, bridgeText, handoffs } from './bridges/index.ts';
import { crowdFigures, crowdText } from './crowd/index.ts';
import { makeCertificates, type Certificates } from './certificates.ts';
import { runLoad, type LoadResult } from './load.ts';
import { machine } from './machine.ts';
import { timings } from './micro.ts';
import { redactorFigures } from './packages.ts';
import { pinSelf } from './process.ts';
import { driverCore } from './relay.ts';
import { bare } from './relays/bare.ts';
import { chaperone, chaperoneInMemory, chaperoneScraped, chaperoneWorkers } from './relays/chaperone.ts';
import { direct } from './relays/direct.ts';
import { loadTable, rounded, timingTable } from './report.ts';
import { full, planOf, quick, type Effort, type Scenario } from './scenarios.ts';
import { summarise, type Round, type ScenarioSummary } from './summary.ts';

const others = { workers: [chaperoneWorkers], records: [chaperoneInMemory, chaperoneScraped] } as const;
const relaysOf = ({ also }: Scenario) => [direct, bare, chaperone, ...(also === undefined ? [] : others[also])];
const resultFile = new URL('../../docs/results/bench.json', import.meta.url);

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string' }, json: { type: 'string' } },
});

async function runRound(scenario: Scenario, effort: Effort, certificates: Certificates | undefined): Promise<Round> {
  const results: Record<string, LoadResult> = {};
  for (const relay of relaysOf(scenario)) {
    process.stderr.write(`  ${scenario.name}: ${relay.name}\n`);
    results[relay.name] = await runLoad(relay, planOf(scenario, effort), certificates);
  }
  return results;
}

async function runScenario(scenario: Scenario, effort: Effort, folder: string): Promise<ScenarioSummary> {
  const certificates = scenario.tls ? makeCertificates(folder) : undefined;
  const rounds: Round[] = [];
  for (let round = 0; round < effort.rounds; round++) rounds.push(await runRound(scenario, effort, certificates));
  return summarise(scenario, rounds);
}

/** The audit log alone, as a program of its own: it prints one JSON object. */
function auditFigures(records: number): Record<string, unknown> {
  const program = fileURLToPath(new URL('audit.ts', import.meta.url));
  const printed = execFileSync(process.execPath, ['--import', 'tsx', program, '--records', String(records)]);
  return Object.assign({}, JSON.parse(printed.toString()));
}

async function bench(): Promise<void> {
  const effort = options.quick ? quick : full;
  const chosen = effort.scenarios.filter(({ name }) => options.only === undefined || name === options.only);
  const described = machine();
  process.stdout.write(`${JSON.stringify(described)}\n`);
  // One operation first, on a quiet process; then the load, for which this process is the driver.
  const operations = options.only === undefined ? timings(options.quick) : [];
  if (operations.length > 0) process.stdout.write(timingTable(operations));
  const audit = options.only === undefined ? auditFigures(options.quick ? 20_000 : 200_000) : undefined;
  if (audit) process.stdout.write(`\nThe audit log\n  ${JSON.stringify(audit)}\n`);
  const redactors = options.only === undefined ? await redactorFigures() : undefined;
  if (redactors)
    process.stdout.write(
      `\nRedactors, on the calls that nobody tunes on\n${redactors.map((one) => `  ${JSON.stringify(one)}\n`).join('')}`,
    );
  const withBridges = options.only === undefined || options.only === 'bridges';
  // In this process, before it is pinned: the product is in it.
  const humans = withBridges ? await handoffs(options.quick) : undefined;
  pinSelf(driverCore);
  const folder = mkdtempSync(join(tmpdir(), 'chaperone-bench-'));
  const summaries: ScenarioSummary[] = [];
  try {
    for (const scenario of chosen) {
      const summary = await runScenario(scenario, effort, folder);
      process.stdout.write(loadTable(summary));
      summaries.push(summary);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const bridges = humans && { ...(await bridgeLoads(effort, options.quick ? 20 : 100)), handoffs: humans };
  if (bridges) process.stdout.write(bridgeText(bridges));
  const withCrowd = options.only === undefined || options.only === 'crowd';
  const crowd = withCrowd ? await crowdFigures(options.quick) : undefined;
  if (crowd) process.stdout.write(crowdText(crowd));
  const { rounds, warmUpMs, measureMs } = effort;
  const result = {
    machine: described,
    effort: { rounds, warmUpMs, measureMs },
    operations,
    audit,
    redactors,
    bridges,
    crowd,
    scenarios: summaries,
  };
  const json = `${JSON.stringify(result, rounded, 2)}\n`;
  const wholeRun = !options.quick && options.only === undefined;
  if (options.json !== undefined) writeFileSync(options.json, json);
  else if (wholeRun) writeFileSync(resultFile, json);
}

await bench();
