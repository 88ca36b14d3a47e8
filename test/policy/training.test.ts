import { expect, test } from 'vitest';
import { demandsOf, retentionDemands } from '../../src/policy/training.ts';
import { Way } from '../../src/stream/protocol.ts';
import { protocols } from '../../src/stream/protocols/index.ts';

const codecs = new Map(Object.entries(protocols));

test('every demand is about a protocol and a message that exist', () => {
  const strangers = Object.entries(retentionDemands).flatMap(([name, { fields, told = [] }]) => {
    const codec = codecs.get(name);
    if (codec === undefined) return [name];
    const demanded = fields.filter(({ message }) => !codec.messages[Way.toVendor].includes(message));
    const said = told.filter(({ message }) => message !== undefined && !codec.messages[Way.toCaller].includes(message));
    return [...demanded, ...said].map(({ message }) => `${name}: ${message ?? ''}`);
  });
  expect(strangers).toEqual([]);
});

test('every vendor protocol has said what it demands, and what the practice must see to', () => {
  const silent = [...codecs.keys()].filter(
    (name) => !name.startsWith('twilio-') && !Object.hasOwn(retentionDemands, name),
  );
  expect(silent).toEqual([]);
});

test('what has to be absent is judged as a name', () => {
  const unjudged = Object.entries(retentionDemands).flatMap(([name, { absent = [] }]) =>
    absent.filter((at) => codecs.get(name)?.names[Way.toVendor].includes(at) !== true),
  );
  expect(unjudged).toEqual([]);
});

test('a protocol that is not listed demands nothing', () => {
  expect(demandsOf('twilio-media-streams')).toEqual({ fields: [], query: [], account: [] });
});
