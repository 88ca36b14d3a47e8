import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HumanWatch, needIn, noHandoff, type HandoffRules } from '../../src/policy/handoff.ts';
import { hintSlots } from '../../src/policy/handoff/hint-features.ts';
import { hintWindow, weighHints } from '../../src/policy/handoff/hint.ts';
import { wordsOf } from '../../src/policy/handoff/words.ts';

const rules: HandoffRules = { CRISIS: true, EMERGENCY: true, HUMAN_ASKED: true, THERAPEUTIC_TALK: true };
const hint = 'my kids are grown and it would be simpler for all of them if i was not in this world';
const talk = 'and then we drove to the store and looked at the new creams on the shelf '.repeat(6);
const caller = (text: string, ended: boolean) =>
  ({ speaker: 'caller', key: '', text, appended: false, ended }) as const;

describe('a hint that no phrase names', () => {
  it.each([
    hint,
    'my brother gave his fishing boat away and told us he will not be needing it',
    'i wrote a letter to each of my boys and i hope they forgive me',
  ])('is heard as a crisis: %s', (line) => {
    expect(needIn(line, rules)).toBe('CRISIS');
  });

  it.each([
    'he gave his fishing rods to the neighbors and told me we have to be out of the house by sunday for the move',
    'i wrote a letter to the insurance and i hope they pay',
    'it would be simpler for all of them if i came on saturday',
    'goodbye and thank you for everything you have done for my skin',
  ])('is not in what shares its words: %s', (line) => {
    expect(needIn(line, rules)).toBeUndefined();
  });

  it('is heard in the middle of a long utterance, and wherever it stands in it', () => {
    expect(needIn(talk, rules)).toBeUndefined();
    for (const line of [`${hint} ${talk}`, `${talk}${hint} ${talk}`, talk + hint])
      expect(needIn(line, rules)).toBe('CRISIS');
  });

  it('waits for the end of a short utterance', () => {
    const watch = new HumanWatch(rules);
    expect(watch.hear(caller(hint, false))).toBeUndefined();
    expect(watch.hear(caller(hint, true))).toBe('CRISIS');
  });

  it('does not wait for the end of a long one', () => {
    const watch = new HumanWatch(rules);
    expect(watch.hear(caller(talk, false))).toBeUndefined();
    expect(watch.hear(caller(`${talk}${hint} and that is all i`, false))).toBe('CRISIS');
  });

  it('goes before a caller who asks for a person, and behind a named emergency', () => {
    expect(needIn(`can i talk to a person ${hint}`, rules)).toBe('CRISIS');
    expect(needIn(`she is not breathing ${hint}`, rules)).toBe('EMERGENCY');
  });

  it('is not listened for where a crisis is not', () => {
    expect(needIn(hint, { ...noHandoff, EMERGENCY: true })).toBeUndefined();
  });

  it('belongs to one utterance: what was said before is not judged again', () => {
    const watch = new HumanWatch(rules);
    expect(watch.hear(caller(hint, true))).toBe('CRISIS');
    expect(watch.hear(caller('thursday at ten', true))).toBeUndefined();
  });
});

describe('what is judged', () => {
  const ones = new Float64Array(hintSlots).fill(1);
  const judged = (text: string, ended = true) => weighHints({ words: wordsOf(text), from: 0, ended }, ones);

  it('is the whole of a short utterance that has ended', () => {
    expect(judged('one two six').map(({ start, end }) => [start, end])).toEqual([[0, 3]]);
    expect(judged('one two six', false)).toEqual([]);
    expect(judged('')).toEqual([]);
  });

  it('is every window of a long one, ended or not', () => {
    const words = wordsOf(talk).length;
    const windows = Array.from({ length: words - hintWindow + 1 }, (_, start) => [start, start + hintWindow]);
    for (const ended of [true, false])
      expect(judged(talk, ended).map(({ start, end }) => [start, end])).toEqual(windows);
  });

  it('is what was said in this utterance, at its place among the words before', () => {
    const words = wordsOf('thursday at ten one two six');
    expect(weighHints({ words, from: 3, ended: true }, ones)).toEqual(
      judged('one two six').map(({ start, end, score }) => ({ start: start + 3, end: end + 3, score })),
    );
  });

  it('weighs no word that has left the window', () => {
    const scores = judged(talk).map(({ score }) => score);
    // The talk repeats itself: a window that has moved by one repetition weighs the same.
    const period = wordsOf(talk).length / 6;
    expect(scores.slice(period)).toEqual(scores.slice(period).map((_, at) => scores[at + period]));
    expect(scores.at(-1)).toBe(scores.at(-1 - period));
  });
});

it('the weights take less than 64 KB', () => {
  const { size } = statSync(new URL('../../src/policy/handoff/hint-weights.ts', import.meta.url));
  expect(size).toBeLessThan(64 * 1024);
});
