import { named, plain } from './grammar.ts';
import type { Piece, Slots, Style } from './grammar.ts';
import type { Persons } from './persons.ts';
import type { Random } from './random.ts';

export const letters = 'abcdefghijklmnoprstvwz'.split('');
const particles = 'de la,de,del,dos,da,van,van der,von,di,el,al,bin,ben,st,saint,le,la,abu,mac,ter'.split(',');
const titles = ['mr', 'mrs', 'ms', 'miss', 'mister', 'doctor', 'dr', 'missus', 'professor'];
const doctors = ['doctor', 'doctor', 'doctor', 'dr'];
const alphabet = new Map(
  `alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec romeo sierra
  tango uniform victor whiskey xray yankee zulu`
    .split(/\s+/)
    .map((word) => [word.charAt(0), word]),
);
/** What people say after "as in". */
const examples =
  `apple adam boy bob cat charlie dog david elephant edward frank fox george girl henry hotel ice india john
  jack king kite larry love mary mike mother nancy north nora ocean oscar peter paul queen robert sam sugar tom tango tiger
  uncle umbrella victor violet william water xray yellow zebra`.split(/\s+/);
/** Most letters of a name that is spelled. */
const longestSpelled = 14;

/** The slots that hold a person's name, in all the forms that people give it. */
export function createNameSlots(persons: Persons, random: Random): Slots {
  const joined = (names: readonly string[]): Piece[] =>
    names.flatMap((name, at) => (at === 0 ? [named(name)] : [named(' '), named(name)]));

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
    return [first, kind < 0.12 ? surname() : last];
  }
  function titled(choices: readonly string[], style: Style): Piece[] {
    const title = random.pick(choices);
    const dot = style === 'written' && title.length < 4 && random.chance(0.8) ? '.' : '';
    const names = random.chance(0.12) ? full() : [random.chance(0.08) ? persons.given() : surname()];
    return joined([title + dot, ...names]);
  }
  function person(style: Style): Piece[] {
    const kind = random.next();
    if (kind < 0.44) return [named(persons.given())];
    if (kind < 0.8) return joined(full());
    if (kind < 0.86) return [named(surname())];
    if (kind < 0.97) return titled(titles, style);
    return joined([persons.given(), random.pick(letters)]);
  }
  function possessive(pieces: readonly Piece[], style: Style): Piece[] {
    // Speech-to-text writes "johns" about as often as it can.
    if (style === 'spoken' && random.chance(0.2)) return [...pieces, named('s', false)];
    return [...pieces, plain("'s")];
  }
  /** Letters of a name: bare, with marks between, as alphabet words, or with words for some of them. */
  function spelled(name: string, style: Style): Piece[] {
    const spelling = name
      .replace(/[^a-z]/g, '')
      .slice(0, longestSpelled)
      .split('');
    const kind = random.next();
    if (kind < 0.06) return joined(spelling.map((letter) => alphabet.get(letter) ?? letter));
    const parts = spelling.map((letter, at) => {
      if (spelling[at - 1] === letter && random.chance(0.3)) return `double ${letter}`;
      return kind < 0.2 && random.chance(0.35) ? explained(letter) : letter;
    });
    return [named(parts.join(style === 'written' ? random.pick(['-', '-', ' ', ', ', '. ']) : ' '))];
  }
  function explained(letter: string): string {
    const fitting = examples.filter((word) => word.startsWith(letter));
    return fitting.length === 0 ? letter : `${letter} ${random.pick(['as in', 'for', 'like'])} ${random.pick(fitting)}`;
  }
  return {
    p: person,
    f: () => [named(persons.given())],
    l: () => joined(surname().split(' ')),
    fl: () => joined(full().flatMap((name) => name.split(' '))),
    fs: (style) => possessive([named(persons.given())], style),
    tl: (style) => titled(titles, style),
    dr: (style) => titled(doctors, style),
    drposs: (style) => possessive(titled(doctors, style), style),
    dl: () => [named(persons.surname())],
    init: () => [named(random.pick(letters))],
    spf: (style) => spelled(persons.given(), style),
    spl: (style) => spelled(persons.surname(), style),
    person: () => [named(random.pick(examples))],
    wf: () => [named(persons.wordGiven())],
    cw: () => [named(persons.commonWordGiven())],
    wl: () => [named(persons.wordSurname())],
    wfposs: (style) => possessive([named(persons.wordGiven())], style),
  };
}
