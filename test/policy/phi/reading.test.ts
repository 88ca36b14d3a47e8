import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clearanceOf, maskEverything, passEverything } from '../../../src/policy/clearance.ts';
import { createEngine } from '../../../src/policy/phi/engine.ts';
import type { TextStream } from '../../../src/policy/phi/stream.ts';
import { undecided, unread } from '../../../src/policy/phi/redact.ts';
import { booking } from '../../../src/server/demo/booking.ts';

const engine = createEngine();
const sentences = booking.map(({ caller }) => caller);
const treatmentPasses = clearanceOf('mask', { TREATMENT: 'pass' });

const stream = (clearance = maskEverything): TextStream => engine.conversation().utterance('caller', clearance);

/** What a reader of this clearance is shown of a finished sentence that nobody else hears. */
const alone = (text: string, clearance = maskEverything): string => stream(clearance).restate(text, true);

describe('what is shown to a party that reads along', () => {
  test.each(sentences)('is what its own stream would show: %s', (sentence) => {
    for (const reader of [maskEverything, treatmentPasses, passEverything]) {
      const other = stream(passEverything);
      other.restate(sentence, true);
      expect(other.shownTo(reader)).toBe(alone(sentence, reader));
    }
  });

  test('does not depend on how the text was cut', () => {
    fc.assert(
      fc.property(fc.constantFrom(...sentences), fc.array(fc.nat({ max: 60 }), { maxLength: 8 }), (sentence, cuts) => {
        const live = stream();
        let at = 0;
        for (const cut of [...cuts].sort((first, second) => first - second)) {
          live.push(sentence.slice(at, Math.max(at, cut)));
          at = Math.max(at, cut);
        }
        live.push(sentence.slice(at));
        live.flush();
        expect(live.shownTo(maskEverything)).toBe(alone(sentence));
      }),
    );
  });

  test('ends in a mark while something is undecided, and holds none of it', () => {
    const live = stream();
    live.push('you can reach me at five one two five five five');
    expect(live.shownTo(maskEverything)).toMatch(new RegExp(`^you can reach me at.*${undecided}$`, 'u'));
    expect(live.shownTo(maskEverything)).not.toContain('five');
  });

  test('leaves out what was held too long, to the end of the word that was cut', () => {
    const live = stream();
    live.push('sure it is five one two fi');
    live.expire();
    live.push('ve and that is all of it thanks');
    live.flush();
    const shown = live.shownTo(treatmentPasses);
    expect(shown).toContain(unread);
    expect(shown).toMatch(/^sure it is/u);
    expect(shown).toMatch(/that is all of it thanks$/u);
    expect(shown).not.toMatch(/five|one two|\bve\b/u);
  });

  test('leaves out each of several stretches that were held too long', () => {
    const live = stream();
    live.push('call five one two');
    live.expire();
    live.push(' please and then six one six');
    live.expire();
    live.push(' please again');
    live.flush();
    const shown = live.shownTo(maskEverything);
    expect(shown.split(unread)).toHaveLength(3);
    expect(shown).toMatch(/please and then/u);
    expect(shown).not.toMatch(/five|six/u);
  });

  test('changes nothing of what the call knows, asked once or a hundred times', () => {
    const talk = (reads: number): string[] => {
      const conversation = engine.conversation();
      return booking.flatMap(({ caller, agent }) =>
        (
          [
            ['caller', caller],
            ['agent', agent],
          ] as const
        ).map(([speaker, text]) => {
          const utterance = conversation.utterance(speaker, maskEverything);
          const shown = utterance.restate(text, true);
          for (let read = 0; read < reads; read += 1) utterance.shownTo(treatmentPasses);
          return shown;
        }),
      );
    };
    expect(talk(100)).toEqual(talk(0));
  });
});
