import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { maskEverything, passEverything } from '../../src/policy/clearance.ts';
import { createEngine } from '../../src/policy/phi/engine.ts';
import type { Conversation } from '../../src/policy/phi/stream.ts';
import { undecided } from '../../src/policy/phi/redact.ts';
import { sight } from '../../src/policy/phi/scan.ts';
import { tokenize, tokenizeFrom } from '../../src/policy/phi/tokens.ts';

const engine = createEngine();

/** Milliseconds for some 120,000 cuts, on a machine that does other things as well. */
const patience = 180_000;

/** A token of the greatest length and what may follow it, beyond the sight of a recognizer. */
const mostHeld = sight + 64 + 8;

const questions = [
  '',
  "what's your date of birth",
  'can i get your name',
  'and your phone number?',
  'What is the member ID?',
  'your email',
  'last four of your social',
  'zip code',
];
const parts =
  `five oh double triple nine twenty two hundred thousand march may third fifteenth of the nineteen eighty four 2018 5/27/1996 (541) 555-0139 541 555 0139
jane Jane okonkwo Draycott will grace doctor Dr. mrs. my name is this i'm under husband at gmail dot com @ underscore www . , ? ! - ' o'brien 's w i l h e l m a as in
david alpha bravo kilo six street lane avenue apartment tulsa Oklahoma in seven four one zip is number call me units dollars p m o'clock $240 1,250 JQM 4402 1187 card
ending 4111 1111 1111 1111 172.16.254.9 born on 22nd 3rd no sorry wait um uh frost on car may i need botox peel José 中文 ５５５ \u200b \ud83d\ude00 \ud800 … “ ninety one years old
x t r p visa expires zero thirty 10:30 am and then so that the first appointment with for to from hello thanks it's`.split(
    /\s+/,
  );

const utterance = fc
  .array(fc.tuple(fc.constantFrom(...parts), fc.constantFrom(' ', ' ', ' ', ' ', '', ', ', '. ', '  ')), {
    maxLength: 28,
  })
  .map((pieces) => pieces.map(([word, gap]) => word + gap).join(''));
const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 30 });

function pieces(text: string, sizes: readonly number[]): string[] {
  const out: string[] = [];
  for (let at = 0, turn = 0; at < text.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    out.push(text.slice(at, at + size));
    at += size;
  }
  return out;
}

function asked(question: string): Conversation {
  const conversation = engine.conversation();
  if (question !== '') conversation.utterance('agent', maskEverything).restate(question, true);
  return conversation;
}

const question = fc.constantFrom(...questions);

describe('[C9] the three laws of a redacted stream', () => {
  test.prop([question, utterance, cuts], { numRuns: 6_000 })(
    'any cut gives what the whole gives',
    (before, text, sizes) => {
      const whole = asked(before).utterance('caller', maskEverything).restate(text, true);
      const stream = asked(before).utterance('caller', maskEverything);
      let out = '';
      for (const piece of pieces(text, sizes)) {
        out += stream.push(piece);
        expect(whole.startsWith(out)).toBe(true);
        expect(stream.held).toBeLessThanOrEqual(mostHeld);
      }
      expect(out + stream.flush()).toBe(whole);
    },
    patience,
  );

  test.prop([question, utterance, cuts], { numRuns: 3_000 })(
    'no interim shows what its final masks, however the text grows',
    (before, text, sizes) => {
      const stream = asked(before).utterance('caller', maskEverything);
      const final: string = asked(before).utterance('caller', maskEverything).restate(text, true);
      let grown = '';
      let shown = '';
      for (const piece of pieces(text, sizes)) {
        grown += piece;
        const interim: string = stream.restate(grown, false);
        expect(interim.startsWith(shown)).toBe(true);
        shown = interim.endsWith(undecided) ? interim.slice(0, -undecided.length) : interim;
        expect(final.startsWith(shown)).toBe(true);
      }
      expect(stream.restate(text, true)).toBe(final);
    },
    patience,
  );

  test.prop([question, utterance, utterance], { numRuns: 1_000 })(
    'an interim that was wrong leaves nothing behind',
    (before, wrong, text) => {
      const stream = asked(before).utterance('caller', maskEverything);
      stream.restate(wrong, false);
      expect(stream.restate(text, true)).toBe(asked(before).utterance('caller', maskEverything).restate(text, true));
    },
  );

  test.prop(
    [
      fc.array(fc.constantFrom('a', '5', ' ', '.', 'five ', '-', '@', 'x', 'é', '5 ', 'oh ', "'", '     ', '\u200b'), {
        minLength: 400,
        maxLength: 3_000,
      }),
    ],
    { numRuns: 60 },
  )('what is held is bounded, whatever comes', (letters) => {
    const stream = engine.conversation().utterance('caller', maskEverything);
    for (const letter of letters) {
      stream.push(letter);
      expect(stream.held).toBeLessThanOrEqual(mostHeld);
    }
  });

  test.prop([utterance, cuts])('a reader who may see everything waits for nothing', (text, sizes) => {
    const stream = engine.conversation().utterance('agent', passEverything);
    for (const piece of pieces(text, sizes)) expect(stream.push(piece)).toBe(piece);
    expect(stream.flush()).toBe('');
  });

  test.prop([question, utterance])(
    'the same text gives the same output, however often it is sent again',
    (before, text) => {
      const conversation = asked(before);
      const first = conversation.utterance('caller', maskEverything).restate(text, true);
      const again = asked(before).utterance('caller', maskEverything).restate(text, true);
      expect(again).toBe(first);
    },
  );
});

describe('tokens', () => {
  test.prop([fc.string({ unit: 'binary', maxLength: 300 }), cuts])(
    'are the same for every cut, of any UTF-16 text',
    (text, sizes) => {
      let from = 0;
      let grown = '';
      const found = [];
      for (const piece of pieces(text, sizes)) {
        grown += piece;
        const { tokens, to } = tokenizeFrom(grown, from, false);
        found.push(...tokens);
        from = to;
      }
      found.push(...tokenizeFrom(grown, from, true).tokens);
      expect(found).toEqual(tokenize(text));
    },
  );

  test.prop([fc.string({ unit: 'binary', maxLength: 400 })])('no text makes the engine fail', (text) => {
    const stream = engine.conversation().utterance('caller', maskEverything);
    expect(stream.restate(text, true)).not.toContain('[REDACTED]');
  });
});
