/**
 * Stryker's test runner for the PHI engine: the vectors beside `test/vectors/phi`, run in one process. Stryker's own runner for
 * vitest loads the tests and the word lists again for each of some 5,000 mutants, 1 to 2 s each; here a mutant is switched on in
 * code that is loaded already, which takes some 50 ms. Plain JavaScript, as Stryker loads its plugins itself.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { register } from 'tsx/esm/api';

const success = 0;
const failed = 1;

/** What the mutated code reads and counts in, by the name that Stryker's instrumenter gives it. */
const instruments = (globalThis.__stryker__ ??= {});

class VectorRunner {
  capabilities() {
    return { reloadEnvironment: false };
  }

  async init() {
    register();
    const load = (name) => import(pathToFileURL(join(process.cwd(), 'test/policy/phi', name)).href);
    const { vectorCases } = await load('vectors.ts');
    const { aloneCases } = await load('alone.ts');
    this.cases = [...aloneCases(), ...vectorCases()];
  }

  async dryRun() {
    const tests = this.cases.map((each) => {
      instruments.currentTestId = each.name;
      const before = performance.now();
      const failureMessage = failureOf(each);
      const test = { id: each.name, name: each.name, timeSpentMs: performance.now() - before };
      return failureMessage === undefined ? { ...test, status: success } : { ...test, status: failed, failureMessage };
    });
    instruments.currentTestId = undefined;
    return { status: 'complete', tests, mutantCoverage: instruments.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit }) {
    const chosen = testFilter === undefined ? undefined : new Set(testFilter);
    const cases = this.cases.filter(({ name }) => chosen?.has(name) ?? true);
    Object.assign(instruments, { activeMutant: activeMutant.id, hitLimit, hitCount: 0 });
    const result = this.killer(cases);
    const reached = hitLimit !== undefined && instruments.hitCount > hitLimit;
    instruments.activeMutant = undefined;
    return reached ? { status: 'timeout', reason: 'an endless loop' } : result;
  }

  killer(cases) {
    for (const [index, each] of cases.entries()) {
      const failureMessage = failureOf(each);
      if (failureMessage !== undefined)
        return { status: 'killed', killedBy: [each.name], failureMessage, nrOfTests: index + 1 };
    }
    return { status: 'survived', nrOfTests: cases.length };
  }
}

function failureOf({ run }) {
  try {
    run();
    return undefined;
  } catch (error) {
    return String(error);
  }
}

export const strykerPlugins = [{ kind: 'TestRunner', name: 'vectors', injectableClass: VectorRunner }];
