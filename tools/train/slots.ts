import { either, expand, plain } from './grammar.ts';
import type { Fill, Slots, Style } from './grammar.ts';
import type { Lists } from './lists.ts';
import { createNameSlots } from './name-slots.ts';
import { createNumberSlots } from './number-slots.ts';
import type { Persons } from './persons.ts';
import type { Random } from './random.ts';
import { createWordSlots } from './word-slots.ts';

/** Lists whose values are written with a capital where the sentence has capitals; of `sometimes`, half of them. */
const proper = new Set(
  `month weekday holiday region country language citywide brand brandmisc drug origin cuisine generic artistic`.split(
    ' ',
  ),
);
const sometimes = new Set(['treatment', 'condition']);

/** Fills any slot: by code, or by a value of the list of that name, which may hold slots itself. */
export function createSlots(lists: Lists, persons: Persons, random: Random): (style: Style) => Fill {
  const values = new Map(lists.slots.map((slot) => [slot.name, slot.values]));
  const slot = (name: string): string => {
    const list = values.get(name);
    if (list === undefined) throw new Error(`There is no slot "${name}"`);
    return random.pick(list);
  };
  const made: Slots = {
    ...createNameSlots(persons, random),
    ...createNumberSlots(() => slot('month'), random),
    ...createWordSlots(lists, slot, random),
    name: () => [either(persons.surname())],
    addr: (style) => expand(slot('address'), fill(style), random).map((piece) => either(piece.text, piece.proper)),
    company: (style) => expand(slot('firm'), fill(style), random).map((piece) => either(piece.text)),
    email: (style) => [
      either(persons.given(), false),
      plain(style === 'spoken' ? ' at ' : '@'),
      plain(mailHost(style)),
    ],
  };
  const mailHost = (style: Style): string => slot('mailhost') + (style === 'spoken' ? ' dot com' : '.com');
  function fill(style: Style): Fill {
    return (name) => {
      const pieces = made[name]?.(style);
      if (pieces !== undefined) return pieces;
      const value = slot(name);
      if (value.includes('{')) return expand(value, fill(style), random);
      return [plain(value, proper.has(name) || (sometimes.has(name) && random.chance(0.5)))];
    };
  }
  return fill;
}
