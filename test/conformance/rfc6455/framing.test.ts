import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { frame, maskingKey, Opcode } from '../support/frames.ts';
import type { Peer } from '../support/peer.ts';
import { ends, hangUp, mark, media, otherEnd, secret, Theatre, type End } from '../support/theatre.ts';

let theatre: Theatre;
beforeAll(async () => {
  theatre = await Theatre.open();
});
afterAll(() => theatre.close());

/** The bytes of a frame or more, of which the last must not be taken. Each names the planted caller somewhere. */
type Bad = (peer: Peer, words: string, end: End) => void;

const long = 'zephyrine quillfeather '.repeat(6);
const half = (words: string, side: 0 | 1): string => {
  const middle = Math.floor(words.length / 2);
  return side === 0 ? words.slice(0, middle) : words.slice(middle);
};

type Violation = readonly [section: string, what: string, act: Bad];

const violations: readonly Violation[] = [
  ...[1, 2, 3, 4, 5, 6, 7].map((rsv): Violation => [
    '5.2',
    `reserved bits ${rsv.toString(2).padStart(3, '0')}`,
    (peer, words) => peer.send(words, { rsv }),
  ]),
  ['5.2', 'reserved bits on a control frame', (peer) => peer.send(long.slice(0, 99), { opcode: Opcode.ping, rsv: 2 })],
  ...[3, 4, 5, 6, 7, 0xb, 0xc, 0xd, 0xe, 0xf].map((opcode): Violation => [
    '5.2',
    `reserved opcode ${opcode.toString(16)}`,
    (peer, words) => peer.send(words.slice(0, 100), { opcode }),
  ]),
  [
    '5.1',
    'a mask where there must be none, none where there must be one',
    (peer, words, end) => peer.send(words, { mask: end === 'caller' ? undefined : maskingKey }),
  ],
  ['5.4', 'a continuation of nothing', (peer, words) => peer.send(words, { opcode: Opcode.continuation })],
  [
    '5.4',
    'a continuation of nothing that goes on',
    (peer, words) => peer.send(words, { opcode: Opcode.continuation, fin: false }),
  ],
  [
    '5.4',
    'a text inside a text',
    (peer, words) => {
      peer.send(half(words, 0), { fin: false });
      peer.send(half(words, 1));
    },
  ],
  [
    '5.4',
    'a binary inside a text',
    (peer, words) => {
      peer.send(half(words, 0), { fin: false });
      peer.send(half(words, 1), { opcode: Opcode.binary });
    },
  ],
  [
    '5.4',
    'a continuation after the end',
    (peer, words) => {
      peer.send('[', { fin: false });
      peer.send('', { opcode: Opcode.continuation });
      peer.send(words, { opcode: Opcode.continuation });
    },
  ],
  ...([Opcode.ping, Opcode.pong, Opcode.close] as const).flatMap((opcode): Violation[] => {
    const name = opcode === Opcode.ping ? 'ping' : opcode === Opcode.pong ? 'pong' : 'close';
    return [
      ['5.5', `a ${name} in fragments`, (peer) => peer.send(long.slice(0, 90), { opcode, fin: false })],
      ['5.5', `a ${name} of 126 bytes`, (peer) => peer.send(long.slice(0, 126), { opcode })],
      ['5.5', `a short ${name} with a long length`, (peer) => peer.send('zephyrine', { opcode, form: 16 })],
    ];
  }),
  [
    '5.5',
    'a ping in fragments inside a text in fragments',
    (peer, words) => {
      peer.send(half(words, 0), { fin: false });
      peer.send('zephyrine', { opcode: Opcode.ping, fin: false });
    },
  ],
];

describe.each(ends)('[C14] a frame that RFC 6455 forbids, from the %s', (end) => {
  it.each(violations)('%s %s: 1002, and the other end gets nothing of it', async (_section, _what, act) => {
    const { told, other, through } = await theatre.misbehave(end, (peer, call) => act(peer, secret(end, call), end));
    expect(told).toMatchObject({ code: 1002 });
    expect(other).toMatchObject({ reason: 'FRAME_MALFORMED' });
    expect(through).toEqual([]);
  });
});

const bytesOf = (peer: Peer, message: string, zeros = false): Buffer =>
  frame(message, { mask: zeros && peer.mask !== undefined ? Buffer.alloc(4) : peer.mask });

/** Frames of audio are not taken apart where they are proven to be nothing else: what RFC 6455 forbids holds for them too. */
describe.each(ends)('[C14] a frame of audio that RFC 6455 forbids, from the %s', (end) => {
  const violated: readonly (readonly [section: string, what: string, act: (peer: Peer, audio: string) => void])[] = [
    ...[1, 2, 4].map(
      (rsv) => ['5.2', `reserved bit ${rsv}`, (peer: Peer, audio: string) => peer.send(audio, { rsv })] as const,
    ),
    [
      '5.1',
      'the wrong mask',
      (peer, audio) => peer.send(audio, { mask: peer.mask === undefined ? maskingKey : undefined }),
    ],
    [
      '5.4',
      'inside a text in fragments',
      (peer, audio) => {
        peer.send('[', { fin: false });
        peer.send(audio);
      },
    ],
    ['5.4', 'as a continuation of nothing', (peer, audio) => peer.send(audio, { opcode: Opcode.continuation })],
    ['5.2', 'of a reserved opcode', (peer, audio) => peer.send(audio, { opcode: 3 })],
    [
      '5.5',
      'behind a ping that is too long',
      (peer, audio) => {
        peer.send(long.slice(0, 126), { opcode: Opcode.ping });
        peer.send(audio);
      },
    ],
  ];

  it.each(violated)('%s %s: 1002, and it does not pass', async (_section, _what, act) => {
    const { told, other, through } = await theatre.misbehave(end, (peer, call) => act(peer, media(end, call)));
    expect(told).toMatchObject({ code: 1002 });
    expect(other).toMatchObject({ reason: 'FRAME_MALFORMED' });
    expect(through).toEqual([]);
  });

  it('5.5.1 behind a close it does not pass', async () => {
    const { through } = await theatre.misbehave(end, (peer, call) => {
      peer.send(Buffer.from([3, 0xe8]), { opcode: Opcode.close });
      peer.send(media(end, call));
    });
    expect(through).toEqual([]);
  });

  it('8.1 with a byte that is no UTF-8 in its payload it does not pass as audio', async () => {
    const { told, through } = await theatre.misbehave(end, (peer, call) => {
      const audio = Buffer.from(media(end, call));
      audio[audio.length - 6] = 0xff;
      peer.send(audio);
    });
    expect([told.code, through]).toEqual([1007, []]);
  });

  it('5.4 in fragments, and one byte at a time, it arrives whole', async () => {
    const fragments = await theatre.pass(end, (peer, call) => {
      const audio = media(end, call);
      peer.send(half(audio, 0), { fin: false });
      peer.send('between', { opcode: Opcode.ping });
      peer.send(half(audio, 1), { opcode: Opcode.continuation });
    });
    const bytes = await theatre.pass(end, (peer, call) => {
      for (const byte of bytesOf(peer, media(end, call))) peer.raw(Buffer.from([byte]));
    });
    for (const through of [fragments, bytes])
      expect(through.map((text) => JSON.parse(text) as object)).toMatchObject([{ event: 'media' }]);
  });

  it('many in one piece of TCP, with messages between them, arrive in order', async () => {
    const through = await theatre.pass(
      end,
      (peer, call) => {
        const one = bytesOf(peer, media(end, call));
        peer.raw(Buffer.concat([one, one, bytesOf(peer, mark(end, call)), one, bytesOf(peer, mark(end, call)), one]));
      },
      6,
    );
    expect(through.map((text) => (JSON.parse(text) as { event: string }).event).join(' ')).toBe(
      'media media mark media mark media',
    );
  });
});

/** The same message in another form. It arrives whole, in one frame of the shortest form. */
const forms: readonly (readonly [section: string, what: string, act: (peer: Peer, message: string) => void])[] = [
  ['5.2', 'a length in 16 bits', (peer, message) => peer.send(message.padEnd(200), {})],
  [
    '5.4',
    'two fragments',
    (peer, message) => {
      peer.send(half(message, 0), { fin: false });
      peer.send(half(message, 1), { opcode: Opcode.continuation });
    },
  ],
  [
    '5.4',
    'a fragment for each of the first forty bytes',
    (peer, message) => {
      for (let at = 0; at < 40; at += 1)
        peer.send(message.slice(at, at + 1), { fin: false, opcode: at === 0 ? Opcode.text : Opcode.continuation });
      peer.send(message.slice(40), { opcode: Opcode.continuation });
    },
  ],
  [
    '5.4',
    'an empty first, middle and last fragment',
    (peer, message) => {
      peer.send('', { fin: false });
      peer.send(message, { opcode: Opcode.continuation, fin: false });
      peer.send('', { opcode: Opcode.continuation, fin: false });
      peer.send('', { opcode: Opcode.continuation });
    },
  ],
  [
    '5.4',
    'fragments with a ping and a pong between them',
    (peer, message) => {
      peer.send(half(message, 0), { fin: false });
      peer.send('between', { opcode: Opcode.ping });
      peer.send('unasked', { opcode: Opcode.pong });
      peer.send(half(message, 1), { opcode: Opcode.continuation });
    },
  ],
  [
    '5.2',
    'one byte at a time',
    (peer, message) => {
      const bytes = Buffer.concat([frame('', { opcode: Opcode.pong, mask: peer.mask }), bytesOf(peer, message)]);
      for (const byte of bytes) peer.raw(Buffer.from([byte]));
    },
  ],
  ['5.3', 'with a mask of zeros, where there is a mask', (peer, message) => peer.raw(bytesOf(peer, message, true))],
  [
    '5.5.3',
    'after a pong that nobody asked for',
    (peer, message) => {
      peer.send('hello', { opcode: Opcode.pong });
      peer.send(message);
    },
  ],
];

describe.each(ends)('a form that RFC 6455 allows, from the %s', (end) => {
  it.each(forms)('%s %s: the message arrives', async (_section, _what, act) => {
    const through = await theatre.pass(end, (peer, call) => act(peer, mark(end, call)));
    expect(through.map((text) => JSON.parse(text) as object)).toMatchObject([{ event: 'mark', mark: { name: 'm1' } }]);
  });

  it('5.2 lengths that are longer than they need to be: taken or refused, and never another message', async () => {
    for (const form of [16, 64] as const) {
      const call = await theatre.call();
      call[end].send(mark(end, call, 'short'), { form });
      call[end].send(mark(end, call, 'after'));
      const other = call[otherEnd(end)];
      await expect.poll(() => other.texts.filter((text) => text.includes('"mark"')).length).toBe(2);
      await hangUp(call);
    }
  });

  it('5.1 every frame that is sent is masked toward the vendor and unmasked toward the caller', async () => {
    const call = await theatre.call();
    call.caller.send(mark('caller', call));
    call.vendor.send(mark('vendor', call));
    await expect.poll(() => call.vendor.frames.length + call.caller.frames.length).toBeGreaterThanOrEqual(4);
    expect(call.vendor.frames.every(({ masked }) => masked)).toBe(true);
    expect(call.caller.frames.some(({ masked }) => masked)).toBe(false);
    for (const { rsv, fin } of [...call.vendor.frames, ...call.caller.frames]) expect([rsv, fin]).toEqual([0, true]);
    await hangUp(call);
  });
});

describe.each(ends)('5.5.2 a ping of the %s', (end) => {
  it.each([0, 1, 125])('of %i bytes is answered with the same bytes, and stays on its leg', async (length) => {
    const call = await theatre.call();
    const before = call[otherEnd(end)].frames.length;
    call[end].send(Buffer.alloc(length, 0x70), { opcode: Opcode.ping });
    const pongs = (): string[] =>
      call[end].frames.filter(({ opcode }) => opcode === Opcode.pong).map(({ payload }) => payload.toString());
    await expect.poll(pongs).toEqual(['p'.repeat(length)]);
    expect(call[otherEnd(end)].frames).toHaveLength(before);
    await hangUp(call);
  });

  it('in the middle of a message is answered before the message ends', async () => {
    const call = await theatre.call();
    call[end].send(mark(end, call).slice(0, 20), { fin: false });
    call[end].send('now', { opcode: Opcode.ping });
    await expect.poll(() => call[end].frames.map(({ opcode }) => opcode)).toContain(Opcode.pong);
    await hangUp(call);
  });
});
