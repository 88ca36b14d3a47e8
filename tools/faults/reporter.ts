/** A reporter for vitest: what each test of a row of the fault table came to, as JSON for `index.ts`. */
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { rowsIn } from '../../test/fault/rows.ts';
import type { FaultResult } from './table.ts';

// vitest loads a reporter by the default export of its file.
export default class FaultReporter implements Reporter {
  readonly #file = process.env['FAULT_RESULTS'] ?? 'fault-results.json';
  readonly #results: FaultResult[] = [];

  /** After each file: a run that is cut off has told what it saw. */
  onTestModuleEnd(module: TestModule): void {
    for (const test of module.children.allTests()) this.#results.push(...resultsOf(test));
    writeFileSync(this.#file, JSON.stringify(this.#results, undefined, 1));
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
