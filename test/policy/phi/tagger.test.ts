import { describe, expect, it } from 'vitest';
import { KnownSums } from '../../../src/policy/phi/known-sums.ts';
import { createNameTagger } from '../../../src/policy/phi/tagger.ts';
import { tokenize } from '../../../src/policy/phi/tokens.ts';
import type { PhiKind } from '../../../src/policy/phi/kinds.ts';
import type { Speaker } from '../../../src/policy/phi/recognizer.ts';

const tagger = createNameTagger();

/** The words that are tagged at one half, as they stand in the text, with a bar between those that are apart. */
function found(text: string, asked?: PhiKind, speaker: Speaker = 'caller'): string {
  const tokens = tokenize(text);
  const odds = tagger.tag(tokens, asked, speaker);
  let words = '';
  let last = -2;
  tokens.forEach((token, at) => {
    if ((odds[at] ?? 0) < 0.5) return;
    words += (words === '' ? '' : last === at - 1 ? ' ' : ' | ') + token.text;
    last = at;
  });
  return words;
}

/** Names between brackets: "this is [ana ruiz]" is the text and what must be found. */
function marked(line: string): { readonly text: string; readonly names: string } {
  const names = [...line.matchAll(/\[([^\]]*)\]/g)].map(([, name]) =>
    tokenize(name ?? '')
      .map((token) => token.text)
      .join(' '),
  );
  return { text: line.replace(/[[\]]/g, ''), names: names.join(' | ') };
}

describe('names by context', () => {
  it.each([
    'oh hi there it is [thandiwe mokoena] again about the lip thing',
    'good afternoon um [siobhan fitzgerald] here i think you rang me',
    'could you squeeze in my neighbor [priyanka] too she only wants a quick look',
    'my late husband [gustavo] used to drive me to these',
    'so [doctor abernathy] took me off of it and then [doctor singh] put me back on',
    'Would you check whether [Mrs. Papadopoulos] left her scarf there?',
    'we spoke on tuesday, I am [Jean-Luc Thibodeaux], the one with the scar.',
    'please ring [chidi okonkwo] when the serum is in stock',
    'text [bronwyn] and say the babysitter cancelled',
    'i was supposed to be seen by [miss lavender] but she was out',
    'the card belongs to [min ji park] not to me',
    'it went to my old surname which was [dabrowski]',
    "is that [tomasz]'s chart you are looking at",
    'Tell [Xochitl] that the results are in.',
    'my twins [ravi] and [leela] both have it',
    'they let [wojciech] go first even though i was waiting',
    'HELLO THIS IS [FATOUMATA DIALLO] CALLING',
    'i need [zbigniew kowalczyk] taken off as my emergency contact',
  ])('%s', (line) => {
    const { text, names } = marked(line);
    expect(found(text)).toBe(names);
  });

  it.each([
    ['NAME', '[esperanza villalobos]'],
    ['NAME', 'yeah sure [kwabena]'],
    ['NAME', '[Ngozi], [Ngozi Eze]'],
    ['NAME', 'um [m a r q u e z]'],
    ['NAME', 'it is under my stepmom [ludmila]'],
  ] as const)('asked for a %s: %s', (asked, line) => {
    const { text, names } = marked(line);
    expect(found(text, asked).replaceAll(' | ', ' ')).toBe(names.replaceAll(' | ', ' '));
  });

  it.each([
    'all set [delphine], anything else on your mind?',
    'i have a [mr. castellanos] down for noon, is that your father?',
    'and how has [bashir] been sleeping since the move?',
    'that is [t h i b o d e a u x], did i get it right?',
  ])('said by the agent: %s', (line) => {
    const { text, names } = marked(line);
    expect(found(text, undefined, 'agent')).toBe(names);
  });
});

describe('words that are also names', () => {
  it.each([
    'my cousin [grace] swears by it',
    'hi this is [will] i called this morning',
    'put it under [rose] please',
    'call me [mark]',
    'i had [hope] do my brows in the spring',
    '[may] told me you had a cancellation',
    'doctor [long] said to ice it',
  ])('a name: %s', (line) => {
    const { text } = marked(line);
    const name = /\[([^\]]*)\]/.exec(line)?.[1] ?? '';
    expect(found(text).split(' ')).toContain(name);
  });

  it.each([
    'will it be very long before i may wash my face',
    'in may or june if you have anything',
    'i hope the price has not gone up again',
    'is there a grace period on the deposit',
    'can you mark me as a maybe',
    'the rose one smells nicer than the lemon one',
    'they drew three tubes and sent me the bill',
    'my frost damage looks better',
    'to be frank i am not rich enough for that',
    'i paid with my chase card',
    'the art in your lobby is lovely',
    'every penny counts this month',
  ])('no name: %s', (text) => {
    expect(found(text)).toBe('');
  });
});

describe('what is no name', () => {
  it.each([
    'does dysport kick in faster than xeomin',
    'i moved here from albuquerque and before that tulsa',
    'is it okay to take sertraline with the ketamine sessions',
    'one large caramel macchiato with coconut milk and a blueberry scone',
    'how late is walgreens open on sunday',
    'they did an m r i and a c t scan and it was only a cyst',
    'can i pay half with american express and half in cash',
    'my mother in law and her sister want matching appointments',
    'the nurse practitioner told me to stop the retinol',
    'what is the weather like in san francisco on christmas eve',
    'I have Crohn’s and a touch of Raynaud’s.',
    'Do you speak Portuguese or Spanish?',
    'yes ma am that would be wonderful',
    'okay thank you so much doctor',
    'it hurts right under my left shoulder blade when i breathe',
    'ten thirty on the twenty second works for both of us',
    'turn down the thermostat and play some bluegrass',
    'I would rather do it over Zoom, if that is alright.',
    'no no the other one the tall lady with the glasses',
    'why would you need my name for that',
  ])('%s', (text) => {
    expect(found(text)).toBe('');
  });

  it('is not taken for one because a name was asked for', () => {
    for (const text of [
      'hang on a second',
      'sorry what was the question',
      'the same one as last time',
      'for four people',
    ])
      expect(found(text, 'NAME')).toBe('');
  });
});

describe('any text', () => {
  it('has one probability a token', () => {
    for (const text of ['', ' ', '...', 'a', '7', '👩🏽‍⚕️', 'עברית и русский', "o'neill-o'brien", '\ud800']) {
      const tokens = tokenize(text);
      const odds = tagger.tag(tokens, undefined, 'caller');
      expect(odds).toHaveLength(tokens.length);
      expect(odds.every((value) => value >= 0 && value <= 1)).toBe(true);
    }
  });

  it('keeps settled tokens as they are whatever follows', () => {
    const text =
      'hi um this is rosalind t. achterhof, that is a c h t e r h o f, and my kids ezekiel and noor need botox in may. thanks mark!';
    const tokens = tokenize(text);
    const whole = tagger.tag(tokens, 'NAME', 'caller');
    let settledBefore = 0;
    for (let count = 0; count <= tokens.length; count += 1) {
      const odds = tagger.tag(tokens.slice(0, count), 'NAME', 'caller');
      const { settled } = tagger;
      expect(settled).toBeGreaterThanOrEqual(settledBefore);
      expect([...odds.subarray(0, settled)]).toEqual([...whole.subarray(0, settled)]);
      settledBefore = settled;
    }
    expect(settledBefore).toBeGreaterThan(tokens.length / 2);
  });

  it('is tagged the same after a longer text', () => {
    const tokens = tokenize('this is annelise, i have a question');
    const before = [...tagger.tag(tokens, undefined, 'caller')];
    tagger.tag(tokenize('john smith and '.repeat(3000)), 'NAME', 'agent');
    expect([...tagger.tag(tokens, undefined, 'caller')]).toEqual(before);
  });

  it('is tagged the same by what an overlapping stretch found', () => {
    const spelled = 'my name is tovah that is t o v a h p i think, r u i z, ';
    const cased = 'And Ezekiel saw Dr. Okonkwo; call (555) 010-0199 for j. r. marsh. ';
    const tokens = tokenize((spelled + cased + 'so um ' + spelled.repeat(2)).repeat(3));
    const known = new KnownSums();
    for (const [width, step] of [
      [9, 7],
      [40, 1],
      [40, 24],
      [176, 7],
      [30, -7],
    ] as const)
      for (let n = 0; n * Math.abs(step) < tokens.length; n += 1) {
        const from = step > 0 ? n * step : Math.max(0, tokens.length - 1 + n * step);
        const stretch = tokens.slice(from, from + width);
        known.take(from, from + stretch.length);
        const odds = tagger.tag(tokens, 'NAME', 'caller', known);
        expect([...odds]).toEqual([...tagger.tag(stretch, 'NAME', 'caller')]);
      }
  });
});
