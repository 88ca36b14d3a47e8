import { expect, test } from 'vitest';
import { demandsOf, retentionDemands } from '../../src/policy/training.ts';
import { Way } from '../../src/stream/protocol.ts';
import { protocols } from '../../src/stream/protocols/index.ts';

const codecs = new Map(Object.entries(protocols));

test('every demand is about a protocol and a message that exist', () => {
  const strangers = Object.entries(retentionDemands).flatMap(([name, { fields }]) => {
    const messages = new Set(codecs.get(name)?.messages[Way.toVendor]);
    if (!codecs.has(name)) return [name];
    return fields.filter(({ message }) => !messages.has(message)).map(({ message }) => `${name}: ${message}`);
  });
  expect(strangers).toEqual([]);
});

test('every vendor protocol has said what it demands, and what the practice must see to', () => {
  const silent = [...codecs.keys()].filter(
    (name) => !name.startsWith('twilio-') && !Object.hasOwn(retentionDemands, name),
  );
  expect(silent).toEqual([]);
});

test('a protocol that is not listed demands nothing', () => {
  expect(demandsOf('twilio-media-streams')).toEqual({ fields: [], query: [], account: [] });
});
