/** A reporter for vitest: what each test of a row of the fault table came to, as JSON for `index.ts`. */
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { rowsIn } from '../../test/fault/rows.ts';
import type { FaultResult } from './table.ts';

// vitest loads a reporter by the default export of its file.
export default class FaultReporter implements Reporter {
  readonly #file: string;

  constructor(file = process.env['FAULT_RESULTS'] ?? 'fault-results.json') {
    this.#file = file;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const results = modules.flatMap((module) => [...module.children.allTests()].flatMap((test) => resultsOf(test)));
    writeFileSync(this.#file, JSON.stringify(results, undefined, 1));
  }
}

function resultsOf(test: TestCase): FaultResult[] {
  const { state } = test.result();
  const { observation } = test.meta();
  const common = {
    file: relative(process.cwd(), test.module.moduleId),
    title: test.fullName,
    state,
    ...(observation === undefined ? {} : { observation }),
  };
  return [...new Set(rowsIn(test.fullName))].map((row) => ({ row, ...common }));
}
