import { readFile, writeFile } from 'node:fs/promises';
import { reasonTable } from './reasons.ts';

/** Writes what the README repeats of the code between its marks: `npx tsx tools/readme/index.ts`. */
const readme = await readFile('README.md', 'utf8');
const [before, rest] = readme.split('<!-- reasons -->\n');
const after = rest?.split('<!-- /reasons -->')[1];
if (before === undefined || after === undefined)
  throw new Error('README.md lacks the marks <!-- reasons --> and <!-- /reasons -->');
await writeFile('README.md', `${before}<!-- reasons -->\n${reasonTable()}\n<!-- /reasons -->${after}`);
