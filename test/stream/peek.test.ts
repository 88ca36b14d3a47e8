import { describe, expect, test } from 'vitest';
import { ShapeProver } from '../../src/stream/peek.ts';
import { Way } from '../../src/stream/protocol.ts';
import { audioShape, sid } from './audio-shape.ts';

function prover(): ShapeProver {
  const made = new ShapeProver(
    { [Way.toVendor]: [audioShape], [Way.toCaller]: [] },
    { [Way.toVendor]: false, [Way.toCaller]: true },
  );
  made.bind(sid);
  return made;
}

function proves(text: string): boolean {
  return prover().proves(Way.toVendor, Buffer.from(text), false);
}

const frame = { event: 'media', streamSid: sid, media: { payload: 'AAAA' } };
const withMedia = (media: object): string => JSON.stringify({ ...frame, media });
const raw = (payload: string): string => `{"event":"media","streamSid":"${sid}","media":{"payload":"${payload}"}}`;

describe('a frame is audio', () => {
  const proven: Readonly<Record<string, string>> = {
    'with the required keys only': JSON.stringify(frame),
    'with all keys': JSON.stringify({ ...frame, sequenceNumber: '7', item: 'item_A-1', index: 3.25, done: true }),
    'in another order': `{"media":{"payload":"AAAA","track":"outbound"},"streamSid":"${sid}","event":"media"}`,
    'with white space': `\n{ "event" :\t"media" , "streamSid": "${sid}",\r\n"media": {"payload": "AA=="} } `,
    'with one character of padding': raw('AAA='),
    'with every character of base64': raw('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'),
  };
  test.each(Object.entries(proven))('%s', (_, text) => {
    expect(JSON.parse(text)).toMatchObject({ event: 'media' });
    expect(proves(text)).toBe(true);
  });

  const unproven: Readonly<Record<string, string>> = {
    'an unknown key': JSON.stringify({ ...frame, note: 'x' }),
    'an unknown key inside': withMedia({ payload: 'AAAA', note: 'x' }),
    'a key twice': `{"event":"media","event":"media","streamSid":"${sid}","media":{"payload":"AAAA"}}`,
    'a key that begins as a known one': JSON.stringify({ ...frame, mediaX: 1 }),
    'an escaped key': `{"\\u0065vent":"media","streamSid":"${sid}","media":{"payload":"AAAA"}}`,
    'another event': JSON.stringify({ ...frame, event: 'mark' }),
    'an event that begins as media': JSON.stringify({ ...frame, event: 'mediaX' }),
    'another stream': JSON.stringify({ ...frame, streamSid: `${sid.slice(0, -1)}2` }),
    'a stream id that goes on': JSON.stringify({ ...frame, streamSid: `${sid}0` }),
    'no stream': JSON.stringify({ event: 'media', media: { payload: 'AAAA' } }),
    'no payload': withMedia({ track: 'inbound' }),
    'an empty payload': raw(''),
    'a payload of another length': raw('AAA'),
    'three characters of padding': raw('A==='),
    'padding inside': raw('AA==AAAA'),
    'a payload with words': raw('Dana Petrov!'),
    'an escape in the payload': raw('AA\\/A'),
    'a payload in the alphabet of URLs': raw('AA-_'),
    'a track of no list': withMedia({ track: 'Dana', payload: 'AAAA' }),
    'a number with as many digits as a telephone': withMedia({ chunk: '5125550143', payload: 'AAAA' }),
    'a JSON number with as many digits': JSON.stringify({ ...frame, index: 5_125_550_143 }),
    'a point without digits': `{"event":"media","streamSid":"${sid}","index":3.,"media":{"payload":"AAAA"}}`,
    'a word in place of a flag': JSON.stringify({ ...frame, done: 'Dana' }),
    'letters in a number': withMedia({ chunk: '1a', payload: 'AAAA' }),
    'an id without a letter': JSON.stringify({ ...frame, item: '5125550143' }),
    'an id with a space': JSON.stringify({ ...frame, item: 'Dana Petrov' }),
    'an id that is too long': JSON.stringify({ ...frame, item: 'a'.repeat(129) }),
    'an object in place of a string': JSON.stringify({ ...frame, event: {} }),
    'a string in place of an object': JSON.stringify({ ...frame, media: 'AAAA' }),
    'an empty object': '{}',
    'a comma at the end': `{"event":"media","streamSid":"${sid}","media":{"payload":"AAAA"},}`,
    'bytes after the end': `${JSON.stringify(frame)}{}`,
    'a byte order mark': `\uFEFF${JSON.stringify(frame)}`,
    'no bytes': '',
  };
  test.each(Object.entries(unproven))('but not with %s', (_, text) => {
    expect(proves(text)).toBe(false);
  });

  test('but not when any byte at its end is missing', () => {
    const whole = JSON.stringify(frame);
    const cut = Array.from({ length: whole.length }, (_, length) => whole.slice(0, length));
    expect(cut.filter(proves)).toEqual([]);
  });

  test('but not before the stream is known', () => {
    const unbound = new ShapeProver(
      { [Way.toVendor]: [audioShape], [Way.toCaller]: [] },
      { [Way.toVendor]: false, [Way.toCaller]: false },
    );
    expect(unbound.proves(Way.toVendor, Buffer.from(JSON.stringify(frame)), false)).toBe(false);
  });
});

test('a binary frame is audio where the protocol says so, unless it is empty', () => {
  const made = prover();
  expect(made.proves(Way.toVendor, Buffer.from([1]), true)).toBe(false);
  expect(made.proves(Way.toCaller, Buffer.from([1]), true)).toBe(true);
  expect(made.proves(Way.toCaller, Buffer.alloc(0), true)).toBe(false);
});

test('the running number of the last frame is kept, and forgotten where there is none', () => {
  const made = prover();
  made.proves(Way.toVendor, Buffer.from(JSON.stringify({ ...frame, sequenceNumber: '412' })), false);
  expect(made.sequence).toBe(412);
  made.proves(Way.toVendor, Buffer.from(JSON.stringify(frame)), false);
  expect(made.sequence).toBe(-1);
});
