import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTo, streamUrl, upgrade, type UpgradeChanges } from '../support/caller.ts';
import { maskingKey } from '../support/frames.ts';
import { Peer, readHead } from '../support/peer.ts';
import { accepting, acceptOf, RawVendor } from '../support/vendor.ts';
import { Theatre } from '../support/theatre.ts';

let answer: (head: string) => string = accepting;
let theatre: Theatre;
beforeAll(async () => {
  theatre = await Theatre.open(new RawVendor({ answer: (head) => answer(head) }));
});
afterAll(() => theatre.close());

describe('4.2 the opening of a caller', () => {
  const key = 'dGhlIHNhbXBsZSBub25jZQ==';

  it('that is right is accepted with the proof of its key', async () => {
    const { url } = await streamUrl(theatre.stage.carrier, 'front-desk');
    const { status, head, socket } = await upgrade(theatre.stage.carrier, url, {
      headers: { 'Sec-WebSocket-Key': key },
    });
    expect(status).toBe(101);
    // The very example of section 1.3.
    expect(head).toMatch(/^sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=$/imu);
    expect(acceptOf(key)).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
    expect(head).toMatch(/^upgrade: websocket$/imu);
    expect(head).toMatch(/^connection: upgrade$/imu);
    expect(head).not.toMatch(/^sec-websocket-(?:extensions|protocol):/imu);
    socket.destroy();
  });

  it.each<[string, UpgradeChanges]>([
    ['Upgrade in capitals', { headers: { Upgrade: 'WebSocket' } }],
    ['Connection with more than one word', { headers: { Connection: 'keep-alive, Upgrade' } }],
    [
      '[C3] 9.1 an extension that compresses, which is not taken',
      { headers: { 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' } },
    ],
    ['a sub-protocol, of which no stream has any', { headers: { 'Sec-WebSocket-Protocol': 'audio.twilio, b' } }],
    ['9.1 an extension of its own making', { headers: { 'Sec-WebSocket-Extensions': 'x-webkit-deflate-frame, foo' } }],
  ])('with %s is accepted', async (_what, changes) => {
    const { url } = await streamUrl(theatre.stage.carrier, 'front-desk');
    const { status, head, socket } = await upgrade(theatre.stage.carrier, url, changes);
    expect(status).toBe(101);
    expect(head).not.toMatch(/^sec-websocket-(?:extensions|protocol):/imu);
    socket.destroy();
  });

  it.each<[string, number, UpgradeChanges]>([
    ['without Upgrade', 400, { headers: { Upgrade: undefined } }],
    ['with another Upgrade', 400, { headers: { Upgrade: 'h2c' } }],
    ['without Connection', 400, { headers: { Connection: undefined } }],
    ['with a Connection that does not say Upgrade', 400, { headers: { Connection: 'keep-alive' } }],
    ['without a key', 400, { headers: { 'Sec-WebSocket-Key': undefined } }],
    ['with an empty key', 400, { headers: { 'Sec-WebSocket-Key': '' } }],
    ['with a key of 15 bytes', 400, { headers: { 'Sec-WebSocket-Key': Buffer.alloc(15, 1).toString('base64') } }],
    ['with a key of 17 bytes', 400, { headers: { 'Sec-WebSocket-Key': Buffer.alloc(17, 1).toString('base64') } }],
    ['with a key that is no base64', 400, { headers: { 'Sec-WebSocket-Key': '!'.repeat(24) } }],
    ['with two keys', 400, { headers: { 'Sec-WebSocket-Key': [key, key] } }],
    ['without a version', 400, { headers: { 'Sec-WebSocket-Version': undefined } }],
    ['with version 8', 426, { headers: { 'Sec-WebSocket-Version': '8' } }],
    ['with version 7', 426, { headers: { 'Sec-WebSocket-Version': '7' } }],
    ['with version 0', 426, { headers: { 'Sec-WebSocket-Version': '0' } }],
    ['with version 14', 426, { headers: { 'Sec-WebSocket-Version': '14' } }],
    ['with version 013', 426, { headers: { 'Sec-WebSocket-Version': '013' } }],
    ['with version 256', 426, { headers: { 'Sec-WebSocket-Version': '256' } }],
    ['with two versions', 426, { headers: { 'Sec-WebSocket-Version': ['13', '8'] } }],
    ['as POST', 404, { method: 'POST', headers: { 'Content-Length': '0' } }],
    ['as HEAD', 400, { method: 'HEAD' }],
    ['in HTTP/1.0', 400, { version: 'HTTP/1.0' }],
    ['in HTTP/2.0 of the wrong kind', 400, { version: 'HTTP/2.0' }],
    ['without Host', 400, { headers: { Host: undefined } }],
    ['with a sub-protocol that is no word', 400, { headers: { 'Sec-WebSocket-Protocol': 'a b' } }],
    ['with a body', 400, { headers: { 'Content-Length': '5' } }],
    ['with a body in chunks', 400, { headers: { 'Transfer-Encoding': 'chunked' } }],
  ])('%s is answered with %i, and nobody is dialled', async (_what, status, changes) => {
    const dialled = theatre.vendor.connections;
    const { url } = await streamUrl(theatre.stage.carrier, 'front-desk');
    const answered = await upgrade(theatre.stage.carrier, url, changes);
    expect(answered.status).toBe(status);
    if (status === 426) expect(answered.head).toMatch(/^sec-websocket-version: 13$/imu);
    answered.socket.destroy();
    expect(theatre.vendor.connections).toBe(dialled);
  });

  it('that is malformed does not use up the one-time token', async () => {
    const { carrier } = theatre.stage;
    const { url } = await streamUrl(carrier, 'front-desk');
    const wrong = await upgrade(carrier, url, { headers: { 'Sec-WebSocket-Version': '8' } });
    expect(wrong.status).toBe(426);
    wrong.socket.destroy();
    const right = await upgrade(carrier, url);
    expect(right.status).toBe(101);
    right.socket.destroy();
  });

  it.each([
    ['a request line that is none', 'zephyrine quillfeather\r\n\r\n'],
    ['a header without a name', 'GET / HTTP/1.1\r\nHost: localhost\r\n: zephyrine\r\n\r\n'],
    ['a NUL in a header', 'GET / HTTP/1.1\r\nHost: localhost\r\nX: a\u0000b\r\n\r\n'],
    ['a folded header', 'GET / HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n'],
    ['lengths that disagree', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
    ['a length and chunks', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['a WebSocket frame', Buffer.from('8185c0ffee5aa89a8236af', 'hex').toString('latin1') + '\r\n\r\n'],
  ])('%s is answered with 400 and the end', async (_what, text) => {
    const socket = await connectTo(theatre.stage.carrier);
    const head = readHead(socket);
    const ended = new Promise((resolve) => socket.once('close', resolve));
    socket.write(text, 'latin1');
    expect((await head).head).toMatch(/^HTTP\/1\.1 400 /u);
    await ended;
  });

  it('frames that come with the upgrade are read after it', async () => {
    const { carrier } = theatre.stage;
    const coming = theatre.vendor.next();
    const { url } = await streamUrl(carrier, 'front-desk');
    const { status, socket, rest } = await upgrade(carrier, url);
    expect(status).toBe(101);
    const caller = new Peer(socket, maskingKey, rest);
    caller.send('now', { opcode: 9 });
    await expect.poll(() => caller.frames.map(({ payload }) => payload.toString())).toEqual(['now']);
    socket.destroy();
    await (
      await coming
    ).gone;
  });
});

describe('4.1 the answer of a vendor', () => {
  const outcome = async (make: (head: string) => string): Promise<{ status: number; body: string }> => {
    answer = make;
    const { url } = await streamUrl(theatre.stage.carrier, 'front-desk');
    const { status, rest, head, socket } = await upgrade(theatre.stage.carrier, url);
    socket.destroy();
    answer = accepting;
    return { status, body: head + rest.toString() };
  };

  it.each<[string, (head: string) => string]>([
    ['without the proof', (head) => accepting(head, { 'Sec-WebSocket-Accept': undefined })],
    ['with a wrong proof', (head) => accepting(head, { 'Sec-WebSocket-Accept': acceptOf('another') })],
    ['without Upgrade', (head) => accepting(head, { Upgrade: undefined })],
    ['with another Upgrade', (head) => accepting(head, { Upgrade: 'h2c' })],
    ['without Connection', (head) => accepting(head, { Connection: undefined })],
    [
      '[C3] with an extension that nobody asked for',
      (head) => accepting(head, { 'Sec-WebSocket-Extensions': 'permessage-deflate' }),
    ],
    ['with a sub-protocol that nobody asked for', (head) => accepting(head, { 'Sec-WebSocket-Protocol': 'zephyrine' })],
    ['that is 200', () => 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
    ['that is no HTTP', () => 'quillfeather\r\n\r\n'],
  ])('%s is refused, and the caller is not accepted', async (_what, make) => {
    const { status, body } = await outcome(make);
    expect(status).toBe(502);
    expect(body).not.toMatch(/zephyrine|quillfeather/iu);
  });

  it('that is right has sent nothing that chaperone did not ask for, and asks for no extension', async () => {
    await outcome(accepting);
    const head = theatre.vendor.heads.at(-1) ?? '';
    expect(head).toMatch(/^GET \/front-desk HTTP\/1\.1\r\n/u);
    expect(head).toMatch(/^sec-websocket-version: 13$/imu);
    expect(head).not.toMatch(/^(?:sec-websocket-extensions|sec-websocket-protocol|origin|cookie|user-agent):/imu);
    expect(Buffer.from(/^sec-websocket-key: (.*)$/imu.exec(head)?.[1] ?? '', 'base64')).toHaveLength(16);
  });
});
