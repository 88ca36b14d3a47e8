import { randomBytes } from 'node:crypto';
import { request } from 'node:https';
import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import { Stream } from 'openai/streaming';
import { afterEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { canary } from '../../src/server/demo/booking.ts';
import type { SceneConfiguration } from '../../src/server/demo/scene.ts';
import { prompt, setup } from '../../src/server/demo/streams.ts';
import { echoing, startChatModel, type ChatModel, type Model, type ModelRequest } from '../vendors/chat-model.ts';
import { closed, eventually, Stage } from './stage.ts';
import { startSystem, type System } from './system.ts';

const instructions = 'You book appointments for Cedar Skin Studio.';
const secret = randomBytes(24).toString('hex');
const tokens = { NAME: 'token', PHONE: 'token' };

let stage: Stage;
let model: ChatModel;
let system: System | undefined;

/** The scene whose ConversationRelay route leads to a model of text. */
function toModel(session: object, more: object = {}, vendor: object = {}): (made: SceneConfiguration) => object {
  return (made) => ({
    ...made,
    // A loaded machine is no reason to mask the words that a test waits for.
    limits: { frame_budget_ms: 1_000 },
    ...more,
    sub_processors: made.sub_processors.map((entry) => (entry.id === 'demo-voice' ? { ...entry, ...vendor } : entry)),
    routes: made.routes.map((route) =>
      route.name === 'booking'
        ? {
            ...route,
            bridge: 'chat-completions',
            url: route.url.replace('wss:', 'https:').replace('/booking', '/v1'),
            headers: { Authorization: 'Bearer sk-planted-key' },
            model: 'gpt-5.4-mini',
            session: { instructions, ...session },
          }
        : route,
    ),
  });
}

async function open(answers: Model, session: object = {}, more: object = {}, vendor: object = {}): Promise<void> {
  stage = await Stage.open({
    change: toModel(session, more, vendor),
    vendor: async (scene) => {
      model = await startChatModel(scene, answers);
      return model;
    },
  });
}

afterEach(async () => {
  await stage.curtain();
  await system?.close();
  system = undefined;
});

/** The carrier's side of a talk: what it is given to speak, and the other messages. */
class Caller {
  readonly socket: WebSocket;
  readonly callSid: string;
  readonly others: string[] = [];
  heard = '';
  ends = 0;

  private constructor(socket: WebSocket, callSid: string) {
    this.socket = socket;
    this.callSid = callSid;
    socket.on('message', (data: Buffer) => this.#take(data.toString()));
  }

  static async ring(): Promise<Caller> {
    const { socket, callSid } = await stage.call('booking');
    const caller = new Caller(socket, callSid);
    socket.send(setup(callSid, stage.carrier.accountSid));
    return caller;
  }

  say(text: string): void {
    this.socket.send(prompt(text, true));
  }

  /** Says something and gets the answer. */
  async ask(text: string): Promise<string> {
    const [ends, from] = [this.ends, this.heard.length];
    this.say(text);
    await eventually(() => this.ends > ends);
    return this.heard.slice(from);
  }

  interrupt(utteranceUntilInterrupt: string): void {
    this.socket.send(JSON.stringify({ type: 'interrupt', utteranceUntilInterrupt, durationUntilInterruptMs: '460' }));
  }

  hangUp(): void {
    this.socket.close(1000);
  }

  #take(text: string): void {
    const { type, token = '', last } = JSON.parse(text) as { type: string; token?: string; last?: boolean };
    if (type !== 'text') return void this.others.push(text);
    this.heard += token;
    if (last === true) this.ends += 1;
  }
}

const asked = async (count: number): Promise<ModelRequest> => {
  await eventually(() => model.requests.length >= count);
  const request = model.requests[count - 1];
  if (request === undefined) throw new Error('Nobody was asked');
  return request;
};

it('a talk: streamed tokens, a history, one connection, and no identifier in any of it', async () => {
  await open(echoing, { temperature: 0.3, answer_tokens: 200, greeting: 'Cedar Skin Studio, how can I help?' });
  const caller = await Caller.ring();
  await eventually(() => caller.heard === 'Cedar Skin Studio, how can I help?' && caller.ends === 1);
  caller.socket.send(prompt('hi this is zeph', false));
  expect(await caller.ask(`hi this is ${canary.name} about botox`)).toMatch(
    /^You said: hi this is \[NAME\](?: \[NAME\])? about botox$/u,
  );
  expect(await caller.ask('and my number is 512-555-0143')).toMatch(/^You said: and my number is \[PHONE\]/u);
  const [first, second] = model.requests;
  const roles = ['system', 'assistant', 'user', 'assistant', 'user'];
  expect(first?.path).toBe('/v1/chat/completions');
  expect(first?.headers).toMatchObject({ authorization: 'Bearer sk-planted-key', accept: 'text/event-stream' });
  expect(first?.body).toMatchObject({ model: 'gpt-5.4-mini', stream: true, store: false, temperature: 0.3 });
  expect(second?.body.messages.map(({ role }) => role)).toEqual(roles);
  expect(second?.body.messages[0]?.content).toBe(instructions);
  expect(model.requests.map(({ connection }) => connection)).toEqual([1, 1]);
  caller.hangUp();
  await stage.stop();
  expect(await stage.events()).toContain('call.end CALLER_CLOSED');
  expect(stage.lines.join('\n')).not.toContain('sk-planted-key');
});

it('pseudonyms go to the model and come back as what the caller said, also over pieces', async () => {
  await open(
    (request) => {
      const [name = '', phone = ''] = request.last.match(/\[\w+\]/gu) ?? ['[NAME_9]', '[PHONE_9]'];
      for (const piece of `Thank you, ${name}. Shall I call ${phone}?`.match(/.{1,3}/gu) ?? []) request.say(piece);
      request.end();
    },
    {},
    { clearances: { vendor: tokens } },
  );
  const caller = await Caller.ring();
  const answer = await caller.ask('this is rosalind okafor and my number is 512-555-0199');
  expect(answer).toMatch(/^Thank you, rosalind okafor\. Shall I call 512-555-0199\?$/iu);
  expect(model.requests[0]?.last).toMatch(/^this is \[NAME_\d\] and my number is \[PHONE_\d\]$/u);
  // One that this call never gave out stands for nobody.
  expect(await caller.ask('yes')).toBe('Thank you, [NAME_9]. Shall I call [PHONE_9]?');
  expect(model.requests[1]?.body.messages.at(-2)?.content).toMatch(
    /^Thank you, \[NAME_\d\]\. Shall I call \[PHONE_\d\]\?$/u,
  );
  caller.hangUp();
});

it('the caller breaks in: the answer is given up, and the model learns what was heard', async () => {
  let isFirst = true;
  await open((request) => {
    request.say('Botox is twelve dollars a unit, ');
    if (!isFirst) request.end();
    isFirst = false;
  });
  const caller = await Caller.ring();
  caller.say('what does it cost');
  await eventually(() => caller.heard.includes('twelve'));
  caller.interrupt('Botox is twelve');
  const first = await asked(1);
  await eventually(() => first.abortedAt !== undefined);
  await caller.ask('and filler');
  expect(model.requests[1]?.body.messages.slice(1)).toEqual([
    { role: 'user', content: 'what does it cost' },
    { role: 'assistant', content: 'Botox is twelve' },
    { role: 'user', content: 'and filler' },
  ]);
  caller.hangUp();
});

it('the caller hangs up: the answer is given up with the call', async () => {
  await open((request) => void request.say('Botox is twelve dollars a unit, '));
  const caller = await Caller.ring();
  caller.say('what does it cost');
  await eventually(() => caller.heard.includes('twelve'));
  caller.hangUp();
  const first = await asked(1);
  await eventually(() => first.abortedAt !== undefined);
  await stage.stop();
  expect(await stage.events()).toContain('call.end CALLER_CLOSED');
});

describe('tools', () => {
  const tool = { name: 'find_slot', description: 'Finds a slot.', parameters: { type: 'object', properties: {} } };

  /** The model asks for a slot under the pseudonym that the caller has for it, in pieces. */
  async function asksForSlot(app: object): Promise<Caller> {
    const asked = await startSystem(secret, () => JSON.stringify({ free: ['two'], patient: canary.name }));
    system = asked;
    await open(
      (request) => {
        if (request.body.messages.at(-1)?.role === 'tool') {
          request.say('Two is free.').end();
          return;
        }
        const [name = ''] = /\[NAME_\d\]/u.exec(request.last) ?? [];
        request.call('call_1', 'find_slot', '').call('', '', `{"for":"${name.slice(0, 3)}`);
        request.call('', '', `${name.slice(3)}"}`).end('tool_calls');
      },
      { tools: [tool], webhook: { url: asked.url, secret } },
      { clearances: { vendor: tokens, app } },
    );
    const caller = await Caller.ring();
    expect(await caller.ask('it is rosalind okafor do you have anything on thursday')).toBe('Two is free.');
    return caller;
  }

  it('arguments in pieces with a pseudonym, the signed question, the answer without what identifies', async () => {
    const caller = await asksForSlot({});
    expect(system?.asked).toMatchObject([{ signed: true, body: { tool: 'find_slot' } }]);
    expect(JSON.stringify(system?.asked[0]?.body)).toMatch(/"for":"rosalind okafor"/iu);
    expect(model.requests[1]?.body.messages.at(-1)).toEqual({
      role: 'tool',
      tool_call_id: 'call_1',
      content: expect.stringMatching(/^\{"free":\["two"\],"patient":"\[NAME_\d\](?: \[NAME_\d\])?"\}$/u),
    });
    caller.hangUp();
  });

  it('a pseudonym means nothing to a system that may not see who calls', async () => {
    const caller = await asksForSlot({ NAME: 'mask' });
    expect(system?.asked).toMatchObject([{ signed: true, body: { tool: 'find_slot' } }]);
    expect(JSON.stringify(system?.asked[0]?.body)).not.toMatch(/rosalind|okafor/iu);
    caller.hangUp();
  });
});

describe('the end of the call', () => {
  const goodbye: Model = (request) => request.say('Goodbye.').call('call_1', 'end_call', '{}').end('tool_calls');

  it('is hung up by REST when the agent ends it', async () => {
    await open(goodbye);
    const caller = await Caller.ring();
    const ended = closed(caller.socket);
    stage.twilio.onMoved = () => caller.hangUp();
    caller.say('that is all');
    await ended;
    expect(caller.heard).toBe('Goodbye.');
    expect(caller.others).toEqual([]);
    expect(stage.twilio.requests.map(({ form }) => form['Twiml'])).toEqual([
      '<?xml version="1.0" encoding="UTF-8"?><Response><Hangup/></Response>',
    ]);
    await stage.stop();
    expect(await stage.events()).toContain('call.end SESSION_ENDED');
    expect(await stage.has('route.human')).toBe(false);
  });

  it('is a human where REST does not hang up', async () => {
    await open(goodbye);
    stage.twilio.answers.push({ status: 404 });
    const caller = await Caller.ring();
    const ended = closed(caller.socket);
    caller.say('that is all');
    expect((await ended).reason).toBe('SESSION_ENDED');
    expect(caller.others).toHaveLength(1);
    expect(JSON.parse(caller.others[0] ?? '')).toMatchObject({ type: 'end' });
    await stage.stop();
    const ways = (await stage.records()).filter(({ members }) => members['k'] === 'route.human');
    expect(
      ways.map(({ members }) => [members['o'], Object(members['f'])['way'], Object(members['f'])['code']]),
    ).toEqual([
      ['failed', 'hangup', '404'],
      ['ok', 'end', undefined],
    ]);
  });
});

describe('what sends the caller to a human', () => {
  const handoffs: readonly (readonly [string, string, Model])[] = [
    ['a filter that withholds the answer', 'ANSWER_WITHHELD', (request) => request.say('I').end('content_filter')],
    [
      'a filter that refuses the question',
      'ANSWER_WITHHELD',
      (request) => request.refuse(400, { error: { message: 'filtered', code: 'content_filter' } }),
    ],
    ['a fault in the stream', 'VENDOR_FAILED', (request) => void request.event({ error: { message: 'x' } })],
    ['a refused key', 'VENDOR_REJECTED', (request) => request.refuse(401)],
    ['a redirect', 'VENDOR_REDIRECT', (request) => request.refuse(307)],
    ['a server that fails twice', 'VENDOR_REJECTED', (request) => request.refuse(503)],
    [
      'a stream that breaks off',
      'VENDOR_CLOSED',
      (request) => setTimeout(() => request.die(), 50) && void request.say('I'),
    ],
    ['a model that is gone', 'VENDOR_UNREACHABLE', (request) => request.die()],
    ['an event without an end', 'FRAME_TOO_LARGE', (request) => request.raw(`data: ${'x'.repeat(1_100_000)}`)],
    ['an answer that is no stream', 'VENDOR_REJECTED', (request) => request.refuse(200)],
    ['a refusal without a reason', 'VENDOR_FAILED', (request) => request.refuse(400, { error: 'no' })],
    [
      'a person is asked for by the agent',
      'HUMAN_ASKED',
      (request) => request.call('c', 'transfer_to_person', '{}').end('tool_calls'),
    ],
  ];

  it.each(handoffs)('%s: %s', async (_what, reason, answers) => {
    await open(answers);
    const caller = await Caller.ring();
    const ended = closed(caller.socket);
    caller.say('hello');
    expect((await ended).reason).toBe(reason);
    expect(JSON.parse(JSON.parse(caller.others.at(-1) ?? '').handoffData)).toEqual({ reason, route: 'booking' });
    await stage.stop();
    expect(await stage.events()).toContain(`route.human ${reason}`);
  });

  it('words of a crisis never reach the model', async () => {
    await open(echoing);
    const caller = await Caller.ring();
    const ended = closed(caller.socket);
    caller.say("i don't want to live anymore");
    expect((await ended).reason).toBe('CRISIS');
    expect(model.requests).toEqual([]);
  });

  it('a model outside of the agreement is not called', async () => {
    await open(echoing, {}, {}, { models: ['claude-*'] });
    await expect(stage.call('booking')).rejects.toThrow('sent to a human');
    expect(model.connections).toBe(0);
  });
});

describe('connections', () => {
  it('one that the vendor has closed meanwhile is made anew, judged and recorded', async () => {
    await open(echoing);
    const caller = await Caller.ring();
    await caller.ask('one');
    model.dropIdle();
    await caller.ask('two');
    expect(model.requests.map(({ connection }) => connection)).toEqual([1, 2]);
    caller.hangUp();
    await stage.stop();
    const connects = (await stage.records()).filter(({ members }) => members['k'] === 'vendor.connect');
    expect(connects).toHaveLength(2);
  });

  it('a first failure of the server is asked again', async () => {
    let times = 0;
    await open((request) => {
      times += 1;
      if (times === 1) request.refuse(503);
      else request.say('Here I am.').end();
    });
    const caller = await Caller.ring();
    expect(await caller.ask('hello')).toBe('Here I am.');
    caller.hangUp();
  });

  it('a pinned key that is not the one of the vendor refuses the call', async () => {
    await open(echoing, {}, {}, { pins: [`sha256/${'A'.repeat(43)}=`] });
    const caller = await Caller.ring();
    expect((await closed(caller.socket)).reason).toBe('VENDOR_PIN_MISMATCH');
    expect(model.requests).toEqual([]);
    await stage.stop();
    expect(await stage.events()).toContain('vendor.refuse VENDOR_PIN_MISMATCH');
  });
});

it('the loopback model speaks what the SDK of OpenAI reads', async () => {
  await open((request) => request.say('One. ').call('call_1', 'find_slot', '{}').end('tool_calls'));
  const wire = await posted(JSON.stringify({ messages: [{ role: 'user', content: 'hello' }] }));
  const chunks: ChatCompletionChunk[] = [];
  for await (const chunk of Stream.fromSSEResponse<ChatCompletionChunk>(new Response(wire), new AbortController()))
    chunks.push(chunk);
  expect(chunks.map(({ choices: [choice] }) => choice?.delta.content ?? '').join('')).toBe('One. ');
  expect(chunks.flatMap(({ choices: [choice] }) => choice?.finish_reason ?? [])).toEqual(['tool_calls']);
});

/** What the model answers to a body, byte for byte. */
function posted(body: string): Promise<Buffer> {
  const { vendorPort, authority } = stage.scene;
  return new Promise((resolve, reject) => {
    request(
      { host: 'localhost', port: vendorPort, path: '/v1/chat/completions', method: 'POST', ca: authority },
      (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('end', () => resolve(Buffer.concat(pieces)));
      },
    )
      .on('error', reject)
      .end(body);
  });
}
