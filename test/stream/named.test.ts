import { expect, test } from 'vitest';
import { bounds } from '../../src/stream/limits.ts';
import { NamedParties } from '../../src/stream/named.ts';

test('each party is taken down once, an address for its host', () => {
  const named = new NamedParties();
  const model = { at: 'session.model', form: 'model', value: 'gpt-realtime' } as const;
  const address = (path: string) => ({ at: 'play.source', form: 'url', value: `https://cdn.example${path}` }) as const;
  for (const name of [
    model,
    { ...model, at: 'response.model' },
    { ...model, of: 'openai' },
    address('/a'),
    address('/b'),
  ])
    expect(named.add(name)).toBe(true);
  expect(named.all).toEqual([model, { ...model, of: 'openai' }, address('/a')]);
});

test('more than anybody could judge again are too many; those that are known stay known', () => {
  const named = new NamedParties();
  const model = (index: number) => ({ at: 'model', form: 'model', value: `gpt-${index}` }) as const;
  for (let index = 0; index < bounds.namedParties; index += 1) expect(named.add(model(index))).toBe(true);
  expect(named.add(model(bounds.namedParties))).toBe(false);
  expect(named.add(model(0))).toBe(true);
});
