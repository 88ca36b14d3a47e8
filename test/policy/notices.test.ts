import { describe, expect, it } from 'vitest';
import {
  closingNotice,
  missingFrom,
  missingSentence,
  noticeDuties,
  stateCodes,
  stateRules,
  type NoticePart,
  type StateCode,
} from '../../src/policy/notices.ts';

const partsOf = (states: readonly StateCode[], clinical: boolean): NoticePart[] =>
  noticeDuties(states, clinical).map(({ part }) => part);

describe('what a notice must say', () => {
  it('names the machine and the recording, wherever the callers are', () => {
    expect(noticeDuties([], true)).toEqual([
      { part: 'ai', laws: [] },
      { part: 'recording', laws: [] },
    ]);
  });

  it.each<[string, readonly StateCode[], boolean, readonly NoticePart[]]>([
    ['California, talk of treatments', ['CA'], true, ['ai', 'recording', 'person', 'closing']],
    ['California, appointments alone', ['CA'], false, ['ai', 'recording']],
    ['Texas', ['TX'], true, ['ai', 'recording']],
    ['Wyoming and California', ['WY', 'CA'], true, ['ai', 'recording', 'person', 'closing']],
  ])('%s', (_name, states, clinical, parts) => {
    expect(partsOf(states, clinical)).toEqual(parts);
  });

  it('names the law that demands it', () => {
    const laws = noticeDuties(['WA', 'TX', 'FL'], true).flatMap((duty) => duty.laws);
    expect(laws.some((law) => law.startsWith('WA: ') && law.includes('9.73'))).toBe(true);
    expect(laws.some((law) => law.startsWith('FL: '))).toBe(true);
    expect(laws.some((law) => law.startsWith('TX: '))).toBe(true);
  });

  it('all rules are about states that exist, and each says something', () => {
    expect(stateRules.flatMap(({ states }) => states).filter((state) => !stateCodes.includes(state))).toEqual([]);
    expect(new Set(stateCodes).size).toBe(52);
    expect(stateRules.filter(({ parts, law }) => parts.length === 0 || law === '')).toEqual([]);
  });
});

describe('what a notice lacks', () => {
  const duties = noticeDuties(['CA'], true);

  it.each<[string, readonly NoticePart[]]>([
    ['Thank you for calling Cedar Skin Studio.', ['ai', 'recording', 'person']],
    ['You are speaking with our virtual assistant. Say representative for a person.', ['recording']],
    ['This call is being recorded.', ['ai', 'person']],
    ['An AI answers. The call may be transcribed. Press 0 for our front desk.', []],
    ['Our aide records your favourite record.', ['ai', 'person']],
  ])('%s', (notice, parts) => {
    expect(missingFrom(notice, duties).map(({ part }) => part)).toEqual(parts);
  });

  it('is said in plain words, with the law', () => {
    const [first] = missingFrom('Hello.', noticeDuties(['TX'], true));
    expect(first && missingSentence(first)).toMatch(
      /^does not say that the caller speaks with an automated assistant \(TX: /u,
    );
  });
});

it('is repeated at the end only where a state demands it', () => {
  expect(closingNotice(noticeDuties(['CA'], true))).toMatch(/automated assistant/u);
  expect(closingNotice(noticeDuties(['CA'], false))).toBeUndefined();
  expect(closingNotice(noticeDuties(['TX', 'WA'], true))).toBeUndefined();
});
