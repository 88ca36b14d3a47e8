import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needIn } from '../../../src/policy/handoff.ts';
import { needsInWords } from '../../../src/policy/handoff/sheet.ts';
import { therapy } from '../../../src/policy/profiles/therapy.ts';
import { changed, environment, Practice, sound } from '../config/practice.ts';
import { runVerb, type VerbResult } from './verb.ts';

let practice: Practice;
beforeEach(async () => {
  practice = await Practice.make();
});
afterEach(() => practice.remove());

async function sheet(text: string, ...words: readonly string[]): Promise<VerbResult> {
  await practice.write('chaperone.yaml', text);
  return runVerb(['staff-sheet', '--config', practice.file, ...words], environment);
}

it.each(needsInWords.flatMap(({ need, examples }) => examples.map((text) => [need, text] as const)))(
  '%s: what the page says is what is heard: %s',
  (need, text) => {
    expect(needIn(text, therapy.handoff)).toBe(need);
  },
);

describe('chaperone staff-sheet', () => {
  it('prints one page from the policy', async () => {
    const { code, out } = await sheet(sound);
    expect(code).toBe(0);
    expect(out.split('\n').length).toBeLessThan(60);
    expect(out).toContain('Cedar Skin Studio: when the AI takes the call, when a human does');
    expect(out).toContain('+15125550100 is dialled');
    expect(out).toContain('Symptoms, feelings, advice: the AI keeps the call');
    expect(out).toContain('the AI itself must send these callers on');
    expect(out).not.toContain('planted');
  });

  it('follows the profile and the switches', async () => {
    const { out } = await sheet(`${changed('profile: medspa', 'profile: therapy')}handoff: { person: false }\n`);
    expect(out).toContain('Symptoms, feelings, advice: "i feel so hopeless"');
    expect(out).toContain('The caller asks for a person: the AI keeps the call');
    expect(out).toMatch(/told before you answer: .*9 8 8/u);
  });

  it('prints a page for a browser, in which a name is no markup', async () => {
    const { out } = await sheet(changed('Cedar Skin Studio', '"<b>Cedar & Co</b>"'), '--html');
    expect(out).toMatch(/^<!doctype html>/u);
    expect(out).toContain('&lt;b&gt;Cedar &amp; Co&lt;/b&gt;');
    expect(out).not.toContain('<b>');
  });

  it('lists faults and exits 78', async () => {
    const { code, out, err } = await sheet(changed('profile: medspa', 'profile: spa'));
    expect({ code, out }).toEqual({ code: 78, out: '' });
    expect(err).toContain('practice.profile');
  });
});
