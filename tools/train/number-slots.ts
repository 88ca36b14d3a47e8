import { either, plain } from './grammar.ts';
import type { Piece, Slots, Style } from './grammar.ts';
import { letters } from './name-slots.ts';
import type { Random } from './random.ts';

const list = (text: string): string[] => text.split(',');
const units = list('oh,one,two,three,four,five,six,seven,eight,nine');
const numbers = [
  ...list('one,two,three,four,five,six,seven,eight,nine,ten,eleven,twelve,thirteen,fourteen,fifteen,twenty'),
  ...list('twenty five,thirty,forty,fifty,sixty two,ninety,a hundred,two hundred'),
];
const ordinals = [
  ...list('first,second,third,fourth,fifth,sixth,ninth,tenth,eleventh,twelfth,fifteenth,eighteenth,twentieth'),
  ...list('twenty first,twenty third,thirtieth'),
];
const spokenTimes = list(",,thirty,fifteen,forty five,o'clock,a m,p m,pm,in the morning");
const centuries = list('nineteen,twenty,two thousand');
const spokenYears = list('ten,twelve,eighty four,seventy,ninety nine,fifteen,twenty one');

/** Numbers, times, dates and codes, in words where the sentence is as it was heard. `month` is a month's name. */
export function createNumberSlots(month: () => string, random: Random): Slots {
  const digits = (count: number, style: Style): string =>
    Array.from({ length: count }, () => random.below(10))
      .map((digit) => (style === 'spoken' ? units[digit] : String(digit)))
      .join(style === 'spoken' ? ' ' : '');
  const number = (style: Style): string =>
    style === 'spoken' || random.chance(0.5) ? random.pick(numbers) : String(1 + random.below(60));
  const someLetters = (count: number, style: Style): string => {
    const some = Array.from({ length: count }, () => random.pick(letters));
    return style === 'spoken' ? some.join(' ') : some.join('').toUpperCase();
  };
  function time(style: Style): string {
    const hour = random.below(12);
    if (style === 'spoken') return `${numbers[hour] ?? ''} ${random.pick(spokenTimes)}`.trim();
    const minutes = random.pick(['', ':00', ':30', ':15', ':45']);
    return String(hour + 1) + minutes + random.pick([' PM', ' AM', 'pm', ' p.m.', '']);
  }
  function year(style: Style): string {
    if (style === 'written') return String(1940 + random.below(86));
    return `${random.pick(centuries)} ${random.pick(spokenYears)}`;
  }
  function date(style: Style): Piece[] {
    const name = month();
    if (style === 'written') {
      const day = String(1 + random.below(28)) + random.pick(['', 'th', `, ${year(style)}`]);
      return [plain(name, true), plain(` ${day}`)];
    }
    const day = random.pick(ordinals);
    if (random.chance(0.4)) return [plain(`the ${day} of ${name}`)];
    return [plain(`${name} ${day}${random.chance(0.4) ? ` ${year(style)}` : ''}`)];
  }
  function money(style: Style): string {
    if (style === 'written') return `$${String(5 * (1 + random.below(200)))}`;
    return `${random.pick(numbers)} ${random.pick(['dollars', 'bucks', 'hundred dollars', 'thousand dollars'])}`;
  }
  function phone(style: Style): string {
    if (style === 'spoken') return digits(random.pick([7, 10]), style);
    return `${digits(3, style)}-${digits(3, style)}-${digits(4, style)}`;
  }
  return {
    num: (style) => [plain(number(style))],
    time: (style) => [plain(time(style))],
    year: (style) => [plain(year(style))],
    date,
    money: (style) => [plain(money(style))],
    phone: (style) => [plain(phone(style))],
    letter: (style) => [plain(someLetters(1, style))],
    code: (style) => [plain(`${someLetters(1, style)}${style === 'spoken' ? ' ' : ''}${digits(5, style)}`)],
    plate: (style) => [either(`${digits(1, style)} ${someLetters(3, style)} ${digits(3, style)}`, false)],
  };
}
