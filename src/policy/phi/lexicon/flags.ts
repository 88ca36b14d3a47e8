/** What a word can be. A token has one bit for each; `Flag` values are or-ed. */
export const Flag = {
  /** zero to nine, oh, nought */
  digit: 1,
  /** ten to nineteen */
  teen: 1 << 1,
  /** twenty to ninety */
  tens: 1 << 2,
  /** hundred, thousand */
  scale: 1 << 3,
  /** double, triple */
  repeat: 1 << 4,
  /** first to thirtieth, as words */
  ordinal: 1 << 5,
  month: 1 << 6,
  weekday: 1 << 7,
  /** a single Latin letter */
  letter: 1 << 8,
  /** alpha, bravo, ... */
  alphabet: 1 << 9,
  /** um, uh, well: says nothing */
  filler: 1 << 10,
  /** may stand between two parts of one value: dash, no, wait, sorry */
  joiner: 1 << 11,
  /** what a quantity counts: dollars, units, minutes */
  unit: 1 << 12,
  /** street, avenue, crescent */
  street: 1 << 13,
  /** doctor, mrs */
  title: 1 << 14,
  /** husband, daughter */
  relation: 1 << 15,
  /** a word of everyday English */
  common: 1 << 16,
  /** a given name */
  given: 1 << 17,
  surname: 1 << 18,
  state: 1 << 19,
  /** the first word of a town's name */
  town: 1 << 20,
  /** a word of grammar or of talk that is no name: the, is, please */
  grammar: 1 << 21,
  /** typed digits */
  number: 1 << 22,
  punct: 1 << 23,
  word: 1 << 24,
  /** begins with a capital letter */
  capital: 1 << 25,
  /** two letters and more, all capital */
  capitals: 1 << 26,
  /** names a kind of value: "phone", "social", "plate" */
  cue: 1 << 27,
  /** begins a term of the health lexicons */
  health: 1 << 28,
  /** beyond the ends of the text */
  end: 1 << 29,
  /** a common word that is mostly written with a capital letter: a name more often than not */
  proper: 1 << 30,
  /** a common word that is hardly ever spoken */
  book: 1 << 31,
} as const;

/** Anything that can be the first part of a spoken or typed value. */
export const numeral = Flag.digit | Flag.teen | Flag.tens | Flag.repeat | Flag.number;
