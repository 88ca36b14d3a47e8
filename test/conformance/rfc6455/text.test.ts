import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Opcode } from '../support/frames.ts';
import type { Peer } from '../support/peer.ts';
import { ends, mark, secret, Theatre } from '../support/theatre.ts';

let theatre: Theatre;
beforeAll(async () => {
  theatre = await Theatre.open();
});
afterAll(() => theatre.close());

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

/** RFC 3629: every way in which bytes are no UTF-8. */
const invalid: readonly (readonly [what: string, hex: string])[] = [
  ['a continuation byte alone, the first', '80'],
  ['a continuation byte alone, the last', 'bf'],
  ['two continuation bytes', '80 bf'],
  ['two bytes of which the second is missing', 'c3 20'],
  ['three bytes of which the last is missing', 'e2 82 20'],
  ['four bytes of which the last is missing', 'f0 9f 98 20'],
  ['the second of three missing', 'e2 20 ac'],
  ['an overlong slash of two bytes', 'c0 af'],
  ['an overlong slash of three bytes', 'e0 80 af'],
  ['an overlong slash of four bytes', 'f0 80 80 af'],
  ['an overlong NUL', 'c0 80'],
  ['the largest overlong of two bytes', 'c1 bf'],
  ['the largest overlong of three bytes', 'e0 9f bf'],
  ['the largest overlong of four bytes', 'f0 8f bf bf'],
  ['the first high surrogate', 'ed a0 80'],
  ['the last low surrogate', 'ed bf bf'],
  ['a surrogate pair', 'ed a0 80 ed b0 80'],
  ['the first code point beyond the last', 'f4 90 80 80'],
  ['a lead byte f5', 'f5 80 80 80'],
  ['a sequence of five bytes', 'f8 88 80 80 80'],
  ['a sequence of six bytes', 'fc 84 80 80 80 80'],
  ['the byte fe', 'fe'],
  ['the byte ff', 'ff'],
];

/** The message with the bytes in the place of its name. */
function around(message: string, inside: Buffer): Buffer {
  const [before = '', after = ''] = message.split('PLACE');
  return Buffer.concat([Buffer.from(before), inside, Buffer.from(after)]);
}

describe.each(ends)('[C4] 8.1 text that is no UTF-8, from the %s', (end) => {
  const act = (how: (peer: Peer, text: Buffer, at: number) => void, hex: string) =>
    theatre.misbehave(end, (peer, call) => {
      const message = mark(end, call, 'PLACE zephyrine quillfeather');
      how(peer, around(message, bytes(hex)), message.indexOf('PLACE') + 1);
    });

  it.each(invalid)('%s: 1007, and nothing of it arrives', async (_what, hex) => {
    const { told, other, through } = await act((peer, text) => peer.send(text), hex);
    expect(told).toMatchObject({ code: 1007 });
    expect(other).toMatchObject({ reason: 'FRAME_MALFORMED' });
    expect(through).toEqual([]);
  });

  it.each(invalid)('%s, cut inside into fragments: the same', async (_what, hex) => {
    const { told, other, through } = await act((peer, text, at) => {
      peer.send(text.subarray(0, at), { fin: false });
      peer.send(text.subarray(at), { opcode: Opcode.continuation });
    }, hex);
    expect(told).toMatchObject({ code: 1007 });
    expect(other).toMatchObject({ reason: 'FRAME_MALFORMED' });
    expect(through).toEqual([]);
  });

  it('a message that ends inside a code point: 1007', async () => {
    const { told, through } = await theatre.misbehave(end, (peer, call) => {
      peer.send(Buffer.concat([Buffer.from(secret(end, call)), bytes('f0 9f 98')]));
    });
    expect([told.code, through]).toEqual([1007, []]);
  });
});

const valid: readonly (readonly [what: string, text: string])[] = [
  ['one byte, the last', '\u007f'],
  ['two bytes, the first and the last', '\u0080\u07ff'],
  ['three bytes, the first and the last', '\u0800\uffff'],
  ['four bytes, the first and the last', '\u{10000}\u{10ffff}'],
  ['around the surrogates', '\ud7ff\ue000'],
  ['code points that are no characters', '\ufffe\u{1fffe}\ufdd0'],
  ['a byte order mark inside', 'a\ufeffb'],
];

describe('8.1 text that is UTF-8, from the vendor', () => {
  it.each(valid)('%s: arrives as it was, whole and cut inside every code point', async (_what, text) => {
    const whole = await theatre.pass('vendor', (peer, call) => peer.send(mark('vendor', call, text)));
    expect(whole.map((one) => (JSON.parse(one) as { mark: object }).mark)).toEqual([{ name: text }]);
    const cut = await theatre.pass('vendor', (peer, call) => {
      const all = Buffer.from(mark('vendor', call, text));
      const from = all.indexOf(Buffer.from(text));
      peer.send(all.subarray(0, from), { fin: false });
      for (let at = from; at < from + Buffer.byteLength(text); at += 1)
        peer.send(all.subarray(at, at + 1), { opcode: Opcode.continuation, fin: false });
      peer.send(all.subarray(from + Buffer.byteLength(text)), { opcode: Opcode.continuation });
    });
    expect(cut.map((one) => (JSON.parse(one) as { mark: object }).mark)).toEqual([{ name: text }]);
  });
});
