/**
 * Retell dials in: there is no SDK for its side of the socket. A plain WebSocket client says what Retell documents
 * (docs.retellai.com, "LLM WebSocket"), and a loopback model of the practice answers.
 */
import { afterEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { canary } from '../../src/server/demo/booking.ts';
import { approach, refusalOf } from '../e2e/apps.ts';
import { Program } from '../e2e/program.ts';
import { closed, eventually } from '../e2e/stage.ts';
import type { VendorScript } from '../vendors/loopback.ts';
import { appToken, Interop, vendorKey, type InteropOptions } from './app.ts';
import { shown } from './shown.ts';

const callId = 'b7f1c09d3e5a4c7f8e21planted';
const number = '+15125550177';
const here = ['127.0.0.0/8', '::1'];

/** The practice's model: it greets, and answers whenever it is asked. */
const model: VendorScript = {
  onOpen: (session) => {
    session.send({ response_type: 'config', config: { auto_reconnect: true, call_details: true } });
    session.send({ response_type: 'response', response_id: 0, content: 'Cedar Skin Studio.', content_complete: true });
  },
  onMessage: (session, data) => {
    session.texts.push(data.toString());
    const { interaction_type: type, response_id: id } = JSON.parse(data.toString()) as Record<string, unknown>;
    if (type === 'ping_pong') session.send({ response_type: 'ping_pong', timestamp: 1_789_000_000_000 });
    if (type !== 'response_required') return;
    session.send({ response_type: 'response', response_id: id, content: 'Thank you, ', content_complete: false });
    session.send({ response_type: 'response', response_id: id, content: 'what day?', content_complete: true });
  },
};

let interop: Interop;
afterEach(() => interop.close());

async function open(app: object = {}, more: Partial<InteropOptions> = {}, retell: object = {}): Promise<void> {
  interop = await Interop.open(model, {
    route: { protocol: 'retell-llm', apps: ['retell'] },
    pinned: '/llm-websocket',
    others: [{ id: 'retell', ...retell }],
    ...more,
    more: {
      apps: [{ name: 'retell', tokens: [appToken], addresses: here, sub_processor: 'retell', ...app }],
      ...more.more,
    },
  });
}

/** Retell's side, with all that it is told. */
async function dialIn(): Promise<{ readonly socket: WebSocket; readonly told: Record<string, unknown>[] }> {
  const told: Record<string, unknown>[] = [];
  const hear = (message: Record<string, unknown>): void => void told.push(message);
  const socket = await approach(interop, `/${appToken}/${callId}`, { hear });
  return { socket, told };
}

const details = (direction: string): object => ({
  interaction_type: 'call_details',
  call: {
    call_id: callId,
    call_type: 'phone_call',
    direction,
    from_number: direction === 'inbound' ? number : '+15125550100',
    to_number: direction === 'inbound' ? '+15125550100' : number,
    agent_id: 'agent_cedar',
    metadata: { patient: canary.name },
    // A field that no table has: what Retell says of its call configures nobody.
    unheard_of_url: 'https://files.retell.example/x',
  },
});

const asked = {
  interaction_type: 'response_required',
  response_id: 1,
  transcript: [
    { role: 'agent', content: 'Cedar Skin Studio.' },
    { role: 'user', content: `hi this is ${canary.name} about botox` },
  ],
};

async function talk(direction = 'inbound'): Promise<{ readonly told: readonly Record<string, unknown>[] }> {
  const { socket, told } = await dialIn();
  for (const message of [details(direction), asked, { interaction_type: 'ping_pong', timestamp: 1_789_000_000_000 }])
    socket.send(JSON.stringify(message));
  await eventually(() => told.some(({ response_type: type }) => type === 'ping_pong'));
  socket.close();
  return { told };
}

it('the model hears the call without identifiers, and what it says reaches Retell', async () => {
  await open();
  const { told } = await talk();
  expect(told.map(({ response_type: type, content }) => [type, content])).toEqual([
    ['config', undefined],
    ['response', 'Cedar Skin Studio.'],
    ['response', 'Thank you, '],
    ['response', 'what day?'],
    ['ping_pong', undefined],
  ]);
  const [session] = interop.vendor.sessions;
  const [call, heard] = (session?.texts ?? []).map((text) => JSON.parse(text) as Record<string, unknown>);
  expect(heard).toMatchObject({
    response_id: 1,
    transcript: [{ content: 'Cedar Skin Studio.' }, { content: shown('hi this is [NAME] about botox') }],
  });
  const alias = /^\/llm-websocket\/(call_[0-9a-f]{32})$/u.exec(session?.path ?? '')?.[1];
  expect(call).toMatchObject({
    call: { call_id: alias, from_number: '[PHONE]', to_number: '[PHONE]', metadata: { patient: shown('[NAME]') } },
  });
  expect(session?.headers['authorization']).toBe(`Bearer ${vendorKey}`);
  expect(JSON.stringify([session?.texts, session?.path])).not.toContain(callId);
  await interop.stage.stop();
  const authorized = (await interop.stage.records()).filter(({ members: { k } }) => k === 'vendor.authorize');
  expect(authorized.map(({ members: { a } }) => a)).toEqual(['vendor:retell', 'vendor:demo-voice']);
  interop.mustNotAppear(callId);
  interop.mustNotAppear(number);
});

it('a call that comes again has the same id for the model; one that is cleared for it sees the true one', async () => {
  await open();
  await talk();
  await talk();
  const paths = interop.vendor.sessions.map(({ path }) => path);
  expect(paths[0]).toBe(paths[1]);
  await interop.close();
  await open({}, { more: { clearances: { vendor: { CALL_ID: 'pass' } } } });
  await talk();
  expect(interop.vendor.sessions[0]?.path).toBe(`/llm-websocket/${callId}`);
  expect(interop.vendor.sessions[0]?.texts[0]).toContain(callId);
});

it.each(['inbound', 'outbound'])(
  'an %s call is found, accounted for and erased by the number that Retell says',
  async (direction) => {
    await open();
    await talk(direction);
    await interop.stage.stop();
    const audit = async (...parameters: readonly string[]): Promise<{ code: number | null; out: string }> => {
      const program = new Program(['audit', ...parameters, '--caller', number, '--config', interop.stage.scene.config]);
      return { code: await program.ended, out: program.output };
    };
    const records = await audit('show');
    for (const word of ['disclosure.begin', 'phi.redacted', 'call.end', callId]) expect(records.out).toContain(word);
    expect((await audit('accounting', '--all')).out).toMatch(/vendor:demo-voice.*localhost/u);
    expect(await audit('erase')).toMatchObject({ code: 0 });
    expect((await audit('accounting', '--all')).code).not.toBe(0);
  },
);

it('who has another token, comes from another address, or asks for another path is not let in', async () => {
  await open();
  expect(await refusalOf(interop, `/${appToken}x/${callId}`, {})).toBe('401 APP_UNKNOWN');
  expect(await refusalOf(interop, `/short/${callId}`, {})).toBe('401 APP_UNKNOWN');
  // A token in a header is no token where the path has to hold it.
  const inHeader = { headers: { authorization: `Bearer ${appToken}`, 'x-chaperone-token': appToken } };
  expect(await refusalOf(interop, `/other-token/${callId}`, inHeader)).toBe('401 APP_UNKNOWN');
  expect(await refusalOf(interop, `/${appToken}/${callId}/more`, {})).toBe('404 ROUTE_UNKNOWN');
  expect(await refusalOf(interop, `/${appToken}`, {})).toBe('404 ROUTE_UNKNOWN');
  await interop.close();
  await open({ addresses: ['100.20.5.228'] });
  expect(await refusalOf(interop, `/${appToken}/${callId}`, {})).toBe('403 APP_ADDRESS_REFUSED');
  // With TLS of its own, chaperone believes no header about where somebody comes from.
  const claimed = { headers: { 'x-forwarded-for': '100.20.5.228' } };
  expect(await refusalOf(interop, `/${appToken}/${callId}`, claimed)).toBe('403 APP_ADDRESS_REFUSED');
  expect(interop.vendor.sessions).toEqual([]);
});

describe('a call that a human has to take', () => {
  const desk = '+15125550100';
  const withHuman = { route: { protocol: 'retell-llm', apps: ['retell'], human: { dial: desk } } };
  const request = (id: number, content: string): string =>
    JSON.stringify({ ...asked, response_id: id, transcript: [{ role: 'user', content }] });
  const crisis = 'i do not want to live anymore, i want to kill myself';

  it('is moved by Retell, which is told the number as often as it asks, and is not taken a second time', async () => {
    await open({}, withHuman);
    const { socket, told } = await dialIn();
    socket.send(JSON.stringify(details('inbound')));
    socket.send(request(1, crisis));
    await eventually(() => told.some((message) => 'transfer_number' in message));
    const words = expect.stringMatching(/9 8 8.*One moment please/u);
    const moved = { response_type: 'response', content: words, content_complete: true, transfer_number: desk };
    expect(told.at(-1)).toEqual({ ...moved, response_id: 1, no_interruption_allowed: true });
    // The caller talks over it, and Retell forgets about the transfer.
    socket.send(request(2, 'hello?'));
    socket.send(JSON.stringify({ interaction_type: 'ping_pong', timestamp: 1_789_000_000_000 }));
    await eventually(() => told.at(-1)?.['response_type'] === 'ping_pong');
    expect(told.slice(-2)).toMatchObject([
      { ...moved, response_id: 2 },
      { response_type: 'ping_pong', timestamp: 1_789_000_000_000 },
    ]);
    const [session] = interop.vendor.sessions;
    await eventually(() => session?.closedWith !== undefined);
    expect(JSON.stringify(session?.texts)).not.toMatch(/hello\?|kill/u);
    expect(socket.readyState).toBe(socket.OPEN);
    socket.close();
    await eventually(async () =>
      (await interop.stage.metrics()).includes('chaperone_calls_ended_total{reason="CRISIS"} 1'),
    );
    const again = await dialIn();
    await eventually(() => again.told.length > 0);
    expect(again.told).toEqual([
      { ...moved, content: 'One moment please.', response_id: 0, no_interruption_allowed: true },
    ]);
    again.socket.close();
    expect(interop.vendor.sessions.length).toBe(1);
    // Another call is let in.
    const other = await approach(interop, `/${appToken}/another-call`, {});
    other.close();
    await interop.stage.stop();
    const events = await interop.stage.events();
    expect(events.filter((event) => event.endsWith('CALL_HANDED_OVER'))).toEqual([
      'call.refuse CALL_HANDED_OVER',
      'route.human CALL_HANDED_OVER',
    ]);
    expect(await waysToHuman()).toEqual([
      { o: 'ok', way: 'transfer' },
      { o: 'ok', way: 'transfer' },
    ]);
    interop.mustNotAppear(callId);
  });

  it('is ended by Retell after a sentence, where there is no number', async () => {
    await open();
    const { socket, told } = await dialIn();
    socket.send(request(1, crisis));
    await eventually(() => told.some((message) => 'end_call' in message));
    expect(told.at(-1)).toMatchObject({ response_id: 1, content: expect.stringContaining('9 8 8'), end_call: true });
    expect(told.at(-1)).not.toHaveProperty('transfer_number');
    const ended = closed(socket);
    socket.close(1000);
    await ended;
    await interop.stage.stop();
    expect(await waysToHuman()).toEqual([{ o: 'ok', way: 'hangup' }]);
  });

  it('hears it as an interruption where no answer is due, for the model was gone after its last one', async () => {
    await open({}, withHuman);
    const { socket, told } = await dialIn();
    socket.send(request(1, 'hi'));
    await eventually(() => told.some(({ content }) => content === 'what day?'));
    interop.vendor.sessions[0]?.socket.close(1011);
    await eventually(() => told.some((message) => 'transfer_number' in message));
    expect(told.at(-1)).toEqual({
      response_type: 'agent_interrupt',
      interrupt_id: 1,
      content: 'One moment please.',
      content_complete: true,
      no_interruption_allowed: true,
      transfer_number: desk,
    });
    socket.close();
  });

  /** How the call went to a human, as the log has it. */
  async function waysToHuman(): Promise<readonly object[]> {
    const records = await interop.stage.records();
    return records.flatMap(({ members }) => {
      const { k, o, f } = members as { k: string; o: string; f?: { way?: string } };
      return k === 'route.human' && f?.way !== undefined ? [{ o, way: f.way }] : [];
    });
  }
});
