/**
 * Vendors without an SDK for Node that speaks their socket: OpenAI Live, AssemblyAI's voice agent, Vapi's transport. A plain
 * WebSocket client says what their pages and types have, over TLS, through the whole of chaperone.
 */
import { afterEach, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { canary } from '../../src/server/demo/booking.ts';
import { approach, withToken } from '../e2e/apps.ts';
import { eventually } from '../e2e/stage.ts';
import type { LoopbackSession, VendorScript } from '../vendors/loopback.ts';
import { appToken, Interop, vendorKey } from './app.ts';
import { shown } from './shown.ts';

type Message = Readonly<Record<string, unknown>>;

const audio = Buffer.alloc(160, 0x55).toString('base64');

let interop: Interop;
afterEach(() => interop.close());

/** A vendor that answers a message of a type with messages. */
function answering(answers: Readonly<Record<string, (session: LoopbackSession) => void>>): VendorScript {
  return {
    onMessage: (session, data, binary) => {
      if (binary) {
        session.heard.push(data);
        return answers['binary']?.(session);
      }
      session.texts.push(data.toString());
      const { type } = JSON.parse(data.toString()) as { readonly type: string };
      return answers[type]?.(session);
    },
  };
}

async function meet(path: string, how = withToken): Promise<{ readonly socket: WebSocket; readonly told: Message[] }> {
  const told: Message[] = [];
  const socket = await approach(interop, path, how);
  socket.on('message', (data: Buffer, binary) => {
    if (!binary) told.push(JSON.parse(data.toString()) as Message);
  });
  return { socket, told };
}

const send = (socket: WebSocket, message: object): void => socket.send(JSON.stringify(message));
const has = (told: readonly Message[], type: string): Promise<void> =>
  eventually(() => told.some((message) => message['type'] === type));
const first = (): LoopbackSession | undefined => interop.vendor.sessions[0];
const joined = (told: readonly Message[], type: string): string =>
  told.flatMap((message) => (message['type'] === type ? [message['delta']] : [])).join('');

const nobody = { clearances: { app: { NAME: 'mask' } } };

it('OpenAI Live: a session that keeps nothing, fragments joined, a model behind it judged', async () => {
  const vendor = answering({
    'session.start': (session) => session.send({ type: 'session.started', session: { id: 'sess_1' } }),
    'session.input_audio.append': (session) => {
      session.send({ type: 'session.input_transcript.delta', delta: 'this is zephyrine', start_ms: 0, end_ms: 400 });
      session.send({ type: 'session.input_transcript.delta', delta: ' quillfeather speaking', start_ms: 4, end_ms: 9 });
      session.send({ type: 'session.output_audio.delta', delta: audio });
      session.send({ type: 'session.output_transcript.delta', delta: 'How can I help?', start_ms: 9, end_ms: 12 });
    },
    'session.close': (session) => session.send({ type: 'session.closed', reason: 'close_requested', session: {} }),
  });
  const route = { protocol: 'openai-live' };
  interop = await Interop.open(vendor, { route, vendor: { models: ['gpt-live-*'] }, more: nobody });
  const { socket, told } = await meet('/v1/live/sessions');
  const instructions = `You speak with ${canary.name}.`;
  send(socket, { type: 'session.start', session: { model: 'gpt-live-1', store: true, instructions } });
  await has(told, 'session.started');
  send(socket, { type: 'session.input_audio.append', audio });
  await has(told, 'session.output_audio.delta');
  send(socket, { type: 'session.close' });
  await has(told, 'session.closed');
  expect(joined(told, 'session.input_transcript.delta')).not.toMatch(/zephyr|quillf/iu);
  expect(first()?.received('session.start')).toMatchObject([
    { session: { store: false, instructions: shown('You speak with [NAME].') } },
  ]);
  expect(first()?.headers['authorization']).toBe(`Bearer ${vendorKey}`);
  const second = await meet('/v1/live/sessions');
  const closed = new Promise((resolve) => {
    second.socket.once('close', (_code, reason) => resolve(reason.toString()));
  });
  const delegation = { type: 'responses', responses: { model: 'gpt-stranger' } };
  send(second.socket, { type: 'session.start', session: { model: 'gpt-live-1', delegation } });
  expect(await closed).toBe('BAA_OUT_OF_SCOPE');
  expect(interop.vendor.sessions[1]?.texts).toEqual([]);
});

it('AssemblyAI’s voice agent: prompts and answers of tools without names, transcripts as the app may see them', async () => {
  const vendor = answering({
    'session.update': (session) => session.send({ type: 'session.ready', session_id: 'sess_1' }),
    'input.audio': (session) => {
      session.send({ type: 'transcript.user.delta', text: 'this is zephyrine' });
      session.send({ type: 'transcript.user', item_id: 'i1', text: 'this is zephyrine quillfeather' });
      session.send({
        type: 'tool.call',
        call_id: 'c1',
        name: 'find_slot',
        arguments: { for: 'zephyrine quillfeather' },
      });
    },
    'tool.result': (session) => {
      session.send({ type: 'reply.started', reply_id: 'r1', item_id: 'i2' });
      session.send({ type: 'reply.audio', data: audio });
      session.send({ type: 'transcript.agent', text: 'Tuesday at two.' });
      session.send({ type: 'reply.done', status: 'completed' });
    },
    'session.end': (session) => session.send({ type: 'session.ended' }),
  });
  interop = await Interop.open(vendor, { route: { protocol: 'assemblyai-agent' }, more: nobody });
  const { socket, told } = await meet('/v1/ws');
  const session = { system_prompt: `You speak with ${canary.name}.`, tools: [{ type: 'function', name: 'find_slot' }] };
  send(socket, { type: 'session.update', session });
  await has(told, 'session.ready');
  send(socket, { type: 'input.audio', audio });
  await has(told, 'tool.call');
  send(socket, { type: 'tool.result', call_id: 'c1', result: JSON.stringify({ booked: canary.name }) });
  await has(told, 'reply.done');
  send(socket, { type: 'session.end' });
  await has(told, 'session.ended');
  expect(JSON.stringify(told)).not.toMatch(/zephyr|quillf/iu);
  expect(told).toContainEqual({ type: 'transcript.agent', text: 'Tuesday at two.' });
  expect(told).toContainEqual({ type: 'reply.audio', data: audio });
  expect(first()?.received('session.update')).toMatchObject([
    { session: { system_prompt: shown('You speak with [NAME].') } },
  ]);
  const [result] = first()?.received('tool.result') ?? [];
  expect(JSON.parse(String(result?.['result']))).toEqual({ booked: shown('[NAME]') });
});

it('Vapi: audio both ways as it came, transcripts in every copy, no door to the call', async () => {
  const sound = Buffer.alloc(320, 0x7f);
  const vendor = answering({
    binary: (session) => {
      const call = {
        id: 'c-1',
        customer: { number: '+15125550177', name: canary.name },
        monitor: { listenUrl: 'wss://x.example/l' },
      };
      const transcript = `this is ${canary.name} here`;
      const common = { type: 'transcript', role: 'user', transcriptType: 'final' };
      session.socket.send(sound);
      session.send({ message: { ...common, transcript, originalTranscript: transcript, call } });
      session.send({ type: 'conversation-update', conversation: [{ role: 'user', content: transcript }] });
    },
    hangup: (session) => session.socket.close(1000),
  });
  const call = '0f3c9d51-7a44-4c1e-9a51-3f1b5c0e7d22';
  const route = { protocol: 'vapi-transport', credential: undefined };
  interop = await Interop.open(vendor, { route, more: nobody });
  const { socket, told } = await meet(`/${call}/transport`, { headers: { 'x-chaperone-token': appToken } });
  const heard: Buffer[] = [];
  socket.on('message', (data: Buffer, binary) => {
    if (binary) heard.push(data);
  });
  socket.send(Buffer.alloc(320, 0x55));
  await has(told, 'conversation-update');
  const closed = new Promise((resolve) => {
    socket.once('close', resolve);
  });
  send(socket, { type: 'hangup' });
  expect(await closed).toBe(1000);
  expect(Buffer.concat(heard).equals(sound)).toBe(true);
  expect(Buffer.concat(first()?.heard ?? []).equals(Buffer.alloc(320, 0x55))).toBe(true);
  expect(first()?.path).toBe(`/${call}/transport`);
  expect(JSON.stringify(told)).not.toMatch(/zephyr|quillf|x\.example/iu);
  expect(told).toContainEqual({
    type: 'conversation-update',
    conversation: [{ role: 'user', content: shown('this is [NAME] here') }],
  });
  interop.mustNotAppear(call);
});

it.each([
  ['a model of somebody who is not approved', { model: { provider: 'x-ai' } }, 'SUBPROCESSOR_NOT_APPROVED'],
  ['a mode that keeps calls', { compliancePlan: { hipaaEnabled: false } }, 'RETENTION_NOT_OFF'],
  ['an approved model and nothing kept', { model: { provider: 'vapi' }, compliancePlan: { hipaaEnabled: true } }, ''],
])('Vapi: its messages bear an assistant with %s', async (_what, assistant, reason) => {
  const vendor = answering({
    binary: (session) => session.send({ type: 'status-update', status: 'in-progress', call: { id: 'c-1', assistant } }),
  });
  interop = await Interop.open(vendor, { route: { protocol: 'vapi-transport', credential: undefined } });
  const { socket, told } = await meet('/c-1/transport', { headers: { 'x-chaperone-token': appToken } });
  const closed: string[] = [];
  socket.once('close', (_code, why: Buffer) => closed.push(why.toString()));
  socket.send(Buffer.alloc(320, 0x55));
  await eventually(() => told.length + closed.length > 0);
  expect([told.length, closed.join()]).toEqual(reason === '' ? [1, ''] : [0, expect.stringContaining(reason)]);
  socket.close();
});
