import type { Random } from '../random.ts';
import * as v from './values.ts';
import type { People } from './values.ts';

/** A value, and the label it gets; several parts where a value is labelled in parts. */
export interface Filled {
  readonly text: string;
  readonly type: string | undefined;
}

export interface Style {
  readonly spoken: boolean;
  readonly random: Random;
  readonly people: People;
}

const title = (text: string): string => text.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
const put = (style: Style, text: string): string => (style.spoken ? text : title(text));
const given = (style: Style): string => put(style, style.random.pick(style.people.given));
const surname = (style: Style): string => put(style, style.random.pick(style.people.surnames));

type Maker = (style: Style, type: string) => Filled;

function phone(style: Style): string {
  const { random, spoken } = style;
  const area = String(random.whole(201, 989));
  const local = random.chance(0.6)
    ? `5550${v.digits(3, random)}`
    : `${String(random.whole(2, 9))}${v.digits(6, random)}`;
  if (spoken) {
    const joint = random.pick([' ', ' ', ' ', ' um ', ' dash ', ' and then ']);
    const start = random.chance(0.1) ? 'plus one ' : random.chance(0.05) ? 'one ' : '';
    const areaWords = area.endsWith('00') ? `${v.number(Number(area.charAt(0)))} hundred` : v.say(area, random);
    return `${start}${areaWords}${joint}${v.say(local.slice(0, 3), random)}${random.pick([' ', ' ', joint])}${v.say(local.slice(3), random)}`;
  }
  const [a, b] = [local.slice(0, 3), local.slice(3)];
  return random.pick([
    `(${area}) ${a}-${b}`,
    `${area}-${a}-${b}`,
    `${area}.${a}.${b}`,
    `${area} ${a} ${b}`,
    `${area}${a}${b}`,
    `+1 ${area} ${a} ${b}`,
    `1-${area}-${a}-${b}`,
    `+44 20 ${v.digits(4, random)} ${v.digits(4, random)}`,
  ]);
}

function fullDate(style: Style): string {
  const { random, spoken } = style;
  const [month, day, year] = [random.whole(1, 12), random.whole(1, 28), random.whole(1935, 2012)];
  const name = v.monthNames[month - 1] ?? '';
  if (!spoken) {
    const two = (value: number): string => String(value).padStart(2, '0');
    return random.pick([
      `${String(month)}/${String(day)}/${String(year)}`,
      `${two(month)}/${two(day)}/${String(year)}`,
      `${title(name)} ${String(day)}, ${String(year)}`,
      `${title(name)} ${v.typedRank(day)}, ${String(year)}`,
      `${String(year)}-${two(month)}-${two(day)}`,
      `${String(day)} ${title(name)} ${String(year)}`,
      `${two(month)}-${two(day)}-${String(year).slice(2)}`,
      `${title(name.slice(0, 3))} ${String(day)}, ${String(year)}`,
      `the ${v.typedRank(day)} of ${title(name)} ${String(year)}`,
    ]);
  }
  const years = random.chance(0.25) ? v.number(year % 100 < 10 ? 84 : year % 100) : v.year(year, random);
  return random.pick([
    `${name} ${v.rank(day)} ${years}`,
    `${name} the ${v.rank(day)} ${years}`,
    `the ${v.rank(day)} of ${name} ${years}`,
    `${v.rank(day)} of ${name} ${years}`,
    `${name} ${v.number(day)} ${years}`,
    `${name} ${v.rank(day)} of ${years}`,
  ]);
}

function numericDate({ random, spoken }: Style): string {
  const [month, day, year] = [random.whole(1, 12), random.whole(1, 28), random.whole(1940, 1999)];
  if (!spoken) return `${String(month)}/${String(day)}/${String(year % 100)}`;
  const pad = (value: number): string =>
    value < 10 && random.chance(0.5) ? `${random.pick(['oh', 'zero'])} ${v.number(value)}` : v.number(value);
  const years = random.chance(0.5)
    ? v.number(year % 100 === 0 ? 62 : year % 100)
    : random.chance(0.3)
      ? v.say(String(year), random)
      : v.year(year, random);
  return `${pad(month)} ${pad(day)} ${years}`;
}

function dayOnly(style: Style): string {
  const { random, spoken } = style;
  const [name, day] = [random.pick(v.monthNames), random.whole(1, 30)];
  if (!spoken)
    return random.pick([
      `${title(name)} ${String(day)}`,
      `${title(name)} ${v.typedRank(day)}`,
      `the ${v.typedRank(day)} of ${title(name)}`,
      `${String(random.whole(1, 12))}/${String(random.whole(11, 28))}`,
      `the ${v.typedRank(day)}`,
    ]);
  return random.pick([
    `${name} ${v.rank(day)}`,
    `${name} the ${v.rank(day)}`,
    `the ${v.rank(day)} of ${name}`,
    `${name} ${v.number(day)}`,
    `the ${v.rank(day)}`,
  ]);
}

function email(style: Style): string {
  const { random, spoken } = style;
  const [first, last] = [random.pick(style.people.given), random.pick(style.people.surnames)];
  const host = random.pick([
    'gmail',
    'yahoo',
    'hotmail',
    'outlook',
    'icloud',
    'aol',
    'proton',
    'comcast',
    'my clinic',
    'blue wave',
    'postbox',
  ]);
  const end = host === 'comcast' ? 'net' : random.pick(['com', 'com', 'com', 'org', 'net']);
  const count = random.whole(1, 99);
  if (!spoken)
    return `${random.pick([`${first}.${last}`, `${first.charAt(0)}${last}`, `${first}${String(count)}`, `${first}_${last}`, `${first}+spa`, `${first}-${last}`])}@${host.replace(' ', '')}.${end}`;
  const local = random.pick([
    `${first} dot ${last}`,
    `${first} ${last}`,
    `${first} underscore ${last}`,
    `${first} ${v.number(count)}`,
    `${first.charAt(0)} dot ${last}`,
    v.spell(first),
    `${first} ${v.say(v.digits(2, random), random)}`,
    `${first.charAt(0)} ${last} ${v.number(count)}`,
    `${first} dash ${last}`,
    `${last} family`,
    `sunny ${first}`,
  ]);
  return `${local} at ${host} dot ${end}`;
}

function street(style: Style): string {
  const { random, spoken } = style;
  const house = random.whole(2, 9900);
  const name = random.pick(v.streetNames);
  const kind = random.pick(v.streetKinds);
  const unit = random.chance(0.25) ? random.whole(1, 40) : 0;
  if (!spoken)
    return `${String(house)} ${title(name)} ${random.chance(0.5) ? title(kind) : (v.short[kind] ?? title(kind))}${unit === 0 ? '' : random.pick([`, Apt ${String(unit)}`, ` #${String(unit)}`, `, Unit ${String(unit)}B`])}`;
  const said =
    house < 100
      ? v.number(house)
      : house < 1000
        ? `${v.number(Math.floor(house / 100))} ${house % 100 < 10 ? `oh ${v.number(house % 100)}` : v.number(house % 100)}`
        : random.chance(0.5)
          ? `${v.number(Math.floor(house / 100))} ${house % 100 === 0 ? 'hundred' : house % 100 < 10 ? `oh ${v.number(house % 100)}` : v.number(house % 100)}`
          : v.say(String(house), random);
  return `${said} ${random.chance(0.1) ? 'north ' : ''}${name} ${kind}${unit === 0 ? '' : random.pick([` apartment ${v.number(unit)}`, ` unit ${v.number(unit)}`, ` apartment ${v.number(unit)} b`])}`;
}

const typedCode = (style: Style): string =>
  style.spoken ? v.sayCode(v.code(style.random), style.random) : v.code(style.random);
const typedDigits =
  (count: (random: Random) => number): Maker =>
  (style, type) => {
    const value = v.digits(count(style.random), style.random);
    return { text: style.spoken ? v.say(value, style.random) : value, type };
  };

const makers: Readonly<Record<string, Maker>> = {
  NAME: (style) => ({ text: `${given(style)} ${surname(style)}`, type: 'NAME' }),
  GIVEN: (style) => ({ text: given(style), type: 'NAME' }),
  SURNAME: (style) => ({ text: surname(style), type: 'NAME' }),
  STAFF: (style) => ({ text: given(style), type: 'STAFF' }),
  SPELLED: (style) => ({
    text: style.spoken
      ? v.spell(style.random.pick(style.people.surnames))
      : [...style.random.pick(style.people.surnames).toUpperCase()].join(style.random.pick(['-', ' ', ', '])),
    type: 'NAME',
  }),
  NATO: (style) => ({ text: put(style, v.spellNato(style.random.pick(style.people.given).slice(0, 6))), type: 'NAME' }),
  LIKE: (style) => ({
    text: v.spellLike(style.random.pick(style.people.surnames).slice(0, 7), style.random),
    type: 'NAME',
  }),
  PHONE: (style) => ({ text: phone(style), type: 'PHONE' }),
  FAX: (style) => ({ text: phone(style), type: 'FAX' }),
  AREA: (style) => typedDigits(() => 3)(style, 'PHONE'),
  LOCAL: (style) => typedDigits(() => 7)(style, 'PHONE'),
  EXT: (style) => typedDigits(() => 3)(style, 'PHONE'),
  DATE: (style) => ({ text: fullDate(style), type: 'DATE' }),
  NUMDATE: (style) => ({ text: numericDate(style), type: 'DATE' }),
  DAY: (style) => ({ text: dayOnly(style), type: 'DATE' }),
  MONTH: (style) => ({
    text: put(style, style.random.pick(v.monthNames.filter((name) => name !== 'may' && name !== 'march'))),
    type: 'DATE',
  }),
  ORDINAL: (style) => {
    const day = style.random.whole(4, 30);
    return { text: style.spoken ? v.rank(day) : v.typedRank(day), type: 'DATE' };
  },
  STREET: (style) => ({ text: street(style), type: 'ADDRESS' }),
  CITY: (style) => ({ text: put(style, style.random.pick(v.towns)), type: 'ADDRESS' }),
  COUNTY: (style) => ({ text: put(style, style.random.pick(v.towns)), type: 'ADDRESS' }),
  ZIP: (style) => typedDigits(() => 5)(style, 'ADDRESS'),
  BOX: (style) => typedDigits(() => 3)(style, 'ADDRESS'),
  POSTCODE: (style) => {
    const value = style.random.pick(['SW1A 2AA', 'M4 5JD', 'EH12 9QR', 'K1A 0B1', 'V6B 4Y8', 'LS11 5QT']);
    return { text: style.spoken ? v.sayCode(value.replace(' ', ''), style.random) : value, type: 'ADDRESS' };
  },
  EMAIL: (style) => ({ text: email(style), type: 'EMAIL' }),
  SSN: (style) => {
    const value = v.digits(9, style.random);
    return {
      text: style.spoken ? v.say(value, style.random) : `${value.slice(0, 3)}-${value.slice(3, 5)}-${value.slice(5)}`,
      type: 'SSN',
    };
  },
  CODE: (style, type) => ({ text: typedCode(style), type }),
  DIGITS: typedDigits((random) => random.whole(5, 9)),
  LAST4: typedDigits(() => 4),
  CARD: (style) => {
    const value = v.digits(16, style.random);
    const groups = [0, 4, 8, 12].map((at) => value.slice(at, at + 4));
    return {
      text: style.spoken
        ? groups.map((group) => v.say(group, style.random)).join(' ')
        : groups.join(style.random.pick([' ', '-', ''])),
      type: 'CARD',
    };
  },
  EXPIRY: (style) => {
    const [month, year] = [style.random.whole(1, 12), style.random.whole(26, 34)];
    return {
      text: style.spoken
        ? `${month < 10 ? 'oh ' : ''}${v.number(month)} ${v.number(year)}`
        : `${String(month).padStart(2, '0')}/${String(year)}`,
      type: 'CARD',
    };
  },
  PLATE: (style) => {
    const { random } = style;
    const letters = Array.from({ length: 3 }, () => String.fromCharCode(65 + random.whole(0, 25))).join('');
    const value = random.pick([
      `${letters}${v.digits(4, random)}`,
      `${v.digits(1, random)}${letters}${v.digits(3, random)}`,
    ]);
    return { text: style.spoken ? v.sayCode(value, random) : value, type: 'VEHICLE' };
  },
  VIN: (style) => {
    const value = `1HGCM${v.digits(5, style.random)}A${v.digits(6, style.random)}`;
    return { text: style.spoken ? v.sayCode(value, style.random) : value, type: 'VEHICLE' };
  },
  AGE: (style) => {
    const value = style.random.whole(90, 103);
    return { text: style.spoken ? v.number(value) : String(value), type: 'AGE' };
  },
  URL: (style) => {
    const name = `${style.random.pick(style.people.given)}${style.random.pick(['glow', 'blog', 'art', 'runs'])}`;
    return {
      text: style.spoken
        ? style.random.pick([`www dot ${name} dot com`, `${name} dot com slash photos`])
        : style.random.pick([`www.${name}.com`, `https://${name}.net/before`, `${name}.org`]),
      type: 'URL',
    };
  },
  IP: (style) => {
    const parts = [
      style.random.whole(10, 220),
      style.random.whole(0, 255),
      style.random.whole(0, 255),
      style.random.whole(1, 254),
    ];
    return {
      text: style.spoken ? parts.map((part) => v.say(String(part), style.random)).join(' dot ') : parts.join('.'),
      type: 'IP',
    };
  },
  relation: ({ random }) => ({ text: random.pick(v.relations), type: undefined }),
  state: (style) => ({ text: put(style, style.random.pick(v.states)), type: 'IGNORE' }),
  org: ({ random }) => ({ text: random.pick(v.orgs), type: 'ORG' }),
  clock: ({ random, spoken }) => {
    const hour = random.whole(1, 12);
    const minute = random.pick([0, 15, 30, 45]);
    return {
      text: spoken
        ? `${v.number(hour)}${minute === 0 ? '' : ` ${v.number(minute)}`}${random.pick(['', '', ' p m', ' am'])}`
        : `${String(hour)}:${String(minute).padStart(2, '0')}${random.pick(['', ' PM', ' a.m.'])}`,
      type: undefined,
    };
  },
  price: ({ random, spoken }) => {
    const value = random.whole(2, 40) * 25;
    return { text: spoken ? `${v.number(value)} dollars` : `$${String(value)}`, type: undefined };
  },
  units: ({ random, spoken }) => {
    const value = random.whole(10, 60);
    return { text: spoken ? v.number(value) : String(value), type: undefined };
  },
  count: ({ random, spoken }) => {
    const value = random.whole(2, 20);
    return { text: spoken ? v.number(value) : String(value), type: undefined };
  },
  score: ({ random, spoken }) => {
    const value = random.whole(1, 9);
    return { text: spoken ? v.number(value) : String(value), type: undefined };
  },
  young: ({ random, spoken }) => {
    const value = random.whole(2, 84);
    return { text: spoken ? v.number(value) : String(value), type: undefined };
  },
  year: ({ random, spoken }) => {
    const value = random.whole(1995, 2025);
    return { text: spoken ? v.year(value, random) : String(value), type: undefined };
  },
  suite: ({ random, spoken }) => {
    const value = random.whole(100, 400);
    return { text: spoken ? v.number(value) : String(value), type: undefined };
  },
  month: (style) => ({ text: put(style, style.random.pick(v.monthNames)), type: undefined }),
  weekday: (style) => ({
    text: put(style, style.random.pick(['monday', 'tuesday', 'wednesday', 'thursday', 'friday'])),
    type: 'IGNORE',
  }),
};

export function make(slot: string, style: Style): Filled {
  const [name, type] = slot.split(':');
  const maker = makers[name ?? ''];
  if (maker === undefined) throw new Error(`No value is known for {${slot}}`);
  return maker(style, type ?? '');
}
