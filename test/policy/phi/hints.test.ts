import { expect, it } from 'vitest';
import { createEngine } from '../../../src/policy/phi/engine.ts';
import { medspa } from '../../../src/policy/profiles/medspa.ts';

const { vendor, app } = medspa.clearances;
const vocabulary = ['Morpheus8', 'Cedar Skin Studio', 'Glowtastic peel'];

function hint(text: string): string {
  return createEngine({ vocabulary }).conversation().aside(text, vendor, true).text;
}

it.each(['Okonkwo', 'okonkwo', 'Thandiwe', 'Xiomara', 'Wrzesniewski', 'Smith', 'THANDIWE', 'Þórunn'])(
  'a name that stands alone is removed: %s',
  (name) => {
    expect(hint(name)).toBe('[NAME]');
  },
);

it('among other words it is removed alone, and what follows it stays', () => {
  expect(hint('patient Okonkwo')).toBe('patient [NAME]');
  expect(hint('Okonkwo:2.5')).toBe('[NAME]:2.5');
  expect(hint('["botox","Thandiwe"]')).toBe('["botox","[NAME]"]');
});

it.each(['botox', 'Kybella', 'laser hair removal', 'appointment', 'Tuesday', 'rosacea', 'consultation fee'])(
  'a word of some list passes: %s',
  (term) => {
    expect(hint(term)).toBe(term);
  },
);

it.each([...vocabulary, 'cedar skin studio', 'glowtastic'])('what the practice declares passes: %s', (term) => {
  expect(hint(term)).toBe(term);
});

it('outside of hints nothing changes: an unknown word is no name for being unknown', () => {
  expect(createEngine().conversation().aside('glowtastic', vendor).text).toBe('glowtastic');
});

it('who is cleared for names sees them, and what was found is counted', () => {
  const conversation = createEngine().conversation();
  expect(conversation.aside('Okonkwo', app, true)).toEqual({ text: 'Okonkwo', found: { NAME: 1 } });
});
