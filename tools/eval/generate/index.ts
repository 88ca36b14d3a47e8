/**
 * Writes synthetic calls, labelled, for development and test. The splits share no sentence frame and no name.
 *
 *   npx tsx tools/eval/generate/index.ts dev|test SEED COUNT > FILE.jsonl
 */
import { Writer } from './writer.ts';

function main(): void {
  const [split = 'dev', seed = '1', count = '1000'] = process.argv.slice(2);
  if (split !== 'dev' && split !== 'test') throw new Error('The split is dev or test');
  const writer = new Writer(split, Number(seed));
  for (let at = 0; at < Number(count); at += 1)
    process.stdout.write(`${JSON.stringify(writer.item(`${split}-${seed}-${String(at)}`))}\n`);
}

main();
