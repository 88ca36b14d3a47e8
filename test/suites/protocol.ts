import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { clearanceOf, type KindClearance } from '../../src/policy/clearance.ts';
import { foldName, judgeNested, type NestedName, type NestedScope } from '../../src/policy/nested.ts';
import { isObject, type Json } from '../../src/stream/json.ts';
import { Kind, Way, ways, type ProtocolCodec } from '../../src/stream/protocol.ts';
import { unnamedInQuery } from '../../src/stream/query.ts';
import { RelayState } from '../../src/stream/relay.ts';
import { listConversation } from '../stream/wordlist.ts';
import { startRelay, type Rig } from '../stream/rig.ts';
import { nestedOfAll, openingOf, samplesOf, type Sample } from './books.ts';
import { jsonBytes, mutated, parse, planted } from './plants.ts';
import { sheetSuite } from './sheet.ts';
import { sheetSamples } from './sheets.ts';

const canary = 'Zephyrine Quillfeather';
const canaryNumber = 5125550143;
const mask = clearanceOf('mask');

/** What every protocol must hold. A new table joins by being in the index and having a folder of playbooks. */
export function protocolSuite(name: string, codec: ProtocolCodec): void {
  const samples = [...samplesOf(name), ...sheetSamples(name)].filter(({ text }) => parse(text) !== undefined);
  const opening = openingOf(name, (sample) => opens(codec, sample));

  const scope = nestedOfAll(name);

  const rig = (clearance: KindClearance = mask, nested = scope, strict = false): Rig => {
    const words = new Map([
      [canary.toLowerCase(), 'NAME' as const],
      [String(canaryNumber), 'PHONE' as const],
    ]);
    const made = startRelay(codec, {
      conversation: listConversation(words),
      vendor: clearance,
      caller: clearance,
      nested,
      strict,
    });
    for (const { way, text } of opening) made.relay.onMessage(way, Buffer.from(text), false, 0);
    made.sent.length = 0;
    return made;
  };

  test('takes any bytes without a fault', () => {
    const frames = fc.oneof(fc.uint8Array({ maxLength: 400 }), mutated(samples), jsonBytes());
    fc.assert(
      fc.property(frames, fc.constantFrom(...ways), fc.boolean(), (bytes, way, binary) => {
        const data = Buffer.from(bytes);
        const proven = codec.prover().proves(way, data, binary);
        const opened = codec.open(way, data, binary);
        expect(typeof proven).toBe('boolean');
        expect(typeof opened === 'string' ? opened : opened.seal().length).toBeTruthy();
      }),
      { numRuns: 2000 },
    );
  });

  test('seals what it has read, the same again', () => {
    for (const { way, text } of samples) {
      const first = codec.open(way, Buffer.from(text), false);
      if (typeof first === 'string') continue;
      const again = codec.open(way, first.seal(), false);
      expect(typeof again === 'string' ? again : again.seal().toString()).toBe(first.seal().toString());
      expect(JSON.parse(first.seal().toString())).toEqual(JSON.parse(text));
    }
  });

  test('has a sample of every message of its table', () => {
    for (const way of ways) {
      const seen = new Set(samples.filter((sample) => sample.way === way).map((sample) => typeOf(codec, sample)));
      expect(codec.messages[way].filter((type) => !seen.has(type))).toEqual([]);
    }
  });

  test('knows every message of its plain playbooks', () => {
    const plain = samplesOf(name, (title) => title === 'call' || title === 'messages');
    expect(plain.filter((sample) => typeOf(codec, sample) === 'unknown')).toEqual([]);
  });

  test('sends a proven audio frame as the buffer that came', () => {
    for (const { way, text } of samples) {
      const made = rig();
      const data = Buffer.from(text);
      const before = Buffer.from(data);
      if (!made.proves(way, data)) continue;
      made.relay.onMessage(way, data, false, 1);
      expect(made.sent).toEqual([{ way, data, binary: false }]);
      expect(made.sent[0]?.data).toBe(data);
      expect(data.equals(before)).toBe(true);
    }
  });

  test('lets no planted name out, wherever in a message it stands', () => {
    const plants = samples.flatMap((sample) => planted(sample, canary));
    expect(plants.length).toBeGreaterThan(samples.length);
    expect(plants.filter((plant) => leaks(rig(), plant))).toEqual([]);
  });

  test('lets no planted number out, wherever words are expected or nothing is', () => {
    const plants = samples.flatMap((sample) => planted(sample, canaryNumber));
    expect(plants.filter((plant) => leaks(rig(), plant))).toEqual([]);
  });

  test('lets no planted key out', () => {
    const keys = { [canary]: canary, extra: { [`x ${canary}`]: [canary, { y: canary }] } };
    const plants = samples.map(({ way, text }) => ({ way, text: JSON.stringify({ ...parse(text), ...keys }) }));
    expect(plants.filter((plant) => leaks(rig(), plant))).toEqual([]);
  });

  test('scans an unknown message to the caller whole and refuses one to the vendor', () => {
    const text = JSON.stringify({
      type: canary,
      event: canary,
      [canary]: [canary, canaryNumber],
      deep: { er: canary },
    });
    expect(ways.filter((way) => leaks(rig(), { way, text }))).toEqual([]);
    for (const made of [rig(), rig(mask, scope, true)]) {
      made.relay.onMessage(Way.toVendor, Buffer.from(text), false, 1);
      expect(made.sent).toEqual([]);
    }
    const outcomes = [rig(), rig(mask, scope, true)].map((made) => sends(made, { way: Way.toCaller, text }));
    expect(outcomes).toEqual([true, false]);
  });

  test('stops a configuration with the address of a stranger in a field that no table names', () => {
    for (const { way, text } of samples) {
      const message = codec.open(way, Buffer.from(text), false);
      if (typeof message === 'string' || message.kind !== Kind.Config || way === Way.toCaller) continue;
      if (message.early || message.start !== undefined) continue;
      if (message.names.some((named) => judgeNested(scope, named).verdict !== 'allow')) continue;
      const withAddress = (url: string): readonly Sample[] =>
        [[{ callback_url: url }], [url]].map((stray) => ({ way, text: withStray(text, message.type, stray) }));
      const known = { ...scope, hosts: new Set([...scope.hosts, 'approved.example']) };
      const outcomes = ['https://stranger.example/x', 'https://approved.example/x'].flatMap((url) =>
        withAddress(url).map((sample) => sends(rig(mask, known), sample)),
      );
      expect([text, ...outcomes]).toEqual([text, false, false, true, true]);
    }
  });

  test('passes a message whose names are all approved, and none with one name that is not', () => {
    for (const { way, text } of samples) {
      const message = codec.open(way, Buffer.from(text), false);
      const names = typeof message === 'string' ? [] : message.names;
      if (names.length === 0 || names.some((named) => judgeNested(scope, named).verdict !== 'allow')) continue;
      const outcomes = names.map((named) => sends(rig(mask, without(scope, named)), { way, text }));
      expect([text, sends(rig(), { way, text }), ...outcomes]).toEqual([text, true, ...outcomes.map(() => false)]);
    }
  });

  /** In a union of messages every key is one: then it stands inside. */
  function withStray(text: string, type: string, unheard_of: Json): string {
    const root = JSON.stringify({ ...parse(text), unheard_of });
    const opened = codec.open(Way.toVendor, Buffer.from(root), false);
    if (typeof opened !== 'string' && opened.type === type) return root;
    const inner = Object.entries({ ...parse(text) }).map(([key, value]) => [
      key,
      isObject(value) ? { ...value, unheard_of } : value,
    ]);
    return JSON.stringify(Object.fromEntries(inner));
  }

  sheetSuite(name, codec, opening);

  test('names somebody with each parameter that an app has to give', () => {
    const needs = codec.entrance?.needs ?? [];
    expect(unnamedInQuery(codec, new URLSearchParams()).map(({ at }) => at)).toEqual(needs.map((each) => `?${each}`));
    expect(unnamedInQuery(codec, new URLSearchParams(Object.fromEntries(needs.map((each) => [each, 'x']))))).toEqual(
      [],
    );
  });

  test('never gets past a handoff', () => {
    for (const { way, text } of samples) {
      const made = rig();
      made.relay.onFault('INTERNAL', 1);
      made.relay.onMessage(way, Buffer.from(text), false, 2);
      made.relay.onTick(3);
      expect(made.sent).toEqual([]);
      expect(made.relay.state).toBe(RelayState.handoff);
    }
  });
}

/** Whether a frame goes on to where it was going. */
function sends(rig: Rig, { way, text }: Sample): boolean {
  rig.relay.onMessage(way, Buffer.from(text), false, 1);
  return rig.sent.some((each) => each.way === way);
}

/** The same scope, but for this name. */
function without(scope: NestedScope, { form, value }: NestedName): NestedScope {
  const left = (values: ReadonlySet<string>, gone: string): ReadonlySet<string> =>
    new Set([...values].filter((each) => each !== gone));
  const host = form === 'url' ? new URL(value).hostname : '';
  return {
    ...scope,
    hosts: left(scope.hosts, host),
    names: form === 'model' || form === 'configuration' ? scope.names : left(scope.names, foldName(value)),
    models: form === 'model' ? [] : scope.models,
    covers: form === 'model' ? new Map() : scope.covers,
    configurations: left(scope.configurations, value),
  };
}

/** Whether a plant comes out of a call: to either leg, or in clear into the log. */
function leaks(rig: Rig, { way, text }: Sample): boolean {
  rig.relay.onMessage(way, Buffer.from(text), false, 1);
  rig.relay.onTick(5000);
  const events = rig.events.map(({ kind, facts, counts, reason }) => JSON.stringify({ kind, facts, counts, reason }));
  const out = [...rig.sent.map(({ data }) => data.toString()), ...events].join(' ').toLowerCase();
  return out.includes(canary.toLowerCase()) || out.includes(String(canaryNumber));
}

function opens(codec: ProtocolCodec, { way, text }: Sample): boolean {
  const message = codec.open(way, Buffer.from(text), false);
  return typeof message !== 'string' && (message.early || message.start !== undefined);
}

function typeOf(codec: ProtocolCodec, { way, text }: Sample): string {
  const message = codec.open(way, Buffer.from(text), false);
  return typeof message === 'string' ? '' : message.type;
}
