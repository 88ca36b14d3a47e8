import type { Lists } from './lists.ts';
import { expand } from './grammar.ts';
import type { Fill, Label, Piece } from './grammar.ts';
import type { Persons } from './persons.ts';
import type { Random } from './random.ts';

/** How a sentence is written down: `spoken` as speech-to-text without capitals or digits, `written` with both. */
export type Style = 'spoken' | 'written';

const properTopics = new Set([
  'month',
  'weekday',
  'holiday',
  'region',
  'country',
  'language',
  'citywide',
  'brand',
  'brandmisc',
  'drug',
  'city',
  'origin',
  'cuisine',
  'company',
  'generic',
  'artistic',
]);
const letters = 'abcdefghijklmnoprstvwz'.split('');
const units = ['oh', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const small = [
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
  'thirteen',
  'fourteen',
  'fifteen',
  'twenty',
  'twenty five',
  'thirty',
  'forty',
  'fifty',
  'sixty two',
  'ninety',
  'a hundred',
  'two hundred',
];
const ordinals = [
  'first',
  'second',
  'third',
  'fourth',
  'fifth',
  'sixth',
  'ninth',
  'tenth',
  'eleventh',
  'twelfth',
  'fifteenth',
  'eighteenth',
  'twentieth',
  'twenty first',
  'twenty third',
  'thirtieth',
];
const particles = [
  'de la',
  'de',
  'del',
  'dos',
  'da',
  'van',
  'van der',
  'von',
  'di',
  'el',
  'al',
  'bin',
  'ben',
  'st',
  'saint',
  'le',
  'la',
  'abu',
  'mac',
  'ter',
];
const titles = ['mr', 'mrs', 'ms', 'miss', 'mister', 'doctor', 'dr', 'missus', 'professor'];
const companies = [
  '{name} dermatology',
  '{name} and associates',
  '{noun} medical',
  '{noun} wellness',
  '{noun} skin studio',
  'the {noun} clinic',
  '{noun} aesthetics',
  '{brand}',
  '{city} medical center',
  '{noun} therapy',
  '{noun} and {noun}',
  '{name} plumbing',
  '{city} dental',
  'the {noun} spa',
  '{noun} health',
];
const alphabet = new Map(
  'alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec romeo sierra tango uniform victor whiskey xray yankee zulu'
    .split(' ')
    .map((word) => [word.charAt(0), word]),
);
const exampleWords =
  'apple adam boy bob cat charlie dog david elephant edward frank fox george girl henry hotel ice india john jack king kite larry love mary mike mother nancy north nora ocean oscar peter paul queen robert sam sugar tom tango tiger uncle umbrella victor violet william water xray yellow zebra'.split(
    ' ',
  );

export function createSlots(lists: Lists, persons: Persons, random: Random): (style: Style) => Fill {
  const values = new Map(lists.slots.map((slot) => [slot.name, slot.values]));
  const commonWords = [...lists.vocabulary.keys()].slice(200).filter((word) => !nameFirst(word, lists));
  const named = (text: string, proper = true): Piece => ({ text, label: 'name', proper });
  const plain = (text: string, proper = false): Piece => ({ text, label: 'other', proper });

  const joinNames = (names: readonly string[]): Piece[] =>
    names.flatMap((name, at) => (at === 0 ? [named(name)] : [named(' '), named(name)]));
  const digits = (count: number, style: Style): string =>
    Array.from({ length: count }, () => random.below(10))
      .map((digit) => (style === 'spoken' ? units[digit] : String(digit)))
      .join(style === 'spoken' ? ' ' : '');

  function surname(): string {
    const [name, kind] = [persons.surname(), random.next()];
    if (kind < 0.04) return `${random.pick(particles)} ${name}`;
    if (kind < 0.07) return `${name}-${persons.surname()}`;
    if (kind < 0.09) return `${name} ${persons.surname()}`;
    return kind < 0.1 ? `o'${name}` : name;
  }
  function full(): string[] {
    const [first, last] = persons.pair();
    const kind = random.next();
    if (kind < 0.05) return [first, persons.given(), last];
    if (kind < 0.08) return [first, random.pick(letters), last];
    if (kind < 0.12) return [first, surname()];
    return [first, last];
  }
  function titled(choices: readonly string[], style: Style): Piece[] {
    const title = random.pick(choices);
    const dot = style === 'written' && title.length < 4 && random.chance(0.8) ? '.' : '';
    const names = random.chance(0.12) ? full() : [random.chance(0.08) ? persons.given() : surname()];
    return joinNames([title + dot, ...names]);
  }
  function person(style: Style): Piece[] {
    const kind = random.next();
    if (kind < 0.44) return [named(persons.given())];
    if (kind < 0.8) return joinNames(full());
    if (kind < 0.86) return [named(surname())];
    if (kind < 0.97) return titled(titles, style);
    return joinNames([persons.given(), random.pick(letters)]);
  }
  /** Letters of a name: bare, with hyphens, or with words for some of them. */
  function spelled(name: string, style: Style): Piece[] {
    const spelling = name
      .replace(/[^a-z]/g, '')
      .slice(0, 14)
      .split('');
    const kind = random.next();
    if (kind < 0.06) return joinNames(spelling.map((letter) => alphabet.get(letter) ?? letter));
    const glue = style === 'written' ? random.pick(['-', '-', ' ', ', ', '. ']) : ' ';
    const parts = spelling.map((letter, at) => {
      if (spelling[at - 1] === letter && random.chance(0.3)) return `double ${letter}`;
      return kind < 0.2 && random.chance(0.35)
        ? `${letter} ${random.pick(['as in', 'for', 'like'])} ${example(letter)}`
        : letter;
    });
    return [named(parts.join(glue))];
  }
  function example(letter: string): string {
    const fitting = exampleWords.filter((word) => word.startsWith(letter));
    return fitting.length > 0 ? random.pick(fitting) : letter;
  }
  function possessive(pieces: readonly Piece[], style: Style): Piece[] {
    if (style === 'spoken' && random.chance(0.12)) return [...pieces, named('s', false)];
    return [...pieces, plain("'s")];
  }

  const time = (style: Style): string => {
    const hour = 1 + random.below(12);
    if (style === 'spoken')
      return `${small[hour - 1] ?? ''} ${random.pick(['', '', 'thirty', 'fifteen', 'forty five', "o'clock", 'a m', 'p m', 'pm', 'in the morning'])}`.trim();
    return `${String(hour)}${random.pick(['', ':00', ':30', ':15', ':45'])}${random.pick([' PM', ' AM', 'pm', ' p.m.', ''])}`;
  };
  const year = (style: Style): string =>
    style === 'written'
      ? String(1940 + random.below(86))
      : random.pick(['nineteen', 'twenty', 'two thousand']) +
        ' ' +
        random.pick(['ten', 'twelve', 'eighty four', 'seventy', 'ninety nine', 'fifteen', 'twenty one']);
  const slot = (name: string): string => random.pick(values.get(name) ?? missing(name));
  const date = (style: Style): Piece[] => {
    const month = slot('month');
    if (style === 'written')
      return [
        plain(month, true),
        plain(` ${String(1 + random.below(28))}${random.pick(['', 'th', ', ' + year(style)])}`),
      ];
    const day = random.pick(ordinals);
    return random.chance(0.6)
      ? [plain(`${month} ${day}${random.chance(0.4) ? ` ${year(style)}` : ''}`)]
      : [plain(`the ${day} of ${month}`)];
  };
  const word = (part: string): string =>
    random.chance(part === 'noun' ? 0.45 : 0.25) ? random.pick(commonWords) : slot(part);
  /** A word nobody has heard: the beginning of one and the end of another. */
  const invent = (): string => {
    const [a, b] = [random.pick(commonWords), random.pick(commonWords)];
    return a.slice(0, 2 + random.below(4)) + b.slice(Math.max(1, b.length - 2 - random.below(4)));
  };
  /** Words in no order, every second one of the commonest: English as no frame has it. */
  const frequent = [...lists.vocabulary.keys()]
    .slice(0, 250)
    .filter((word) => !nameFirst(word, lists) && word.length > 1);
  const salad = (): string =>
    Array.from({ length: 3 + random.below(8) }, () => random.pick(random.chance(0.55) ? frequent : commonWords)).join(
      ' ',
    );
  const acronym = (letters: string, style: Style): string => {
    if (style === 'spoken') return letters;
    return random.chance(0.4)
      ? letters.toUpperCase()
      : random.chance(0.7)
        ? letters.toUpperCase().replace(/ /g, '')
        : `${letters.toUpperCase().replace(/ /g, '.')}.`;
  };
  const letter3 = (): string[] => [random.pick(letters), random.pick(letters), random.pick(letters)];
  const either = (text: string, proper = true): Piece => ({ text, label: 'either', proper });

  const special: Readonly<Record<string, (style: Style) => readonly Piece[]>> = {
    p: person,
    f: () => [named(persons.given())],
    l: () => joinNames(surname().split(' ')),
    fl: () => joinNames(full().flatMap((name) => name.split(' '))),
    fs: (style) => possessive([named(persons.given())], style),
    ps: (style) => possessive(person(style), style),
    tl: (style) => titled(titles, style),
    dr: (style) => titled(['doctor', 'doctor', 'dr', 'doctor'], style),
    drposs: (style) => possessive(titled(['doctor', 'dr'], style), style),
    dl: () => [named(persons.surname())],
    init: () => [named(random.pick(letters))],
    spf: (style) => spelled(persons.given(), style),
    spl: (style) => spelled(persons.surname(), style),
    person: () => [named(random.pick(exampleWords))],
    wf: () => [named(persons.wordGiven())],
    wl: () => [named(persons.wordSurname())],
    wfposs: (style) => possessive([named(persons.wordGiven())], style),
    num: (style) => [
      plain(style === 'spoken' ? random.pick(small) : random.pick([String(1 + random.below(60)), random.pick(small)])),
    ],
    time: (style) => [plain(time(style))],
    year: (style) => [plain(year(style))],
    date,
    money: (style) => [
      plain(
        style === 'spoken'
          ? `${random.pick(small)} ${random.pick(['dollars', 'bucks', 'hundred dollars', 'thousand dollars'])}`
          : `$${String(5 * (1 + random.below(200)))}`,
      ),
    ],
    phone: (style) => [
      plain(
        style === 'spoken'
          ? digits(random.pick([7, 10]), style)
          : `${digits(3, style)}-${digits(3, style)}-${digits(4, style)}`,
      ),
    ],
    code: (style) => [
      plain(
        style === 'spoken'
          ? `${random.pick(letters)} ${digits(4, style)}`
          : `${random.pick(letters).toUpperCase()}${digits(6, style)}`,
      ),
    ],
    addr: (style) => [
      plain(`${style === 'spoken' ? random.pick(small) : String(10 + random.below(3000))} `),
      either(random.chance(0.5) ? persons.surname() : slot('noun')),
      plain(` ${random.pick(['street', 'avenue', 'lane', 'road', 'drive', 'court', 'boulevard'])}`),
    ],
    email: (style) => [
      either(persons.given(), false),
      plain(
        style === 'spoken'
          ? ` at ${random.pick(['gmail', 'yahoo', 'hotmail'])} dot com`
          : `@${random.pick(['gmail', 'yahoo', 'example'])}.com`,
      ),
    ],
    city: () => [plain(random.chance(0.35) ? slot('citywide') : random.pick(lists.cities), true)],
    company: (style) =>
      expand(random.pick(companies), fill(style), random).map((piece) => ({
        ...piece,
        label: 'either' as Label,
        proper: true,
      })),
    clinicname: (style) =>
      expand(random.pick(companies), fill(style), random).map((piece) => ({
        ...piece,
        label: 'either' as Label,
        proper: true,
      })),
    name: () => [either(persons.surname())],
    moneyunit: () => [plain(slot('money'))],
    letter: (style) => [plain(style === 'spoken' ? random.pick(letters) : random.pick(letters).toUpperCase())],
    plate: (style) => [
      either(
        style === 'spoken'
          ? `${random.pick(units)} ${letter3().join(' ')} ${digits(3, style)}`
          : `${letter3().join('').toUpperCase()} ${digits(4, style)}`,
        false,
      ),
    ],
    invented: () => [plain(invent())],
    acronym: (style) => [plain(acronym(slot('acronym'), style))],
    salad: () => [plain(salad())],
    noun: () => [plain(random.chance(0.04) ? invent() : word('noun'))],
    verb: () => [plain(word('verb'))],
    adjective: () => [plain(word('adjective'))],
    adverb: () => [plain(word('adverb'))],
  };
  function fill(style: Style): Fill {
    return (name) => {
      const made = special[name]?.(style);
      if (made !== undefined) return made;
      const value = slot(name);
      if (value.includes('{')) return expand(value, fill(style), random);
      return [
        plain(value, properTopics.has(name) || ((name === 'treatment' || name === 'condition') && random.chance(0.5))),
      ];
    };
  }
  return fill;
}

function missing(name: string): never {
  throw new Error(`no slot "${name}"`);
}

/** Is this dictionary word rather a name, so that it must not stand for any ordinary word? */
function nameFirst(word: string, lists: Lists): boolean {
  const rank = lists.vocabulary.get(word) ?? 0;
  const given = lists.givenRank.get(word) ?? 1e9;
  const surname = lists.surnameRank.get(word) ?? 1e9;
  return given < 900 || (surname < 1500 && rank > 2500);
}
