import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  HumanWatch,
  humanNeeds,
  needIn,
  noHandoff,
  type HandoffRules,
  type HumanNeed,
} from '../../src/policy/handoff.ts';
import { Phrases } from '../../src/policy/handoff/phrases.ts';
import { wordsOf } from '../../src/policy/handoff/words.ts';

const anyPractice: HandoffRules = { CRISIS: true, EMERGENCY: true, HUMAN_ASKED: true, THERAPEUTIC_TALK: false };
const therapy: HandoffRules = { ...anyPractice, THERAPEUTIC_TALK: true };

function linesOf(name: string): string[] {
  const text = readFileSync(new URL(`../vectors/handoff/${name}.txt`, import.meta.url), 'utf8');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

const vectors: readonly (readonly [name: string, need: HumanNeed | undefined, rules: HandoffRules])[] = [
  ['crisis', 'CRISIS', anyPractice],
  ['emergency', 'EMERGENCY', anyPractice],
  ['person', 'HUMAN_ASKED', anyPractice],
  ['therapeutic', 'THERAPEUTIC_TALK', therapy],
  ['administrative', undefined, therapy],
  ['nothing', undefined, anyPractice],
];

const watch = (rules = anyPractice): HumanWatch => new HumanWatch(rules);
const caller = (text: string, ended = true, appended = false) =>
  ({ speaker: 'caller', key: 'prompt', text, appended, ended }) as const;
const agent = (text: string) => ({ speaker: 'agent', key: 'text', text, appended: false, ended: true }) as const;

describe.each(vectors)('%s.txt', (name, need, rules) => {
  const lines = linesOf(name);

  it(`is ${need ?? 'left with the AI'}, line by line`, () => {
    expect(lines.filter((line) => needIn(line, rules) !== need)).toEqual([]);
  });

  it('is the same as a recogniser with capitals and punctuation writes it', () => {
    const cased = (line: string): string => `${line.charAt(0).toUpperCase()}${line.slice(1)}.`.replaceAll("'", '’');
    expect(lines.filter((line) => needIn(cased(line), rules) !== need)).toEqual([]);
  });

  it('is the same in pieces, wherever they are cut', () => {
    const heard = lines.flatMap((line) => [1, 3, 7].map((size) => ({ line, size, need: inPieces(line, size, rules) })));
    expect(heard.filter((each) => each.need !== need)).toEqual([]);
  });
});

/** The need that was heard first in the deltas of an utterance; the last delta ends it. */
function inPieces(line: string, size: number, rules: HandoffRules): HumanNeed | undefined {
  const ear = watch(rules);
  for (let at = 0; at < line.length; at += size) {
    const need = ear.hear(caller(line.slice(at, at + size), at + size >= line.length, true));
    if (need !== undefined) return need;
  }
  return undefined;
}

it('a growing hypothesis never says more than its final', () => {
  const early: string[] = [];
  for (const line of [...linesOf('nothing'), ...linesOf('administrative')]) {
    const ear = watch();
    const ends = [...line.matchAll(/\s|$/gu)].map((match) => match.index);
    if (ends.some((end) => ear.hear(caller(line.slice(0, end), false)) !== undefined)) early.push(line);
  }
  expect(early).toEqual([]);
});

describe('words that the next ones may take back', () => {
  it('wait for them', () => {
    const ear = watch();
    expect(ear.hear(caller('i want to die', false))).toBeUndefined();
    expect(ear.pending).toBe('CRISIS');
    expect(ear.hear(caller('i want to die my hair blonde', true))).toBeUndefined();
    expect(ear.pending).toBeUndefined();
  });

  it('wait no longer when others follow', () => {
    const ear = watch();
    expect(ear.hear(caller('i want to kill myself and nobody would', false))).toBeUndefined();
    expect(ear.hear(caller('i want to kill myself and nobody would care', false))).toBe('CRISIS');
  });

  it('come too late after many others: then a human is asked once too often', () => {
    const line = 'my sister passed out at her appointment last year';
    expect(needIn(line, anyPractice)).toBeUndefined();
    expect(inPieces(line, 7, anyPractice)).toBe('EMERGENCY');
  });

  it('keep a lesser need waiting', () => {
    const ear = watch();
    expect(ear.hear(caller('get me a person i am here alone and i want to die', false))).toBeUndefined();
    expect(ear.pending).toBe('CRISIS');
  });
});

describe('the memory of a call', () => {
  it('joins what a caller says in two utterances', () => {
    const ear = watch();
    expect(ear.hear(caller('i just want to talk to'))).toBeUndefined();
    expect(ear.hear(caller('a real person'))).toBe('HUMAN_ASKED');
  });

  it('does not hear again what was said before', () => {
    const ear = watch({ ...noHandoff, EMERGENCY: true });
    ear.hear(caller('my chest hurts'));
    expect(ear.hear(caller('hello'))).toBeUndefined();
  });

  it('finds a need at the end of a long monologue, and at the beginning of a whole one', () => {
    const talk = 'and then i went to the store and looked at the new creams '.repeat(200);
    const ear = watch();
    for (let at = 0; at < talk.length; at += 50) {
      expect(ear.hear(caller(talk.slice(at, at + 50), false, true))).toBeUndefined();
    }
    expect(ear.hear(caller(' i want to kill myself', true, true))).toBe('CRISIS');
    expect(needIn(`i want to kill myself ${talk}`, anyPractice)).toBe('CRISIS');
  });

  it('is bounded in the number of open utterances', () => {
    const ear = watch();
    for (let key = 0; key < 100; key += 1)
      ear.hear({ ...caller('can i talk to a per', false, true), key: `item ${key}` });
    expect(ear.hear({ ...caller('son please', true, true), key: 'item 0' })).toBeUndefined();
    expect(ear.hear({ ...caller('son please', true, true), key: 'item 99' })).toBe('HUMAN_ASKED');
  });
});

describe('the agent', () => {
  it('says that it transfers', () => {
    const stayed = linesOf('agent-transfer').filter((line) => watch().hear(agent(line)) !== 'HUMAN_ASKED');
    expect(stayed).toEqual([]);
  });

  it('offers, explains or asks first', () => {
    expect(linesOf('agent-stays').filter((line) => watch().hear(agent(line)) !== undefined)).toEqual([]);
  });

  it('is judged by whole sentences', () => {
    const ear = watch();
    const piece = { speaker: 'agent', key: 'text', appended: true } as const;
    expect(ear.hear({ ...piece, text: 'Let me connect you to a person', ended: false })).toBeUndefined();
    expect(ear.hear({ ...piece, text: ', may I have your name first?', ended: true })).toBeUndefined();
  });

  it('offers a person, and the caller accepts', () => {
    for (const answer of ['yes please', 'Sure.', 'yeah that would be great', 'okay do that']) {
      const ear = watch();
      ear.hear(agent('Would you like me to connect you to a person?'));
      expect([answer, ear.hear(caller(answer))]).toEqual([answer, 'HUMAN_ASKED']);
    }
  });

  it('offers a person, and the caller declines or goes on', () => {
    for (const answer of [
      'no thanks',
      'yes but first the price',
      'yeah no',
      'yes can you tell me about the price of botox',
    ]) {
      const ear = watch();
      ear.hear(agent('Would you like me to connect you to a person?'));
      expect([answer, ear.hear(caller(answer))]).toEqual([answer, undefined]);
    }
  });

  it('is interrupted in the middle of an offer, or after it', () => {
    const ear = watch();
    ear.hear({ ...agent('Would you like to speak to a person or'), appended: true, ended: false });
    ear.interrupt('te');
    expect(ear.hear(caller('yes'))).toBe('HUMAN_ASKED');
    const other = watch();
    other.hear(agent('Would you like to speak to a person?'));
    other.interrupt('text');
    expect(other.hear(caller('yes'))).toBe('HUMAN_ASKED');
  });

  it('asks something else, and yes means that', () => {
    const ear = watch();
    ear.hear(agent('Would you like to speak to a person?'));
    ear.hear(caller('hm what does it cost'));
    ear.hear(agent('Two hundred. Shall I book it?'));
    expect(ear.hear(caller('yes'))).toBeUndefined();
  });

  it('does not speak for the caller', () => {
    expect(watch(therapy).hear(agent('If you want to kill yourself or have chest pain, call 911.'))).toBeUndefined();
  });
});

it('each need can be switched off', () => {
  const said = {
    CRISIS: 'i want to kill myself',
    EMERGENCY: 'i can not breathe',
    HUMAN_ASKED: 'representative',
    THERAPEUTIC_TALK: 'i feel so hopeless',
  };
  for (const need of humanNeeds) {
    expect(needIn(said[need], therapy)).toBe(need);
    expect(needIn(said[need], { ...therapy, [need]: false })).toBeUndefined();
  }
});

it('an utterance without an end is judged when it is declared finished', () => {
  const ear = watch();
  ear.hear(caller('representative', false, true));
  expect(ear.finish('caller', '')).toBe('HUMAN_ASKED');
  expect(ear.finish('caller', '')).toBeUndefined();
});

describe('words', () => {
  it.each([
    ["I'm gonna, um, I I can’t", 'i am going to i can not'],
    ['dr. Smith’s nine one one', 'doctor smith is nine one one'],
    ['9 1 1 and ¡adiós!', '9 1 1 and adios'],
    ["don't won't they've he'd", 'do not will not they have he would'],
    [String.raw`look in c:\users for the caf\u00e9 file`, 'look in c users for the cafe file'],
    ['', ''],
  ])('%s', (text, words) => {
    expect(wordsOf(text).join(' ')).toBe(words);
  });
});

describe('phrases', () => {
  const finds = (lines: string, text: string, ended = true, sets = {}): string[] => {
    const words = text.split(' ');
    const found = new Phrases(lines, sets).find({ words, from: 0, ended });
    return found.map(({ start, end }) => words.slice(start, end).join(' '));
  };

  it.each([
    ['talk|speak to a? person', 'i talk to person', ['talk to person']],
    ['talk to $who', 'talk to live agent', ['talk to live agent']],
    [
      'real|live* person',
      'a real live real person',
      ['real live real person', 'live real person', 'real person', 'person'],
    ],
    ['i .. die', 'i may well die', ['i may well die']],
    ['i .. die', 'i may not quite die', []],
    ['i ... die', 'i may not quite die', ['i may not quite die']],
    ['^ agent', 'an agent', []],
    ['agent >', 'agent please', []],
    ['agent >', 'an agent', ['agent']],
    ['# agent', 'agent', []],
  ])('%s in "%s"', (line, text, expected) => {
    expect(finds(line, text, true, { who: 'person live_agent' })).toEqual(expected);
  });

  it('an end that has not come is no end', () => {
    expect(finds('agent >', 'agent', false)).toEqual([]);
  });

  it.each(['.. person', 'a? b?', '$nobody here'])('refuses %s', (line) => {
    expect(() => new Phrases(line)).toThrow('phrase');
  });
});
