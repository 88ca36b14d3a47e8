import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canary } from '../../src/server/demo/booking.ts';
import { mediaFrame } from '../../src/server/demo/streams.ts';
import type { RawCall } from '../conformance/support/caller.ts';
import { Opcode } from '../conformance/support/frames.ts';
import { hangUp, mark, otherEnd, Theatre, type End } from '../conformance/support/theatre.ts';
import { keepTalking } from './live.ts';
import { observe } from './observe.ts';

let theatre: Theatre;
beforeAll(async () => {
  theatre = await Theatre.open();
});
afterAll(() => theatre.close());

/** Sends a frame in a live call three times; resolves to what came out at the other end, and how the call ended. */
async function thrice(end: End, make: (call: RawCall) => string | Buffer, opcode: number = Opcode.text) {
  const call = await theatre.call();
  const other = call[otherEnd(end)];
  const before = other.texts.length;
  for (let round = 0; round < 3; round += 1) call[end].send(make(call), { opcode });
  const started = performance.now();
  const { reason } = await call.caller.closed;
  return { reason, humanMs: performance.now() - started, through: other.texts.slice(before).join('') };
}

/** The same with a frame that is let through in some form; the call goes on. */
async function once(end: End, make: (call: RawCall) => string) {
  const call = await theatre.call();
  const other = call[otherEnd(end)];
  const before = other.texts.length;
  call[end].send(make(call));
  call[end].send(mark(end, call, 'after'));
  await expect.poll(() => other.texts.at(-1)).toContain('after');
  const through = other.texts.slice(before, -1).join('');
  await hangUp(call);
  return through;
}

const keyed = (keys: number, values: number): string =>
  `{${Array.from({ length: keys }, (_, at) => `"k${at}":0`).join()},"l":${wide(values)}}`;
const keys = (count: number): string =>
  Array.from({ length: count }, (_, at) => `"${at.toString(36).padStart(5, '0')}":0`).join();
const wide = (count: number): string => `[${'0,'.repeat(count)}0]`;

describe('a frame of the caller that is stopped, and the third time ends the call toward a human', () => {
  it.for<[string, (call: RawCall) => string]>([
    ['[C5] nothing', () => ''],
    ['[C5] NUL', () => '\u0000'],
    ['[C5] a byte order mark before it', (call) => `\ufeff${mark('caller', call)}`],
    ['[C5] half of it', (call) => mark('caller', call).slice(0, 50)],
    ['[C5] two of it', (call) => mark('caller', call).repeat(2)],
    ['[C5] a number', () => '17'],
    ['[C5] a list', (call) => `[${mark('caller', call)}]`],
    ['[C5] an unfinished escape', (call) => mark('caller', call, 'x').replace('"x"', '"\\u12"')],
    ['[C7] 20,000 values', (call) => mark('caller', call).replace('"m1"', wide(20_000))],
    [
      '[C7] keys and values, more than 10,000 together',
      (call) => mark('caller', call).replace('"m1"', keyed(3_000, 7_500)),
    ],
    ['[A14] of no known type', () => JSON.stringify({ event: 'inject', say: canary.name })],
    ['[A14] without a type', () => JSON.stringify({ say: canary.name })],
    ['[C12] with a type that is an object', () => JSON.stringify({ event: { a: canary.name } })],
  ])('%s', async ([, make], context) => {
    const { reason, humanMs, through } = await thrice('caller', make);
    expect([reason, through]).toEqual(['TOO_MANY_BLOCKED', '']);
    observe(context, { seen: reason, humanMs });
  });

  it('[C8] in binary, where text belongs', async (context) => {
    const { reason, humanMs, through } = await thrice(
      'caller',
      (call) => Buffer.from(mark('caller', call)),
      Opcode.binary,
    );
    expect([reason, through]).toEqual(['TOO_MANY_BLOCKED', '']);
    observe(context, { seen: reason, humanMs });
  });

  it('[C8] in binary, of the vendor', async (context) => {
    const { reason, humanMs, through } = await thrice('vendor', () => Buffer.alloc(160, 0xff), Opcode.binary);
    expect([reason, through]).toEqual(['TOO_MANY_BLOCKED', '']);
    observe(context, { seen: reason, humanMs });
  });

  it('[C6] of the vendor, 200,000 deep', async (context) => {
    const deep = `{"event":"mark","a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    const { reason, humanMs, through } = await thrice('vendor', () => deep);
    expect([reason, through]).toEqual(['TOO_MANY_BLOCKED', '']);
    observe(context, { seen: reason, humanMs });
  });
});

/** Of the vendor, whose messages may be as large as a megabyte; somebody else talks meanwhile. */
describe('[C7] a message of the vendor with no end of values', () => {
  const within = (make: (room: number) => string): string => make(1024 * 1024 - 200);
  it.for<[string, string]>([
    ['half a million values', within((room) => `{"event":"mark","a":[${'0,'.repeat(room / 2)}0]}`)],
    ['a hundred thousand keys', within((room) => `{"event":"mark",${keys(Math.floor(room / 11))}}`)],
    ['values in lists in lists', within((room) => `{"event":"mark","a":[${'[0],'.repeat(room / 4)}0]}`)],
  ])('%s: stopped, and another call goes on', async ([, message], context) => {
    const beside = await theatre.call();
    keepTalking(beside);
    const { reason, humanMs, through } = await thrice('vendor', () => message);
    expect([reason, through]).toEqual(['TOO_MANY_BLOCKED', '']);
    const before = beside.vendor.texts.length;
    await expect.poll(() => beside.vendor.texts.length, { timeout: 15_000 }).toBeGreaterThan(before + 20);
    await hangUp(beside);
    observe(context, { seen: reason, humanMs });
  });

  it('a string of a megabyte that holds the name is not sent on', async (context) => {
    const words = `${'so it was on a tuesday '.repeat(40_000)}${canary.name}`;
    const call = await theatre.call();
    const before = call.caller.texts.length;
    call.vendor.send(mark('vendor', call, words));
    call.vendor.send(mark('vendor', call, 'after'));
    await expect.poll(() => call.caller.texts.at(-1), { timeout: 30_000 }).toContain('after');
    expect(call.caller.texts.slice(before).join('').toLowerCase()).not.toContain('zephyrine');
    await hangUp(call);
    observe(context, { seen: 'the name does not arrive' });
  });
});

describe('what an inspector and a receiver could read differently', () => {
  const doubled = (call: RawCall): string =>
    mark('caller', call, 'ok').replace('"name":"ok"', `"name":"${canary.name}","name":"ok"`);

  it('[C5] a key twice: what is sent was read', async (context) => {
    const through = await once('caller', doubled);
    expect(through).not.toContain(canary.name);
    observe(context, { seen: 'serialised again from what was read' });
  });

  it('[C5] a number that no receiver can hold goes on as none', async (context) => {
    const through = await once('caller', (call) => mark('caller', call, 'ok').replace('"2"', '1e999'));
    expect(JSON.parse(through)).toMatchObject({ sequenceNumber: null, mark: { name: 'ok' } });
    observe(context, { seen: 'serialised again from what was read' });
  });

  it('[C5] __proto__ and constructor are keys like others', async (context) => {
    const through = await once('caller', (call) =>
      mark('caller', call, 'ok').replace(
        '"mark":{',
        `"__proto__":{"name":"${canary.name}"},"constructor":{"prototype":{"say":"${canary.name}"}},"mark":{`,
      ),
    );
    expect(through).not.toContain('zephyrine');
    expect(Reflect.get({}, 'say')).toBeUndefined();
    observe(context, { seen: 'scanned as any field' });
  });
});

describe('[C12] words where nobody has described any', () => {
  it.for<[string, (call: RawCall) => string]>([
    [
      'beside the audio',
      (call) => mediaFrame(call.streamSid, 1, '//8=').replace('"track"', `"remark":"${canary.name}","track"`),
    ],
    ['in a new key', (call) => mark('caller', call).replace('"mark":', `"note":"it is ${canary.name}","mark":`)],
    [
      'deep in a new key',
      (call) => mark('caller', call).replace('"mark":', `"a":{"b":[{"c":"${canary.name}"}]},"mark":`),
    ],
    ['as the name of a key', (call) => mark('caller', call).replace('"mark":', `"${canary.name}":1,"mark":`)],
    ['in a known key, as a list', (call) => mark('caller', call).replace('"m1"', `["${canary.name}"]`)],
  ])('%s', async ([, make], context) => {
    expect((await once('caller', make)).toLowerCase()).not.toMatch(/zephyrine|quillfeather/u);
    observe(context, { seen: 'not one word passed' });
  });
});

describe('[C13] audio that is none', () => {
  const media = (payload: unknown) => (call: RawCall) =>
    mediaFrame(call.streamSid, 1, 'PLACE').replace('"PLACE"', JSON.stringify(payload));

  it.for<[string, unknown]>([
    ['words in the place of base64', `${canary.name} 512-555-0143`],
    ['words without spaces', 'zephyrine.quillfeather'],
    ['a number', 5_125_550_143],
    ['an object', { say: canary.name }],
  ])('%s: not passed as audio', async ([, payload], context) => {
    const through = await once('caller', media(payload));
    expect(through.toLowerCase()).not.toMatch(/zephyrine|quillfeather|5125550143|0143/u);
    observe(context, { seen: 'not passed as it came' });
  });
});
