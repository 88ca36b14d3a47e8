import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../random.ts';

/** Values of every kind, said (`spoken`) or written. Names come from a half of the lists that belongs to the split. */
const lists = join(import.meta.dirname, '../../train/lists');
const read = (name: string): string[] =>
  readFileSync(join(lists, name), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

export interface People {
  readonly given: readonly string[];
  readonly surnames: readonly string[];
}

/** Two of three names are common, the third is from anywhere. */
export function people(side: number): People {
  const own = (list: readonly string[]): string[] =>
    list.filter((_, index) => index % 2 === side && /^[a-z]+$/.test(list[index] ?? ''));
  const locales = read('names-locales.txt').map((line) => line.split('\t'));
  const given = [...read('given-us-female.txt').slice(0, 700), ...read('given-us-male.txt').slice(0, 500)];
  const more = locales.flatMap((row) => (row[1] ?? '').split(' ').slice(0, 40));
  const family = [
    ...read('surnames-us.txt').slice(0, 6000),
    ...locales.flatMap((row) => (row[2] ?? '').split(' ').slice(0, 60)),
  ];
  return {
    given: own([...given, ...more].filter((name) => name.length > 2)),
    surnames: own(family.filter((name) => name.length > 2)),
  };
}

export const towns = read('cities.txt')
  .filter((name) => /^[a-z ]+$/.test(name))
  .slice(100);
const ones = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const teens = [
  'ten',
  'eleven',
  'twelve',
  'thirteen',
  'fourteen',
  'fifteen',
  'sixteen',
  'seventeen',
  'eighteen',
  'nineteen',
];
const tens = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const ranks = [
  '',
  'first',
  'second',
  'third',
  'fourth',
  'fifth',
  'sixth',
  'seventh',
  'eighth',
  'ninth',
  'tenth',
  'eleventh',
  'twelfth',
  'thirteenth',
  'fourteenth',
  'fifteenth',
  'sixteenth',
  'seventeenth',
  'eighteenth',
  'nineteenth',
];
export const monthNames = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const natoWords =
  'alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec romeo sierra tango uniform victor whiskey xray yankee zulu'.split(
    ' ',
  );
const likeWords: Readonly<Record<string, string>> = {
  a: 'apple',
  b: 'boy',
  c: 'cat',
  d: 'david',
  e: 'edward',
  f: 'frank',
  g: 'george',
  h: 'henry',
  i: 'ice',
  j: 'john',
  k: 'kate',
  l: 'larry',
  m: 'mary',
  n: 'nancy',
  o: 'orange',
  p: 'peter',
  q: 'queen',
  r: 'robert',
  s: 'sam',
  t: 'tom',
  u: 'umbrella',
  v: 'victor',
  w: 'william',
  x: 'xray',
  y: 'yellow',
  z: 'zebra',
};

export function number(value: number): string {
  if (value < 10) return ones[value] ?? '';
  if (value < 20) return teens[value - 10] ?? '';
  if (value < 100)
    return `${tens[Math.floor(value / 10)] ?? ''}${value % 10 === 0 ? '' : ` ${ones[value % 10] ?? ''}`}`;
  if (value < 1000)
    return `${ones[Math.floor(value / 100)] ?? ''} hundred${value % 100 === 0 ? '' : ` ${number(value % 100)}`}`;
  return `${number(Math.floor(value / 1000))} thousand${value % 1000 === 0 ? '' : ` ${number(value % 1000)}`}`;
}

export function rank(day: number): string {
  if (day < 20) return ranks[day] ?? '';
  if (day === 20) return 'twentieth';
  if (day === 30) return 'thirtieth';
  return `${tens[Math.floor(day / 10)] ?? ''} ${ranks[day % 10] ?? ''}`;
}

export function typedRank(day: number): string {
  const tail =
    day % 10 === 1 && day !== 11
      ? 'st'
      : day % 10 === 2 && day !== 12
        ? 'nd'
        : day % 10 === 3 && day !== 13
          ? 'rd'
          : 'th';
  return `${String(day)}${tail}`;
}

export function year(value: number, random: Random): string {
  if (value >= 2000 && value < 2010)
    return value === 2000
      ? 'two thousand'
      : random.chance(0.3)
        ? `two thousand and ${ones[value - 2000] ?? ''}`
        : `two thousand ${ones[value - 2000] ?? ''}`;
  const low = value % 100;
  return `${value >= 2000 ? 'twenty' : 'nineteen'} ${low < 10 ? `oh ${ones[low] ?? ''}` : number(low)}`;
}

export const digits = (count: number, random: Random): string =>
  Array.from({ length: count }, () => String(random.whole(0, 9))).join('');

/** Digits as people say them: one by one, with "oh", "double", pairs, pauses. */
export function say(value: string, random: Random): string {
  const style = random.next();
  const oh = random.chance(0.7) ? 'oh' : 'zero';
  const words: string[] = [];
  for (let at = 0; at < value.length; at += 1) {
    const digit = value.charAt(at);
    const next = value.charAt(at + 1);
    if (style < 0.2 && digit === next && value.charAt(at + 2) === digit && random.chance(0.5)) {
      words.push('triple', ones[Number(digit)] ?? '');
      at += 2;
    } else if (style < 0.3 && digit === next && digit !== '0') {
      words.push('double', ones[Number(digit)] ?? '');
      at += 1;
    } else if (style > 0.85 && next !== '' && digit !== '0') {
      words.push(number(Number(digit + next)));
      at += 1;
    } else words.push(digit === '0' ? oh : (ones[Number(digit)] ?? ''));
    if (random.chance(0.03) && at < value.length - 1) words.push(random.pick(['um', 'uh', 'and', 'then', 'dash']));
  }
  return words.join(' ');
}

/** Letters and digits of a code as they are said. */
export function sayCode(value: string, random: Random): string {
  const nato = random.chance(0.2);
  const like = random.chance(0.1);
  return [...value]
    .map((sign) => {
      if (sign === '-') return 'dash';
      if (/\d/.test(sign)) return sign === '0' && random.chance(0.6) ? 'oh' : (ones[Number(sign)] ?? '');
      const letter = sign.toLowerCase();
      if (nato) return natoWords[letter.charCodeAt(0) - 97] ?? letter;
      return like ? `${letter} as in ${likeWords[letter] ?? ''}` : letter;
    })
    .join(' ');
}

export const spell = (word: string): string => [...word].join(' ');
export const spellNato = (word: string): string =>
  [...word].map((letter) => natoWords[letter.charCodeAt(0) - 97] ?? letter).join(' ');
export function spellLike(word: string, random: Random): string {
  return [...word]
    .map((letter) =>
      random.chance(0.5) ? `${letter} ${random.pick(['as in', 'like', 'for'])} ${likeWords[letter] ?? letter}` : letter,
    )
    .join(' ');
}

export function code(random: Random): string {
  const letters = Array.from({ length: random.whole(1, 3) }, () => String.fromCharCode(65 + random.whole(0, 25))).join(
    '',
  );
  return random.chance(0.3)
    ? digits(random.whole(7, 11), random)
    : `${letters}${random.chance(0.2) ? '-' : ''}${digits(random.whole(4, 8), random)}`;
}

export const streetNames =
  'thornbury maple juniper harbor linden whitcomb orchard pembroke sycamore lakeview alder quarry birchwood foxglove saddle heron magnolia prospect garfield kestrel willow cherry jackson monroe bayview oak elm pine cedar washington lincoln church mill spring ridge walnut chestnut'.split(
    ' ',
  );
export const streetKinds = [
  'street',
  'avenue',
  'road',
  'lane',
  'drive',
  'court',
  'boulevard',
  'circle',
  'place',
  'way',
  'terrace',
  'crescent',
  'parkway',
  'trail',
];
export const short: Readonly<Record<string, string>> = {
  street: 'St',
  avenue: 'Ave',
  road: 'Rd',
  lane: 'Ln',
  drive: 'Dr',
  court: 'Ct',
  boulevard: 'Blvd',
  circle: 'Cir',
  place: 'Pl',
  parkway: 'Pkwy',
  terrace: 'Ter',
};
export const states = [
  'texas',
  'ohio',
  'oregon',
  'florida',
  'colorado',
  'oklahoma',
  'nevada',
  'michigan',
  'georgia',
  'arizona',
  'california',
  'illinois',
  'utah',
  'maine',
];
export const relations = [
  'husband',
  'wife',
  'daughter',
  'son',
  'mother',
  'mom',
  'sister',
  'brother',
  'friend',
  'aunt',
  'partner',
  'boyfriend',
  'niece',
  'grandmother',
  'stepson',
  'cousin',
  'roommate',
];
export const orgs = [
  'Aurora Skin Studio',
  'Cedar Point Wellness',
  'Lumen Aesthetics',
  'Blue Door Therapy',
  'Northside Dermatology',
  'Silk and Stone Med Spa',
  'The Glow Room',
  'Harbor Counseling',
];
