import { describe, expect, it } from 'vitest';
import { maskEverything, maskIdentifiers, passEverything } from '../../../src/policy/clearance.ts';
import { Dialogue } from '../../../src/policy/phi/dialogue.ts';
import { createEngine } from '../../../src/policy/phi/engine.ts';
import { isPhiKind, kinds, phiKinds } from '../../../src/policy/phi/kinds.ts';
import { buildLexicon, flagsOf } from '../../../src/policy/phi/lexicon/index.ts';
import type { Recognizer } from '../../../src/policy/phi/recognizer.ts';
import { recognizers } from '../../../src/policy/phi/recognizers/index.ts';
import { redact } from '../../../src/policy/phi/redact.ts';
import { createRules } from '../../../src/policy/phi/rules.ts';
import { Scanner } from '../../../src/policy/phi/scan.ts';
import { UtteranceStream } from '../../../src/policy/phi/stream.ts';
import { createNameTagger } from '../../../src/policy/phi/tagger.ts';
import { Pseudonyms } from '../../../src/policy/phi/tokenise.ts';
import { tokenize } from '../../../src/policy/phi/tokens.ts';
import { profiles } from '../../../src/policy/profiles/index.ts';

const engine = createEngine();
const say = (text: string): string => engine.conversation().utterance('caller', maskEverything).restate(text, true);

describe('kinds', () => {
  it('has the 18 identifiers of 45 CFR 164.514(b)(2)(i), A to R', () => {
    const points = new Set(phiKinds.map((kind) => /\(b\)\(2\)\(i\)\(([A-R])\)$/.exec(kinds[kind].citation)?.[1]));
    points.delete(undefined);
    expect([...points].sort().join('')).toBe('ABCDEFGHIJKLMNOPQR');
  });

  it('tells a kind from any other word', () => {
    expect(isPhiKind('PHONE')).toBe(true);
    expect(isPhiKind('toString')).toBe(false);
  });
});

describe('profiles', () => {
  it('let the caller hear everything and the log nothing', () => {
    for (const { clearances } of Object.values(profiles)) {
      expect(new Set(Object.values(clearances.caller))).toEqual(new Set(['pass']));
      expect(Object.values(clearances.log)).not.toContain('pass');
      for (const kind of phiKinds)
        if (kinds[kind].group === 'identifier') expect(clearances.vendor[kind]).not.toBe('pass');
    }
  });

  it('keep what a client of a therapist suffers from and takes from the vendor', () => {
    const { vendor } = profiles.therapy.clearances;
    expect([vendor.CONDITION, vendor.MEDICATION, vendor.TREATMENT]).toEqual(['mask', 'mask', 'mask']);
    expect(profiles.medspa.clearances.vendor.TREATMENT).toBe('pass');
  });

  it('refuse to pass an identifier as health', () => {
    expect(() => maskIdentifiers('NAME')).toThrow('NAME is an identifier');
  });
});

describe('a conversation', () => {
  it('masks signalling facts on sight', () => {
    const conversation = engine.conversation();
    conversation.know('PHONE', '+15415550139');
    conversation.know('NAME', 'Quennell Draycott');
    const text: string = conversation
      .utterance('caller', maskEverything)
      .restate('it ends in 0139 and draycott is fine', true);
    expect(text).not.toMatch(/0139|draycott/);
  });

  it('scans an aside without learning from it', () => {
    const conversation = engine.conversation();
    const { text, found } = conversation.aside('error: call jane@example.com', maskEverything);
    expect(text).toBe('error: call [EMAIL]');
    expect(found).toEqual({ EMAIL: 1 });
    expect(conversation.aside('plain', passEverything).text).toBe('plain');
  });

  it('counts what it finds by kind', () => {
    const stream = engine.conversation().utterance('caller', maskEverything);
    stream.restate('call 541 555 0139 or 541 555 0140 and ask for doctor quennell', true);
    expect(stream.found).toEqual({ PHONE: 2, NAME: 1 });
  });

  it('learns from what a cleared reader was shown', () => {
    const conversation = engine.conversation();
    expect(conversation.utterance('caller', passEverything).restate('my name is wilhelmina draycott', true)).toBe(
      'my name is wilhelmina draycott',
    );
    expect(conversation.utterance('agent', maskEverything).restate('hello wilhelmina', true)).toBe('hello [NAME]');
  });

  it('forgets a question once it was answered', () => {
    const conversation = engine.conversation();
    const turn = (speaker: 'agent' | 'caller', text: string): string =>
      conversation.utterance(speaker, maskEverything).restate(text, true);
    turn('agent', 'what is your zip code');
    expect(turn('caller', 'nine seven seven oh one')).toBe('[ADDRESS]');
    turn('agent', 'great how many syringes did you get');
    expect(turn('caller', 'two hundred or so i lost count')).toBe('two hundred or so i lost count');
  });

  it('stays small however long the call is', () => {
    const dialogue = new Dialogue(buildLexicon());
    const text = 'zyx'.repeat(40);
    for (let turn = 0; turn < 5_000; turn += 1)
      dialogue.heard('caller', tokenize(`${text}${String(turn)}`), [
        { kind: 'NAME', start: 0, end: text.length, score: 1 },
      ]);
    for (let turn = 0; turn < 5_000; turn += 1)
      dialogue.heard('caller', tokenize(String(1e9 + turn)), [{ kind: 'PHONE', start: 0, end: 10, score: 1 }]);
    const memory = JSON.stringify({ ...dialogue, lexicon: undefined }, (_, value: unknown) =>
      value instanceof Map ? [...value] : value,
    );
    expect(memory.length).toBeLessThan(20_000);
  });
});

describe('a stream', () => {
  it('holds what may become part of a value and releases the rest', () => {
    const stream = engine.conversation().utterance('caller', maskEverything);
    expect(stream.push('my number is five five ')).toBe('my number is ');
    expect(stream.held).toBeGreaterThan(0);
    expect(stream.push('five oh one two three and i live nearby')).toMatch(/^\[PHONE\]/);
    expect(stream.flush()).not.toMatch(/five/);
  });

  it('masks what it held for too long, to the end of a word that was cut', () => {
    const stream = engine.conversation().utterance('caller', maskEverything);
    expect(stream.push('my number is five five fi')).toBe('my number is ');
    expect(stream.expire()).toBe('[REDACTED]');
    expect(stream.held).toBe(0);
    expect(stream.push('ve oh one two three thank you') + stream.flush()).not.toMatch(/ve |oh one/);
  });

  it('shows an interim up to what is decided', () => {
    const stream = engine.conversation().utterance('caller', maskEverything);
    expect(stream.restate('my name is wilhel', false)).toBe('my name is \u2026');
    expect(stream.restate('my name is wilhelmina draycott', true)).toBe('my name is [NAME]');
  });

  it('begins again after its end', () => {
    const stream = engine.conversation().utterance('caller', maskEverything);
    expect(stream.push('hello there ') + stream.flush()).toBe('hello there ');
    expect(stream.push('good day ') + stream.flush()).toBe('good day ');
    expect(stream.flush()).toBe('');
  });
});

describe('a recognizer that fails', () => {
  const lexicon = buildLexicon();
  const broken: Recognizer = {
    name: 'broken',
    opens: ~0,
    match: (view, at) => {
      if (view.token(at).lower === 'boom') throw new Error('broken');
      return undefined;
    },
  };
  const rules = createRules(lexicon, createNameTagger(), [...recognizers(lexicon), broken]);
  const context = new Dialogue(lexicon).contextFor('caller');
  const stream = (): UtteranceStream =>
    new UtteranceStream({
      clearance: maskEverything,
      pseudonyms: new Pseudonyms(),
      scanner: () => new Scanner(rules, context),
      heard: () => undefined,
    });

  it('masks the whole text', () => {
    expect(stream().restate('well boom my number is five', true)).toBe('[REDACTED]');
  });

  it('masks the rest of a stream', () => {
    const own = stream();
    expect(own.push('well okay boom my number is five ')).toBe('well okay ');
    expect(own.push('five five') + own.flush()).toBe('[REDACTED]');
  });
});

describe('what a practice adds', () => {
  const own = createEngine({
    matchers: [
      { name: 'project', kind: 'MRN', longest: (text) => (text.startsWith('blue heron') ? 'blue heron'.length : 0) },
    ],
  });

  it('is masked like the rest', () => {
    expect(own.conversation().utterance('caller', maskEverything).restate('put me in Blue Heron please', true)).toBe(
      'put me in [MRN] please',
    );
  });
});

describe('redaction', () => {
  it('keeps every character outside the spans', () => {
    expect(
      redact('  a b\tc ', 0, 8, [{ kind: 'NAME', start: 4, end: 5, score: 1 }], maskEverything, new Pseudonyms()),
    ).toBe('  a [NAME]\tc ');
  });

  it.each(['', ' ', '\n', '\ud800', '\u200b', '\u202e', '...', '5', "'", '@', '\u{1f600}'])('lets %j pass', (text) => {
    expect(say(text)).toBe(text);
  });

  it.each([
    ['my number is \uff14\uff11\uff15 \uff15\uff15\uff15 \uff10\uff11\uff19\uff19', 'my number is [PHONE]'],
    ['call me at 4\u200b1\u200b5\u200b5550199', 'call me at [PHONE]'],
    ['my name is J\u0430n\u0435 D\u043e\u0435', 'my name is [NAME]'],
    ['\u0664\u0661\u0665 \u0665\u0665\u0665 \u0660\u0661\u0669\u0669 is my number', '[PHONE] is my number'],
    ['ja\u00adne@gmail.com', '[EMAIL]'],
    ['jane [at] gmail [dot] com', '[EMAIL]'],
    ['MY NAME IS JANE DOE', 'MY NAME IS [NAME]'],
    ['{"phone":"4155550199"}', '{"phone":"[PHONE]"}'],
  ])('reads %j', (text, expected) => {
    expect(say(text)).toBe(expected);
  });

  it('leaves emergency numbers', () => {
    expect(say('should i call nine one one')).toBe('should i call nine one one');
    expect(say('call 988 now')).toBe('call 988 now');
  });
});

describe('flags', () => {
  it('know a name without its apostrophe', () => {
    const lexicon = buildLexicon();
    const [token] = tokenize('roberts');
    if (token === undefined) throw new Error('no token');
    expect(flagsOf(token, lexicon)).not.toBe(0);
  });
});
