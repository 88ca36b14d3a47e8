import type { Lists, Origin } from './lists.ts';
import { splitOf } from './random.ts';
import type { Random, Split } from './random.ts';

/** Share of the names kept for `dev` and for `test`, each. */
export const heldNames = 0.12;

/** How many of `wordGiven` are met most, as words and as names. */
const commonest = 40;

/** Given names and surnames that are also words said every day, the commonest first. */
const wordGiven =
  'will grace may hope mark rose bill art drew chase frank rich pat jack rob sue dawn faith joy ruby penny amber crystal summer april june august autumn ivy lily daisy violet olive ginger basil rosemary sage pearl jade gene carol dale glen lance miles dean duke earl page mason hunter grant guy herb jay josh max norm ray reed rod rusty skip sonny tad tucker van victor wade ward candy cherry dolly eve fern flora gay heather holly honey iris melody mercy misty patience patty peg robin sandy sherry star stormy sunny trinity wren hazel willow charity chip cliff dusty happy harmony haven jasper jewel journey justice king lane liberty major noble paris parker phoenix princess prince rain raven river rocky serenity sky skip stone storm sterling tiger true wolf young cash ace angel blue brandy carter chance cole cooper destiny dick don duke everest forest gale genesis heaven jet knox legend london love lucky lyric memphis nick notch ocean olympia opal page penn piper queen reign remy royal ryder scout shade shelby sherman skye sparrow spike story teal temple tripp unique vale west winter zion mike charlie oscar juliet romeo victor golf'.split(
    ' ',
  );
const wordSurnames =
  'long frost young king white brown black green gray rice bush wood stone hill rivers banks fields brooks snow winter day knight love best good small little bright strong swift wise price cash sharp power powers field church temple park parks house hall barn lane street west north cross case chambers buck cliff grant guy herb ward stew baker cook butler carpenter mason hunter fisher farmer shepherd bishop pope abbott monk judge law bell bird bond books booker bridges bull bunch burns chance coffee cole cook crow dance dear drum early east england english fair farr fast finch flood flowers forest fox france french friend frame fry gates gold goodman grave graves guest hand hart hays head heard hook horn hunt ireland jewel joy keys kidd land leaf light lock london lord loss lott love luck lucky mark marks marsh may means mercer miles miller mills moon moss mutter noble norman nurse oaks orange page paige pain paris parish payne peace peck pepper perry pick pickle pike place pool poor porter post potter prince pump quick race raines reader reed rich ridge rock root rose rush sage sales salmon sands savage sawyer self shade shine shook short silver simple singer skinner slaughter sparks spear speed spring stamps star steel stephens stevens still storm story stout street strange summer summers sweet sweets taylor thick turner vance wade walker wall walls ware waters weeks weaver weed welch wells west wheeler wilder will wills winner winters wolf wolfe woods workman wright younger chase moody hope doll fine glass grass gray harm hogg hope hurt jolly just kiss lamb laws leaks lemon man mayo money moody nail neighbors newborn outlaw overall pack pill plant raspberry rivers rocks rooks salt seal sickles silk slack snider spicer staples stock stump sugar tate toy trout valentine vest viers wagner walls weary whale wheat winn winder worth yard yates yoder'.split(
    ' ',
  );

export interface Persons {
  given(): string;
  surname(): string;
  /** A given name and a surname that go together. */
  pair(): readonly [string, string];
  wordGiven(): string;
  /** One of those that are met most. */
  commonWordGiven(): string;
  wordSurname(): string;
}

/** Only names of the split come out; every name belongs to one. */
export function createPersons(lists: Lists, split: Split | 'all', random: Random): Persons {
  const mine = (names: readonly string[]): string[] =>
    names.filter((name) => split === 'all' || splitOf(name, heldNames) === split);
  const given = mine(lists.given);
  const surnames = mine(lists.surnames);
  const more = mine(lists.moreGiven);
  const origins = lists.origins.map((origin): Origin => ({
    name: origin.name,
    given: mine(origin.given),
    surnames: mine(origin.surnames),
  }));
  const own = origins.slice(
    0,
    lists.origins.findIndex((origin) => origin.name === 'af_ZA'),
  );
  const wordy = { given: mine(wordGiven), surnames: mine(wordSurnames) };
  /** Frequent names more often: rank = n * u^power. */
  const ranked = (names: readonly string[], power: number): string =>
    names[Math.floor(names.length * random.next() ** power)] ?? random.pick(names);

  function american(): readonly [string, string] {
    return [ranked(given, 2.2), ranked(surnames, 2.5)];
  }
  function foreign(): readonly [string, string] {
    const origin = random.chance(0.75) ? random.pick(own) : random.pick(origins);
    const first = origin.given.length > 0 ? random.pick(origin.given) : ranked(given, 2);
    const last = origin.surnames.length > 0 && random.chance(0.85) ? random.pick(origin.surnames) : ranked(surnames, 2);
    return [first, last];
  }
  /** A name nobody has: the beginning of one and the end of another. */
  function blend(names: readonly string[]): string {
    const [a, b] = [random.pick(names), random.pick(names)];
    const made = a.slice(0, 2 + random.below(3)) + b.slice(Math.max(1, b.length - 2 - random.below(4)));
    return lists.vocabulary.has(made) ? a : made;
  }
  function pair(): readonly [string, string] {
    const kind = random.next();
    if (kind < 0.42) return american();
    if (kind < 0.82) return foreign();
    if (kind < 0.87) return [random.pick(more), ranked(surnames, 1)];
    if (kind < 0.94) return [blend(random.chance(0.5) ? given : random.pick(own).given), blend(surnames)];
    return [
      random.chance(0.6) ? random.pick(wordy.given) : ranked(given, 2),
      random.chance(0.6) ? random.pick(wordy.surnames) : ranked(surnames, 2),
    ];
  }
  return {
    pair,
    given: () => pair()[0],
    surname: () => pair()[1],
    wordGiven: () => random.pick(wordy.given),
    commonWordGiven: () => random.pick(wordy.given.slice(0, commonest)),
    wordSurname: () => random.pick(wordy.surnames),
  };
}
