import { connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { clearanceOf } from '../../../src/policy/clearance.ts';
import { admitOperator, Operators } from '../../../src/server/operators.ts';
import { StrangerLog } from '../../../src/server/strangers.ts';
import { bounds } from '../../../src/server/taps/limits.ts';
import { eventually } from '../../e2e/stage.ts';
import { EventReader } from './events.ts';
import { longText, operator, TalkingCall, TapServer, token } from './rig.ts';

let server: TapServer;
beforeEach(async () => {
  server = await TapServer.open();
});
afterEach(() => server.close());

const authorization = { authorization: `Bearer ${token}` };
const read = (path: string, more = {}): Promise<EventReader> =>
  EventReader.open(server.port, path, { ...authorization, ...more });

/** A reader that asks and then never reads a byte. */
async function stalled(path: string, upgrade = ''): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port: server.port });
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.pause();
  socket.on('error', () => undefined);
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n${upgrade}\r\n`);
  return socket;
}

const upgrade = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n',
].join('\r\n');

describe('a reader that does not read', () => {
  it.each([
    ['sse', '/taps/calls', ''],
    ['websocket', '/taps/ws', upgrade],
  ] as const)(
    'is dropped (%s), on record, while others get every line',
    async (kind, path, headers) => {
      const fast = await read('/taps/calls');
      const slow = await stalled(path, headers);
      await eventually(() => (server.figures.readers.get(kind) ?? 0) === (kind === 'sse' ? 2 : 1));
      const call = new TalkingCall(server.hub, 'call-1');
      let said = 0;
      // The kernel takes some megabytes before the first byte stays here.
      while ((server.figures.slowReaders.get(kind) ?? 0) === 0 && said < 5_000) {
        call.show(() => longText);
        said += 1;
        await turn();
      }
      expect(server.figures.slowReaders.get(kind)).toBe(1);
      expect(server.figures.readers.get(kind)).toBe(kind === 'sse' ? 1 : 0);
      expect(server.audit.events.at(-1)).toMatchObject({
        kind: 'access.read',
        actor: 'user:desk',
        outcome: 'failed',
        reason: 'PEER_TOO_SLOW',
        facts: { tap: kind, phase: 'unsubscribe' },
      });
      for (let more = 0; more < 20; more += 1) call.show(() => longText);
      await eventually(() => fast.lines.length === said + 20, 20_000);
      expect(fast.lines.map(({ seq }) => seq)).toEqual(Array.from({ length: said + 20 }, (_, index) => index + 1));
      slow.destroy();
      fast.close();
    },
    60_000,
  );
});

describe('lines', () => {
  it('go out after the frame that brought them, and are made only when somebody reads', async () => {
    const call = new TalkingCall(server.hub, 'call-1');
    let asked = 0;
    const text = (): typeof longText => {
      asked += 1;
      return longText;
    };
    call.show(text);
    await turn();
    expect(asked).toBe(0);
    const [first, second] = [await read('/taps/calls'), await read('/taps/calls')];
    call.show(text);
    expect(asked).toBe(1);
    expect(server.figures.delivered.get('sse')).toBe(0);
    await eventually(() => first.lines.length === 1 && second.lines.length === 1);
    expect(asked).toBe(1);
    first.close();
    second.close();
  });

  it('are not made of what is not final when all readers want what is final', async () => {
    const reader = await read('/taps/calls?events=final');
    const call = new TalkingCall(server.hub, 'call-1');
    let asked = 0;
    call.show(() => {
      asked += 1;
      return longText;
    }, false);
    call.say('hello', 'caller');
    await eventually(() => reader.lines.length === 1);
    expect(asked).toBe(0);
    expect(reader.lines[0]).toMatchObject({ text: 'hello', seq: 2 });
    reader.close();
  });

  it('are cut where somebody talks without end', async () => {
    const reader = await read('/taps/calls');
    const call = new TalkingCall(server.hub, 'call-1');
    call.say('and so on '.repeat(3_000));
    await eventually(() => reader.lines.length === 1);
    expect(String(reader.lines[0]?.['text'])).toHaveLength(bounds.lineCharacters + 1);
    reader.close();
  });

  it('that cannot be made are counted, and the call does not notice', async () => {
    const reader = await read('/taps/calls');
    const call = new TalkingCall(server.hub, 'call-1');
    call.show(() => {
      throw new Error('zephyrine quillfeather');
    });
    call.say('hello');
    await eventually(() => reader.lines.length === 1);
    expect(server.figures.faults.get('line')).toBe(1);
    expect(server.logged.join('\n')).toContain('A line of a transcript could not be made');
    expect(server.logged.join('\n')).not.toContain('zephyrine');
    reader.close();
  });

  it('pile up to a bound and no further', async () => {
    const reader = await read('/taps/calls');
    const call = new TalkingCall(server.hub, 'call-1');
    for (let line = 0; line < bounds.waitingLines + 7; line += 1) call.say('', 'caller');
    expect(server.figures.dropped.get('sse')).toBe(7);
    await eventually(() => reader.lines.length === bounds.waitingLines, 20_000);
    reader.close();
  });
});

describe('a reader that comes back', () => {
  it('within the time gets what it missed; of a call that has ended too', async () => {
    const before = await read('/taps/calls/call-1').catch(() => undefined);
    expect(before?.status).toBe(404);
    const call = new TalkingCall(server.hub, 'call-1');
    const first = await read('/taps/calls/call-1');
    call.say('one');
    await eventually(() => first.lines.length === 1);
    first.close();
    await eventually(() => server.figures.readers.get('sse') === 0);
    call.say('two');
    new TalkingCall(server.hub, 'call-2').say('not this');
    call.say('three');
    call.end();
    const second = await read('/taps/calls/call-1', { 'last-event-id': first.events.at(-1)?.id ?? '' });
    await second.ended;
    expect(second.lines.map(({ text }) => text)).toEqual(['two', 'three']);
    expect(second.notices).toEqual(['end']);
    expect(server.audit.phases('user:desk')).toEqual(['subscribe', 'unsubscribe', 'subscribe', 'unsubscribe']);
  });

  it('after more than is kept is told that lines are missing', async () => {
    const first = await read('/taps/calls');
    const call = new TalkingCall(server.hub, 'call-1');
    call.say('one');
    await eventually(() => first.lines.length === 1);
    first.close();
    await eventually(() => server.figures.readers.get('sse') === 0);
    for (let line = 0; line < bounds.keptLines + 1; line += 1) {
      call.say('x');
      if (line % 500 === 0) await turn();
    }
    await turn();
    const second = await read('/taps/calls', { 'last-event-id': first.events.at(-1)?.id ?? '' });
    await eventually(() => second.lines.at(-1)?.['seq'] === bounds.keptLines + 2);
    expect(second.events[0]).toMatchObject({ event: 'gap' });
    expect(second.lines.length).toBeLessThanOrEqual(bounds.keptLines);
    second.close();
  });

  it('is told the same after another process was asked before', async () => {
    const reader = await read('/taps/calls?after=abcdefgh.12');
    await eventually(() => reader.notices.length === 1);
    expect(reader.notices).toEqual(['gap']);
    reader.close();
  });

  it('as another operator with another clearance gets nothing of what the first one missed', async () => {
    const first = await read('/taps/calls');
    const call = new TalkingCall(server.hub, 'call-1');
    call.say('about my botox');
    await eventually(() => first.lines.length === 1);
    first.close();
    call.say('the botox on tuesday');
    server.operators = new Operators([operator('nurse', { clearance: clearanceOf('mask', { TREATMENT: 'pass' }) })]);
    const second = await read('/taps/calls', { 'last-event-id': first.events.at(-1)?.id ?? '' });
    await eventually(() => second.notices.includes('gap'));
    expect(second.lines).toEqual([]);
    call.say('the botox again');
    await eventually(() => second.lines.length === 1);
    expect(second.lines[0]?.['text']).toContain('botox');
    second.close();
  });
});

describe('the log', () => {
  it('that cannot record lets nobody in', async () => {
    server.audit.failed = true;
    expect((await read('/taps/calls')).status).toBe(503);
    expect(server.figures.readers.get('sse')).toBe(0);
  });

  it('that fails later ends the reading of the next call before its first line', async () => {
    const reader = await read('/taps/calls');
    server.audit.failed = true;
    new TalkingCall(server.hub, 'call-1').say('hello');
    await reader.ended;
    expect(reader.lines).toEqual([]);
    expect(reader.events.at(-1)?.data).toBe('{"reason":"AUDIT_UNAVAILABLE"}');
  });

  it('knows under which caller a line was read', async () => {
    const reader = await read('/taps/calls');
    const calls = [new TalkingCall(server.hub, 'call-1'), new TalkingCall(server.hub, 'call-2', '+15125550199')];
    for (const call of calls) call.say('hello');
    await eventually(() => reader.lines.length === 2);
    for (const call of calls) call.end();
    await eventually(() => server.audit.phases('user:desk').length === 5);
    const begun = server.audit.events.filter(({ facts }) => facts?.['phase'] === 'begin');
    expect(begun.map(({ call, caller }) => [call, caller])).toEqual([
      ['call-1', '+15125550143'],
      ['call-2', '+15125550199'],
    ]);
    reader.close();
  });
});

describe('the number of readers', () => {
  it('is bounded, and a place is free again when one leaves', async () => {
    const readers: EventReader[] = [];
    for (let index = 0; index < bounds.readers; index += 1) readers.push(await read('/taps/calls'));
    expect((await read('/taps/calls')).status).toBe(503);
    readers.pop()?.close();
    await eventually(() => server.figures.readers.get('sse') === bounds.readers - 1);
    const again = await read('/taps/calls');
    expect(again.status).toBe(200);
    for (const reader of [...readers, again]) reader.close();
    await eventually(() => server.figures.readers.get('sse') === 0);
  });
});

describe('a WebSocket', () => {
  it('reads one call, and closes when that has ended', async () => {
    const call = new TalkingCall(server.hub, 'call-1');
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/taps/ws?call=call-1`, { headers: authorization });
    const messages: string[] = [];
    socket.on('message', (data: Buffer) => messages.push(data.toString('utf8')));
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send('nobody looks at this');
    call.say('hello');
    new TalkingCall(server.hub, 'call-2').say('not this');
    call.end();
    const [code] = await new Promise<[number]>((resolve) => socket.once('close', (...closed) => resolve([closed[0]])));
    expect(code).toBe(1000);
    expect(messages.map((json) => JSON.parse(json) as object)).toEqual([
      expect.objectContaining({ call: 'call-1', text: 'hello' }),
      { event: 'end' },
    ]);
  });

  it('that sends more than a little is cut off', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/taps/ws`, { headers: authorization });
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send('x'.repeat(bounds.readerMessageBytes + 1));
    const code = await new Promise((resolve) => socket.once('close', resolve));
    expect(code).toBe(1009);
    await eventually(() => server.figures.readers.get('websocket') === 0);
    expect(server.audit.phases('user:desk')).toEqual(['subscribe', 'unsubscribe']);
  });
});

it('[G5] in plain text a token is taken from this machine alone', () => {
  const doors = {
    audit: server.audit,
    strangers: new StrangerLog(server.audit, () => 0),
    operators: () => server.operators,
  };
  const ask = (address: string, encrypted: boolean) =>
    admitOperator(doors, { ...authorization, address, encrypted }, 'taps');
  expect(ask('10.0.0.5', false)).toBe('PLAINTEXT_REFUSED');
  expect(ask('::ffff:10.0.0.5', false)).toBe('PLAINTEXT_REFUSED');
  expect(server.audit.events.map(({ kind, reason }) => `${kind} ${reason}`)).toEqual(
    Array(2).fill('access.denied PLAINTEXT_REFUSED'),
  );
  for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1'])
    expect(ask(address, false)).toMatchObject({ id: 'desk' });
  expect(ask('10.0.0.5', true)).toMatchObject({ id: 'desk' });
});
