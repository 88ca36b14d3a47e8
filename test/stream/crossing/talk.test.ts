import { describe, expect, it } from 'vitest';
import { Talk } from '../../../src/stream/crossing/talk.ts';
import { bounds } from '../../../src/stream/limits.ts';

const call = (id: string) => ({ id, name: 'find_slot', input: '{}' });

/** The talk in a line: `c: hello`, `a: hi`, `t call_1: {}`. */
function lines(talk: Talk): string[] {
  return talk.turns.map((turn) => {
    if (turn.by === 'tool') return `t ${turn.answer.id}: ${turn.answer.output}`;
    return `${turn.by === 'caller' ? 'c' : 'a'}: ${turn.text}`;
  });
}

describe('what the caller broke into', () => {
  const begun = (): Talk => {
    const talk = new Talk();
    talk.caller('what does it cost');
    talk.agent('Let me look.', 'Let me look.', [call('call_1')]);
    talk.answer({ id: 'call_1', output: '12' });
    talk.agent('It is twelve dollars, [NAME_1].', 'It is twelve dollars, Rosalind.', []);
    return talk;
  };

  it('is cut to the words that the model may see', () => {
    const talk = begun();
    talk.cut('It is twelve dollars, Rosa', 'It is twelve dollars, [NAME_1]');
    expect(lines(talk).at(-1)).toBe('a: It is twelve dollars, [NAME_1]');
  });

  it('stays as the model wrote it where all of it was heard', () => {
    const talk = begun();
    talk.cut('it is twelve dollars rosalind', 'it is twelve dollars [NAME_1]');
    expect(lines(talk).at(-1)).toBe('a: It is twelve dollars, [NAME_1].');
  });

  it('takes what followed with it, but no call of a tool', () => {
    const talk = begun();
    talk.cut('Let me', 'Let me');
    expect(lines(talk)).toEqual(['c: what does it cost', 'a: Let me', 't call_1: 12']);
  });

  it('is gone where nothing was heard', () => {
    const talk = begun();
    talk.cut('', '');
    expect(lines(talk)).toEqual(['c: what does it cost', 'a: Let me look.', 't call_1: 12']);
  });

  it('is nothing that was said before the caller spoke, and nothing that nobody said', () => {
    const talk = begun();
    talk.cut('Something else', 'Something else');
    talk.caller('and filler');
    talk.cut('It is', 'It is');
    expect(lines(talk)).toHaveLength(5);
  });
});

describe('tools', () => {
  it('are answered once, and nobody else is', () => {
    const talk = new Talk();
    talk.agent('', '', [call('call_1')]);
    expect(talk.waiting).toBe(1);
    expect(talk.answer({ id: 'call_2', output: '' })).toBe(false);
    expect(talk.answer({ id: 'call_1', output: '' })).toBe(true);
    expect(talk.answer({ id: 'call_1', output: 'again' })).toBe(false);
    expect(talk.waiting).toBe(0);
  });
});

it('forgets the oldest turns whole', () => {
  const talk = new Talk();
  for (let turn = 0; turn < 500; turn += 1) {
    talk.caller(`${turn} ${'word '.repeat(turn % 100)}`);
    talk.agent('one moment', 'one moment', [call(`call_${turn}`)]);
    talk.answer({ id: `call_${turn}`, output: '{}' });
  }
  expect(talk.turns.length).toBeLessThanOrEqual(bounds.talkEntries + 2);
  expect(JSON.stringify(talk.turns).length).toBeLessThan(2 * bounds.talkText);
  expect(lines(talk)[0]).toMatch(/^c: \d+ /u);
  expect(lines(talk).at(-1)).toBe('t call_499: {}');
});
