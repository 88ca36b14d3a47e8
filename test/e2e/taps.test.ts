import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ShownRecord } from '../../src/audit/show.ts';
import { loadConfig } from '../../src/server/config/load.ts';
import { booking, canary } from '../../src/server/demo/booking.ts';
import { freePort } from '../../src/server/demo/ports.ts';
import { converse, prompt, setup } from '../../src/server/demo/streams.ts';
import { searchFolder, searchText } from '../../src/server/demo/sweep.ts';
import { EventReader } from '../server/taps/events.ts';
import { isSigned, Receiver } from '../server/taps/receiver.ts';
import { closed, eventually, Stage, vendorTls } from './stage.ts';

const tokens = {
  desk: 'desk-token-0123456789abcdef0123456789abcdef',
  nurse: 'nurse-token-0123456789abcdef0123456789abcdef',
  nobody: 'nobody-token-0123456789abcdef0123456789abcdef',
} as const;
const secret = 'records-secret-0123456789abcdef0123456789abcdef';

const operators = [
  { id: 'desk', token: tokens.desk, may: ['taps'] },
  { id: 'nurse', token: tokens.nurse, may: ['taps'], clearances: { TREATMENT: 'pass' }, purpose: 'TREAT' },
  { id: 'nobody', token: tokens.nobody },
];

let stage: Stage;
const read = (path: string, who: keyof typeof tokens = 'desk', more = {}): Promise<EventReader> =>
  EventReader.open(stage.scene.adminPort, path, { authorization: `Bearer ${tokens[who]}`, ...more });

/** A whole booking over ConversationRelay. */
async function book(): Promise<string> {
  const { socket, callSid } = await stage.call('booking');
  await converse(socket, callSid, stage.carrier.accountSid, () => undefined);
  return callSid;
}

const finals = (lines: readonly Record<string, unknown>[]) => lines.filter(({ kind }) => kind === 'final');
const callsOf = (lines: readonly Record<string, unknown>[]) => [...new Set(lines.map(({ call }) => String(call)))];
const digestOf = (lines: readonly string[]): string =>
  createHash('sha256')
    .update(lines.map((line) => `${line}\n`).join(''))
    .digest('hex');

async function accesses(actor: string): Promise<ShownRecord['members'][]> {
  return (await stage.records())
    .map(({ members }) => members)
    .filter((members) => String(members['k']).startsWith('access.') && JSON.stringify(members).includes(`"${actor}"`));
}

/** What stands under a name anywhere in a record, as text: the encoding of the log is not what is tested here. */
const said = (members: ShownRecord['members']): string => JSON.stringify(members);

describe('the live transcript', () => {
  beforeEach(async () => {
    stage = await Stage.open({ change: (made) => ({ ...made, operators }) });
  });
  afterEach(() => stage.curtain());

  it('shows every utterance of a call as it grows and once it is final, identifiers removed', async () => {
    const reader = await read('/taps/calls');
    expect(reader).toMatchObject({ status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8' } });
    const callSid = await book();
    await eventually(() => finals(reader.lines).length === booking.length * 2);
    const { lines } = reader;
    expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, index) => index + 1));
    expect(callsOf(lines)).toHaveLength(1);
    expect(finals(lines).map(({ speaker }) => speaker)).toEqual(booking.flatMap(() => ['caller', 'agent']));
    expect(finals(lines).map(({ utterance }) => utterance)).toEqual(
      booking.flatMap((_, turn) => [turn * 2 + 1, turn * 2 + 2]),
    );
    for (const line of lines) {
      expect(Object.keys(line)).toEqual(['id', 'call', 'route', 'utterance', 'speaker', 'kind', 'text', 'at', 'seq']);
      expect(line).toMatchObject({ route: 'booking', at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/u) });
    }
    const texts = finals(lines).map(({ text }) => String(text));
    expect(texts[0]).toContain('[NAME]');
    expect(texts[0]).toContain('[TREATMENT]');
    expect(texts[4]).toContain('[PHONE]');
    expect(texts[3]).toBe(booking[1]?.agent);
    expect(lines.length).toBeGreaterThan(booking.length * 4);
    expect(searchText('tap', reader.text, [...canary.words, callSid.toLowerCase()])).toEqual([]);
    reader.close();
  });

  it('shows each operator what that operator may see', async () => {
    const [desk, nurse] = [await read('/taps/calls?events=final'), await read('/taps/calls?events=final', 'nurse')];
    await book();
    await eventually(() => [desk, nurse].every(({ lines }) => lines.length === booking.length * 2));
    expect(desk.lines[0]?.['text']).not.toContain('botox');
    expect(nurse.lines[0]?.['text']).toContain('botox');
    expect(nurse.lines[0]?.['text']).toContain('[NAME]');
    expect(nurse.lines.map(({ id, seq }) => [id, seq])).toEqual(desk.lines.map(({ id, seq }) => [id, seq]));
    for (const reader of [desk, nurse]) expect(searchText('tap', reader.text, canary.words)).toEqual([]);
    desk.close();
    nurse.close();
  });

  it('shows one call alone, and ends with it', async () => {
    const all = await read('/taps/calls');
    const { socket, callSid } = await stage.call('booking');
    socket.send(setup(callSid, stage.carrier.accountSid));
    socket.send(prompt('hello there', true));
    await eventually(() => all.lines.length > 0);
    const [call = ''] = callsOf(all.lines);
    const one = await read(`/taps/calls/${call}`);
    await book();
    socket.send(prompt('are you still there', true));
    await eventually(() => one.lines.length > 0);
    socket.close();
    await one.ended;
    expect(callsOf(one.lines)).toEqual([call]);
    expect(one.lines[0]).toMatchObject({ text: 'are you still there', kind: 'final' });
    expect(one.notices).toEqual(['end']);
    expect(callsOf(all.lines)).toHaveLength(2);
    expect((await read('/taps/calls/no-such-call')).status).toBe(404);
    all.close();
  });

  it('shows the same lines over a WebSocket', async () => {
    const events = await read('/taps/calls?events=final');
    const socket = new WebSocket(`ws://127.0.0.1:${stage.scene.adminPort}/taps/ws?events=final`, {
      headers: { authorization: `Bearer ${tokens.desk}` },
    });
    const messages: string[] = [];
    socket.on('message', (data: Buffer) => messages.push(data.toString('utf8')));
    await new Promise((resolve) => socket.once('open', resolve));
    await book();
    await eventually(() => messages.length === booking.length * 2 && events.raw.length === messages.length);
    expect(messages).toEqual(events.raw);
    const ended = closed(socket);
    await stage.stop();
    expect(await ended).toEqual({ code: 1001, reason: 'DRAINING' });
    await events.ended;
    expect(events.notices).toEqual(['closed']);
  });

  it('goes on where a reader left off, and says when it cannot', async () => {
    const whole = await read('/taps/calls?events=final');
    const before = await read('/taps/calls?events=final');
    const { socket, callSid } = await stage.call('booking');
    socket.send(setup(callSid, stage.carrier.accountSid));
    socket.send(prompt('one moment please', true));
    await eventually(() => before.lines.length >= 1);
    before.close();
    const last = before.events.at(-1)?.id ?? '';
    for (const text of ['two of them', 'three of them', 'four of them']) socket.send(prompt(text, true));
    await eventually(() => finals(whole.lines).filter(({ speaker }) => speaker === 'caller').length === 4);
    const after = await read('/taps/calls?events=final', 'desk', { 'last-event-id': last });
    await eventually(() => before.raw.length + after.raw.length >= whole.raw.length);
    expect([...before.raw, ...after.raw].slice(0, whole.raw.length)).toEqual(
      whole.raw.slice(0, before.raw.length + after.raw.length),
    );
    expect(after.notices).toEqual([]);
    const stranger = await read('/taps/calls?events=final', 'desk', { 'last-event-id': 'another-process.7' });
    await eventually(() => stranger.notices.includes('gap'));
    socket.close();
    for (const reader of [whole, after, stranger]) reader.close();
  });

  it('that nobody reads changes nothing for the call', async () => {
    const talk = async () => {
      const { socket, callSid } = await stage.call('booking');
      return converse(socket, callSid, stage.carrier.accountSid, () => undefined);
    };
    const alone = await talk();
    const stalled = connect({ host: '127.0.0.1', port: stage.scene.adminPort });
    await new Promise((resolve) => stalled.once('connect', resolve));
    stalled.pause();
    stalled.write(`GET /taps/calls HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${tokens.desk}\r\n\r\n`);
    await eventually(async () => (await stage.metrics()).includes('chaperone_tap_readers{kind="sse"} 1'));
    expect(await talk()).toEqual(alone);
    expect(alone.every(({ agent }) => agent !== '')).toBe(true);
    stalled.destroy();
  });

  it('is on record: who, why, when, whose call, and the digest of what was shown', async () => {
    const reader = await read('/taps/calls', 'nurse');
    await book();
    await eventually(() => finals(reader.lines).length === booking.length * 2);
    await eventually(async () => (await stage.metrics()).includes('chaperone_calls_live 0'));
    reader.close();
    await eventually(async () => (await stage.metrics()).includes('chaperone_tap_readers{kind="sse"} 0'));
    const [call = ''] = callsOf(reader.lines);
    await stage.stop();
    const records = (await accesses('user:nurse')).map(said);
    expect(records).toHaveLength(4);
    const phases = records.map((record) => /"(subscribe|begin|end|unsubscribe)"/u.exec(record)?.[1]);
    expect(phases).toEqual(['subscribe', 'begin', 'end', 'unsubscribe']);
    for (const record of records) expect(record).toContain('"TREAT"');
    expect(records.map((record) => record.includes(call))).toEqual([false, true, true, false]);
    const digest = digestOf(reader.raw);
    expect(records.map((record) => record.includes(digest))).toEqual([false, false, true, true]);
    expect(records[3]).toContain(`"lines":${reader.raw.length}`);
  });
});

describe('who may read', () => {
  beforeEach(async () => {
    stage = await Stage.open({ change: (made) => ({ ...made, operators }) });
  });
  afterEach(() => stage.curtain());

  it.each<[string, number, string | undefined]>([
    ['[G5] without a token', 401, undefined],
    ['[G5] with the token of nobody here', 401, 'Bearer 00000000000000000000000000000000'],
    ['with a token in another scheme', 401, `Basic ${tokens.desk}`],
    ['with a token cut short', 401, `Bearer ${tokens.desk.slice(0, -1)}`],
    ['as an operator who may not', 403, `Bearer ${tokens.nobody}`],
  ])('%s: %i', async (_what, status, authorization) => {
    const headers = authorization === undefined ? undefined : { authorization };
    for (const path of ['/taps/calls', '/taps/calls/x']) {
      const reader = await EventReader.open(stage.scene.adminPort, path, headers);
      expect(reader.status).toBe(status);
      expect(reader.headers['www-authenticate']).toBe(status === 401 ? 'Bearer' : undefined);
    }
    const socket = new WebSocket(
      `ws://127.0.0.1:${stage.scene.adminPort}/taps/ws`,
      headers === undefined ? {} : { headers },
    );
    const answer = await new Promise((resolve) => {
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode));
    });
    expect(answer).toBe(status);
    await stage.stop();
    const denied = (await stage.events()).filter((event) => event.startsWith('access.denied'));
    expect(denied).toEqual(
      Array(3).fill(`access.denied ${status === 401 ? 'OPERATOR_UNKNOWN' : 'OPERATOR_NOT_ALLOWED'}`),
    );
    expect((await stage.events()).filter((event) => event.startsWith('access.read'))).toEqual([]);
    expect(stage.lines.join('\n')).not.toContain(tokens.desk.slice(0, -1));
  });

  it('refuses wishes that it does not know, and a plain request for the WebSocket', async () => {
    expect((await read('/taps/calls?events=some')).status).toBe(400);
    expect((await read('/taps/ws')).status).toBe(404);
    expect(await stage.metrics()).toContain('chaperone_tap_readers{kind="websocket"} 0');
  });

  it('ends the reading of an operator who is taken out of the configuration, and of no other', async () => {
    const [desk, nurse] = [await read('/taps/calls'), await read('/taps/calls', 'nurse')];
    const file = parse(await readFile(stage.scene.config, 'utf8')) as { operators: object[] };
    await writeFile(stage.scene.config, stringify({ ...file, operators: operators.filter(({ id }) => id !== 'desk') }));
    const loaded = await loadConfig(stage.scene.config, process.env);
    if ('faults' in loaded) throw new Error('The configuration has faults');
    stage.service.reload(loaded.config);
    await desk.ended;
    expect(desk.events.at(-1)).toMatchObject({ event: 'closed', data: '{"reason":"OPERATOR_NOT_ALLOWED"}' });
    expect((await read('/taps/calls')).status).toBe(401);
    await book();
    await eventually(() => finals(nurse.lines).length === booking.length * 2);
    nurse.close();
  });
});

describe('a webhook', () => {
  let receiver: Receiver;
  let receiverPort: number;
  beforeEach(async () => {
    receiverPort = await freePort();
    const url = `https://localhost:${receiverPort}/in?from=phone`;
    const tap = { id: 'records', kind: 'webhook', url, secret, certificate_authority: 'tls/authority.pem' };
    stage = await Stage.open({ change: (made) => ({ ...made, taps: [tap] }) });
    receiver = await Receiver.open(await vendorTls(stage.scene), receiverPort);
  });
  afterEach(async () => {
    await stage.curtain();
    await receiver.close();
  });

  it('gets every final utterance, signed, in order, over a judged connection', async () => {
    await book();
    await eventually(() => receiver.lines.length >= booking.length * 2, 10_000);
    expect(receiver.lines.map(({ seq }) => seq)).toEqual(
      receiver.lines.map(({ seq }) => Number(seq)).toSorted((one, other) => one - other),
    );
    expect(finals(receiver.lines)).toHaveLength(receiver.lines.length);
    expect(new Set(receiver.lines.map(({ id }) => id)).size).toBe(booking.length * 2);
    for (const delivery of receiver.taken) {
      expect(delivery.path).toBe('/in?from=phone');
      expect(delivery.headers).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'chaperone-tap': 'records',
      });
      expect(await isSigned(delivery, secret)).toBe(true);
      expect(await isSigned(delivery, `${secret}x`)).toBe(false);
      expect(await isSigned({ ...delivery, body: `${delivery.body} ` }, secret)).toBe(false);
      expect(searchText('webhook', delivery.body, canary.words)).toEqual([]);
    }
    expect(await searchFolder(join(stage.scene.directory, 'taps'), canary.words)).toEqual([]);
  });

  it('that fails, cuts, redirects and is slow gets all of it when it comes back; the calls do not notice', async () => {
    receiver.manner = { status: 503 };
    await book();
    await eventually(() => receiver.attempts.length > 1);
    receiver.manner = 'cut';
    await book();
    receiver.manner = { status: 302, location: `https://localhost:${receiverPort}/elsewhere` };
    await eventually(async () => (await stage.metrics()).includes('chaperone_tap_lines_waiting{tap="records"} 48'));
    const attempts = receiver.attempts.length;
    await eventually(() => receiver.attempts.length > attempts, 15_000);
    expect(receiver.attempts.every(({ path }) => path === '/in?from=phone')).toBe(true);
    expect(receiver.taken).toEqual([]);
    receiver.manner = { status: 200, afterMs: 50 };
    await eventually(() => receiver.lines.length >= booking.length * 4, 30_000);
    expect(callsOf(receiver.lines)).toHaveLength(2);
    for (const call of callsOf(receiver.lines))
      expect(receiver.lines.filter((line) => line['call'] === call)).toHaveLength(booking.length * 2);
    expect(await stage.metrics()).toMatch(/chaperone_tap_retries_total\{tap="records"\} [1-9]/u);
  }, 60_000);

  it('whose secret is changed while it is down misses nothing of what is said meanwhile', async () => {
    receiver.manner = { status: 503 };
    const { socket, callSid } = await stage.call('booking');
    socket.send(setup(callSid, stage.carrier.accountSid));
    socket.send(prompt('before it', true));
    await eventually(() => receiver.attempts.length > 0);
    const renewed = secret.replace('records', 'renewed');
    const text = await readFile(stage.scene.config, 'utf8');
    await writeFile(stage.scene.config, text.replace(secret, renewed));
    const loaded = await loadConfig(stage.scene.config, process.env);
    if ('faults' in loaded) throw new Error('The configuration has faults');
    stage.service.reload(loaded.config);
    socket.send(prompt('right after it', true));
    receiver.manner = { status: 200 };
    await eventually(() => receiver.lines.some((line) => line['text'] === 'right after it'), 20_000);
    expect(receiver.lines.filter(({ speaker }) => speaker === 'caller').map((line) => line['text'])).toEqual([
      'before it',
      'right after it',
    ]);
    const last = receiver.taken.at(-1);
    expect(last !== undefined && (await isSigned(last, renewed))).toBe(true);
    socket.close();
  }, 40_000);

  it('is on record with the digest of what it acknowledged', async () => {
    await book();
    await eventually(() => receiver.lines.length >= booking.length * 2, 10_000);
    await stage.stop();
    const records = (await accesses('party:records')).map(said);
    const phases = records.map((record) => /"(subscribe|begin|end|unsubscribe)"/u.exec(record)?.[1]);
    expect(phases).toEqual(['subscribe', 'begin', 'end', 'unsubscribe']);
    const bodies = receiver.taken.flatMap(({ body }) => (JSON.parse(body) as { lines: object[] }).lines);
    const digest = digestOf(bodies.map((line) => JSON.stringify(line)));
    expect(records.map((record) => record.includes(digest))).toEqual([false, false, true, true]);
  });
});
