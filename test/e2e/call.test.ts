import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { booking, canary } from '../../src/server/demo/booking.ts';
import { converse, mediaFrame, prompt, setup, speak } from '../../src/server/demo/streams.ts';
import { speechMulaw } from '../../src/server/demo/speech.ts';
import { closed, eventually, Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.curtain());

const textsOf = (path: string): Record<string, unknown>[] =>
  stage.vendor.sessions
    .filter((session) => session.path === path)
    .flatMap(({ texts }) => texts.map((text) => JSON.parse(text) as Record<string, unknown>));

const deepJson = (depth: number): string =>
  `{"event":"mark","streamSid":"x","a":${'['.repeat(depth)}${']'.repeat(depth)}}`;

it('a Media Streams call: every frame of audio comes back unaltered, the start names nobody', async () => {
  const { socket, callSid } = await stage.call('front-desk');
  const result = await speak(
    socket,
    callSid,
    stage.carrier.accountSid,
    speechMulaw().subarray(0, 160 * 60),
    () => undefined,
  );
  expect(result).toMatchObject({ sent: 60, returned: 60, altered: 0 });
  const start = textsOf('/front-desk').find(({ event }) => event === 'start')?.['start'] as Record<string, unknown>;
  expect(start['callSid']).toMatch(/^CA[0-9a-f]{32}$/u);
  expect(start['callSid']).not.toBe(callSid);
  expect(start['customParameters']).toEqual({ patient: '[NAME]' });
  await stage.stop();
  expect((await stage.events()).filter((event) => /^(?:call|vendor|disclosure)\./u.test(event))).toEqual([
    'call.admit',
    'vendor.authorize',
    'vendor.connect',
    'disclosure.begin',
    'vendor.close CALLER_CLOSED',
    'disclosure.end',
    'call.end CALLER_CLOSED',
  ]);
  const connected = (await stage.records()).find(({ members }) => members['k'] === 'vendor.connect');
  expect(connected?.members['net']).toEqual({
    host: 'localhost',
    tls: 'TLSv1.3',
    cipher: expect.stringMatching(/^TLS_/u) as string,
    spki: expect.stringMatching(/^[\w+/]{43}=$/u) as string,
  });
});

it('a ConversationRelay call: the vendor reads no identifier, the caller hears the whole answer', async () => {
  const { socket, callSid } = await stage.call('booking');
  const turns = await converse(socket, callSid, stage.carrier.accountSid, () => undefined);
  expect(turns).toHaveLength(booking.length);
  for (const { agent } of turns) expect(['Thank you.', ...booking.map((turn) => turn.agent)]).toContain(agent);
  const metrics = await stage.metrics();
  expect(metrics).toMatch(/chaperone_identifiers_removed_total\{kind="PHONE"\} [1-9]/u);
  await stage.stop();
  const removed = (await stage.records()).filter(({ members }) => members['k'] === 'phi.redacted');
  expect(removed.length).toBeGreaterThan(4);
});

describe('what a caller leg may not send', () => {
  it.each<[string, string, (socket: WebSocket, streamSid: string, callSid: string) => void]>([
    [
      '[B3] audio before the start',
      'MESSAGE_OUT_OF_ORDER',
      (socket, streamSid) => socket.send(mediaFrame(streamSid, 0, '//8=')),
    ],
    [
      '[B3] a start of another call',
      'CALL_MISMATCH',
      (socket, streamSid, callSid) => socket.send(start(streamSid, `${callSid.slice(0, -1)}f`)),
    ],
    [
      '[B3] a start of another account',
      'CALL_MISMATCH',
      (socket, streamSid, callSid) => socket.send(start(streamSid, callSid, `AC${'0'.repeat(32)}`)),
    ],
    [
      '[B3] a second start',
      'MESSAGE_OUT_OF_ORDER',
      (socket, streamSid, callSid) => [1, 2].forEach(() => socket.send(start(streamSid, callSid))),
    ],
    [
      '[A14] three unknown messages in a row',
      'TOO_MANY_BLOCKED',
      (socket, streamSid, callSid) =>
        [start(streamSid, callSid), '{"event":"inject"}', '{"event":"inject"}', '{"event":"inject"}'].forEach((text) =>
          socket.send(text),
        ),
    ],
    [
      '[C5] three frames that are no JSON',
      'TOO_MANY_BLOCKED',
      (socket, streamSid, callSid) =>
        [start(streamSid, callSid), '{', `{"zephyrine quillfeather`, '\u0000'].forEach((text) => socket.send(text)),
    ],
    [
      '[C6] JSON 200,000 deep',
      'FRAME_TOO_LARGE',
      (socket, streamSid, callSid) =>
        [start(streamSid, callSid), deepJson(200_000)].forEach((text) => socket.send(text)),
    ],
    [
      '[C6] three times JSON 1,000 deep',
      'TOO_MANY_BLOCKED',
      (socket, streamSid, callSid) =>
        [start(streamSid, callSid), deepJson(1000), deepJson(1000), deepJson(1000)].forEach((text) =>
          socket.send(text),
        ),
    ],
    [
      '[C8] three binary frames',
      'TOO_MANY_BLOCKED',
      (socket, streamSid, callSid) =>
        [start(streamSid, callSid), Buffer.alloc(160), Buffer.alloc(160), Buffer.alloc(160)].forEach((data) =>
          socket.send(data),
        ),
    ],
    [
      '[C1] a frame over 64 KiB',
      'FRAME_TOO_LARGE',
      (socket, streamSid, callSid) =>
        [start(streamSid, callSid), 'x'.repeat(70_000)].forEach((text) => socket.send(text)),
    ],
    ['[B3] nothing', 'START_TIMEOUT', () => undefined],
  ])('%s ends toward a human: %s', async (_name, reason, send) => {
    const { socket, callSid } = await stage.call('front-desk');
    const ended = closed(socket);
    send(socket, `MZ${callSid.slice(2)}`, callSid);
    expect(await ended).toMatchObject({ reason });
    await stage.stop();
    expect(await stage.events()).toContain(`route.human ${reason}`);
    expect(textsOf('/front-desk').filter(({ event }) => event !== 'start' && event !== 'connected')).toEqual([]);
  });

  const start = (streamSid: string, callSid: string, accountSid = stage.carrier.accountSid): string =>
    JSON.stringify({
      event: 'start',
      sequenceNumber: '1',
      streamSid,
      start: {
        accountSid,
        streamSid,
        callSid,
        tracks: ['inbound'],
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
        customParameters: {},
      },
    });
});

it('keypad digits do not reach a vendor that is not cleared for them', async () => {
  const { socket, streamSid } = await stage.started();
  for (const digit of '4111')
    socket.send(
      JSON.stringify({ event: 'dtmf', streamSid, sequenceNumber: '2', dtmf: { track: 'inbound_track', digit } }),
    );
  for (let index = 0; index < 5; index += 1) socket.send(mediaFrame(streamSid, index + 4, '//8='));
  await eventually(() => stage.vendor.sessions.some(({ audioFrames }) => audioFrames === 5));
  expect(textsOf('/front-desk').map(({ event }) => event)).not.toContain('dtmf');
  socket.close();
});

it('the signalling of a ConversationRelay call is masked, and its words are known from then on', async () => {
  const { socket, callSid } = await stage.call('booking');
  socket.send(setup(callSid, stage.carrier.accountSid));
  socket.send(prompt(`is that booked for ${canary.name}`, true));
  await eventually(() => textsOf('/booking').some(({ type }) => type === 'prompt'));
  const [first, second] = textsOf('/booking');
  expect(first).toMatchObject({
    type: 'setup',
    from: '[PHONE]',
    callerName: '[NAME]',
    customParameters: { patient: '[NAME]' },
  });
  expect(second?.['voicePrompt']).not.toMatch(/zephyrine|quillfeather/iu);
  socket.close();
});

describe('the end of a call', () => {
  it('a vendor that dies ends it toward a human at once', async () => {
    const { socket, streamSid } = await stage.started();
    socket.send(mediaFrame(streamSid, 0, '//8='));
    await eventually(() => stage.vendor.sessions.some(({ audioFrames }) => audioFrames === 1));
    const ended = closed(socket);
    await stage.vendor.close();
    expect((await ended).reason).toBe('VENDOR_CLOSED');
    await stage.stop();
    expect(await stage.events()).toContain('route.human VENDOR_CLOSED');
  });

  it('[B5] a caller who hangs up closes the vendor, and nothing that was held follows', async () => {
    const { socket, callSid } = await stage.call('booking');
    socket.send(setup(callSid, stage.carrier.accountSid));
    socket.send(prompt('my number is five one two', false));
    socket.terminate();
    await eventually(async () => (await stage.metrics()).includes('chaperone_calls_live 0'));
    await stage.stop();
    expect(await stage.events()).toContain('call.end CALLER_CLOSED');
  });
});

it('with pseudonyms the vendor never reads the name or the number, and the caller hears them', async () => {
  await stage.curtain();
  const clearances = { vendor: { NAME: 'token', PHONE: 'token' } };
  stage = await Stage.open({ change: (made) => ({ ...made, clearances }) });
  const { socket, callSid } = await stage.call('booking');
  const turns = await converse(socket, callSid, stage.carrier.accountSid, () => undefined);
  const heard = turns.map(({ agent }) => agent).join('\n');
  expect(heard.toLowerCase()).toContain('zephyrine quillfeather');
  expect(heard).toContain('five one two five five five oh one four three');
  expect(heard).not.toMatch(/\[(?:NAME|PHONE)_\d/u);
  const read = textsOf('/booking')
    .map((message) => JSON.stringify(message))
    .join('\n');
  expect(read).toMatch(/\[NAME_1\]/u);
  expect(read).toMatch(/\[PHONE_1\]/u);
  expect(textsOf('/booking')[0]).toMatchObject({ callerName: '[NAME_1]', from: '[PHONE_1]' });
});
