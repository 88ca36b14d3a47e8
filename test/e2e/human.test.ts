import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { loadConfig } from '../../src/server/config/load.ts';
import { ask, callSidOf } from '../../src/server/demo/carrier.ts';
import type { Scene, SceneConfiguration } from '../../src/server/demo/scene.ts';
import { mediaFrame, prompt, setup } from '../../src/server/demo/streams.ts';
import { listenOn } from '../../src/server/port.ts';
import { closed, eventually, Stage, vendorTls, type StageVendor, type StartedCall } from './stage.ts';

/** A vendor that keeps what it got with the time, says what it is told to, and can die. */
class Vendor implements StageVendor {
  readonly sessions: StageVendor['sessions'] = [];
  readonly texts: string[] = [];
  readonly endings: { readonly code: number; readonly reason: string }[] = [];
  lastAt = 0;
  endedAt = 0;
  readonly sockets = new Set<WebSocket>();
  close: () => Promise<void> = () => Promise.resolve();

  static async start(scene: Scene): Promise<Vendor> {
    const vendor = new Vendor();
    const { certificate, key } = await vendorTls(scene);
    const server = createServer({ cert: certificate, key });
    new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => vendor.#hold(socket));
    await listenOn(server, { host: '127.0.0.1', port: scene.vendorPort });
    vendor.close = async () => {
      vendor.die();
      await new Promise((resolve) => server.close(resolve));
    };
    return vendor;
  }

  die(): void {
    for (const socket of this.sockets) socket.terminate();
  }

  say(token: string): void {
    for (const socket of this.sockets) socket.send(JSON.stringify({ type: 'text', token, last: true }));
  }

  #hold(socket: WebSocket): void {
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => {
      this.lastAt = performance.now();
      this.texts.push(data.toString('utf8'));
    });
    socket.on('close', (code, reason) => {
      this.endedAt = performance.now();
      this.endings.push({ code, reason: reason.toString('utf8') });
    });
  }
}

let stage: Stage;
let vendor: Vendor;
const times: string[] = [];

async function open(change: (made: SceneConfiguration) => object): Promise<void> {
  stage = await Stage.open({
    change,
    vendor: async (scene) => {
      vendor = await Vendor.start(scene);
      return vendor;
    },
  });
}

const via =
  (way: 'twiml' | 'redirect', more: object = {}) =>
  (made: SceneConfiguration): object => ({
    ...made,
    ...more,
    routes: made.routes.map((route) => ({ ...route, human: { ...route.human, via: way } })),
  });

const therapy = { practice: { name: 'Quiet Room', profile: 'therapy', time_zone: 'America/Chicago' } };

afterEach(async () => {
  await stage.curtain();
  console.log(times.splice(0).join('\n'));
});

/** A ConversationRelay call that has started, with all that Twilio is told. */
async function booked(): Promise<{ readonly socket: WebSocket; readonly callSid: string; readonly told: string[] }> {
  const { socket, callSid } = await stage.call('booking');
  const told: string[] = [];
  socket.on('message', (data: Buffer) => told.push(data.toString('utf8')));
  socket.send(setup(callSid, stage.carrier.accountSid));
  await eventually(() => vendor.texts.some((text) => text.includes('"setup"')));
  return { socket, callSid, told };
}

/** A Media Streams call whose first frame has reached the vendor. */
async function speaking(): Promise<StartedCall & { readonly ended: ReturnType<typeof closed> }> {
  const call = await stage.started();
  call.socket.send(mediaFrame(call.streamSid, 0, '//8='));
  await eventually(() => vendor.texts.some((text) => text.includes('"media"')));
  return { ...call, ended: closed(call.socket) };
}

interface Shown {
  readonly outcome: unknown;
  readonly way: unknown;
  readonly code: unknown;
  readonly tookMs: unknown;
}

/** What the log says of the way to a human, after the decision. */
async function handovers(): Promise<Shown[]> {
  await stage.stop();
  const records = (await stage.records()).filter(({ members }) => members['k'] === 'route.human');
  return records.slice(1).map(({ members }) => {
    const facts = Object(members['f']) as Record<string, unknown>;
    const totals = Object(members['q']) as Record<string, unknown>;
    return { outcome: members['o'], way: facts['way'], code: facts['code'], tookMs: totals['tookMs'] };
  });
}

const took = (what: string, from: number, to: number): void => void times.push(`${what}: ${(to - from).toFixed(1)} ms`);

describe('a crisis', () => {
  it('is moved over REST, with the words of the crisis line before the human', async () => {
    await open(via('redirect'));
    const { socket, callSid } = await booked();
    const ended = closed(socket);
    stage.twilio.onMoved = () => socket.close(1000);
    const before = vendor.texts.length;
    const saidAt = performance.now();
    socket.send(prompt("hi i'm calling to cancel because i don't want to live anymore", true));
    await ended;
    const [request] = stage.twilio.requests;
    expect(request?.path).toContain(`/Calls/${callSid}.json`);
    expect(request?.credentials).toBe(`${stage.scene.accountSid}:${stage.scene.authToken}`);
    expect(request?.form['Twiml']).toMatch(
      /<Say>[^<]*9 8 8[^<]*9 1 1[^<]*front desk\.<\/Say><Dial>\+15125550100<\/Dial>/u,
    );
    expect(vendor.texts).toHaveLength(before);
    await eventually(() => vendor.endings.length > 0);
    expect(vendor.endings).toEqual([{ code: 1000, reason: '' }]);
    took('crisis, spoken to REST', saidAt, request?.at ?? Number.NaN);
    took('crisis, spoken to the end of the vendor', saidAt, vendor.endedAt);
    expect(await handovers()).toMatchObject([{ outcome: 'ok', way: 'redirect' }]);
    expect(await stage.events()).toContain('route.human CRISIS');
    expect(await stage.events()).toContain('call.end CRISIS');
  });

  it('is heard in a growing hypothesis whose end never comes', async () => {
    await open(via('redirect'));
    const { socket } = await booked();
    const ended = closed(socket);
    stage.twilio.onMoved = () => socket.close(1000);
    const saidAt = performance.now();
    for (const text of ['i', 'i want to', 'i want to kill', 'i want to kill myself']) socket.send(prompt(text, false));
    await ended;
    took('crisis, last hypothesis to REST', saidAt, stage.twilio.requests[0]?.at ?? Number.NaN);
    expect(await handovers()).toMatchObject([{ way: 'redirect' }]);
  });

  it('is not heard in a manner of speaking', async () => {
    await open(via('redirect'));
    const { socket } = await booked();
    socket.send(prompt('that facial is to die for and my feet are killing me', true));
    await eventually(() => vendor.texts.some((text) => text.includes('"prompt"')));
    expect(socket.readyState).toBe(socket.OPEN);
    socket.close();
    expect(await handovers()).toEqual([]);
  });
});

describe('a request for a person', () => {
  it('ends the session with a code and a route, and the TwiML goes on with the human', async () => {
    await open(via('twiml'));
    const { twiml } = await ask(stage.carrier, 'booking', callSidOf(9));
    expect(twiml).toMatch(/<\/Connect><Say>[^<]+<\/Say><Dial>\+15125550100<\/Dial>/u);
    const { socket, told } = await booked();
    const ended = closed(socket);
    const saidAt = performance.now();
    socket.send(prompt('can i just talk to a real person', true));
    await ended;
    took('person, spoken to the end of the stream', saidAt, performance.now());
    const last = JSON.parse(told.at(-1) ?? '{}') as { type?: string; handoffData?: string };
    expect(last.type).toBe('end');
    expect(JSON.parse(last.handoffData ?? '')).toEqual({ reason: 'HUMAN_ASKED', route: 'booking' });
    expect(stage.twilio.requests).toEqual([]);
    expect(await handovers()).toMatchObject([{ outcome: 'ok', way: 'end' }]);
  });

  it('is granted when the agent announces it', async () => {
    await open(via('twiml'));
    const { socket } = await booked();
    const ended = closed(socket);
    vendor.say('Of course. Let me connect you to a person.');
    expect((await ended).reason).toBe('HUMAN_ASKED');
  });

  it('is granted when the caller accepts an offer', async () => {
    await open(via('twiml'));
    const { socket, told } = await booked();
    const ended = closed(socket);
    vendor.say('Would you like me to connect you to a person?');
    await eventually(() => told.some((text) => text.includes('connect you')));
    socket.send(prompt('yes please', true));
    expect((await ended).reason).toBe('HUMAN_ASKED');
  });
});

describe('a therapy practice', () => {
  it('names the crisis line in the TwiML that needs nobody, and sends therapeutic talk to a human', async () => {
    await open(via('twiml', therapy));
    const { twiml } = await ask(stage.carrier, 'booking', callSidOf(9));
    expect(twiml).toMatch(/<\/Connect><Say>[^<]*9 8 8[^<]*<\/Say><Dial>/u);
    const { socket } = await booked();
    socket.send(prompt('i would like to move my appointment for anxiety to friday', true));
    await eventually(() => vendor.texts.some((text) => text.includes('"prompt"')));
    const ended = closed(socket);
    socket.send(prompt("lately i've been feeling so hopeless and i can't stop crying", true));
    expect((await ended).reason).toBe('THERAPEUTIC_TALK');
    expect(vendor.texts.join('')).not.toContain('hopeless');
  });
});

describe('a vendor that dies', () => {
  it('leaves the caller with a human that REST has called', async () => {
    await open(via('redirect'));
    const { socket, ended } = await speaking();
    stage.twilio.onMoved = () => socket.close(1000);
    const diedAt = performance.now();
    vendor.die();
    await ended;
    const [request] = stage.twilio.requests;
    took('death of the vendor to REST', diedAt, request?.at ?? Number.NaN);
    expect(request?.form['Twiml']).toContain(
      '<Say>I am connecting you with our front desk.</Say><Dial>+15125550100</Dial>',
    );
    expect(await handovers()).toMatchObject([{ outcome: 'ok', way: 'redirect' }]);
  });

  it.each([
    ['refuses', [{ status: 500 }, { status: 500 }], '500'],
    ['knows no such call', [{ status: 404 }], '404'],
    ['does not answer', [undefined], 'TIMEOUT'],
  ])('leaves the caller with the next TwiML verb where REST %s', async (_name, answers, code) => {
    await open(via('redirect'));
    stage.twilio.answers.push(...answers);
    const { ended } = await speaking();
    const diedAt = performance.now();
    vendor.die();
    expect((await ended).reason).toBe('VENDOR_CLOSED');
    took(`death of the vendor to the next verb, REST ${code}`, diedAt, performance.now());
    expect(performance.now() - diedAt).toBeLessThan(10_000);
    expect(await handovers()).toMatchObject([
      { outcome: 'failed', way: 'redirect', code },
      { outcome: 'ok', way: 'twiml' },
    ]);
  });
});

it('an agreement that ends in the middle of a call sends its callers to a human within a second', async () => {
  await open(via('redirect'));
  const { socket, streamSid, ended } = await speaking();
  stage.twilio.onMoved = () => socket.close(1000);
  const text = await readFile(stage.scene.config, 'utf8');
  const [, expires = ''] = /id: demo-voice[\s\S]*?expires: (\S+)/u.exec(text) ?? [];
  await writeFile(stage.scene.config, text.replace(`expires: ${expires}`, 'expires: 2026-01-01'));
  const loaded = await loadConfig(stage.scene.config, process.env);
  if ('faults' in loaded) throw new Error(JSON.stringify(loaded.faults));
  let index = 1;
  const talk = setInterval(() => socket.send(mediaFrame(streamSid, (index += 1), '//8=')), 20);
  await eventually(() => vendor.texts.length > 5);
  const revokedAt = performance.now();
  stage.service.reload(loaded.config);
  await ended;
  clearInterval(talk);
  took('revoked agreement to REST', revokedAt, stage.twilio.requests[0]?.at ?? Number.NaN);
  took('revoked agreement to the last vendor byte', revokedAt, Math.max(vendor.lastAt, revokedAt));
  expect(await handovers()).toMatchObject([{ outcome: 'ok', way: 'redirect' }]);
  expect(await stage.events()).toContain('route.human VENDOR_REVOKED');
});

it('a stream that is not the call of its token moves no call', async () => {
  await open(via('redirect'));
  const { socket } = await stage.call('booking');
  const ended = closed(socket);
  socket.send(setup(callSidOf(77), stage.carrier.accountSid));
  expect((await ended).reason).toBe('CALL_MISMATCH');
  expect(stage.twilio.requests).toEqual([]);
});

it('what is closing waits for calls on their way to a human', async () => {
  await open(via('redirect'));
  stage.twilio.answers.push({ status: 200, afterMs: 500 });
  const { socket } = await booked();
  const ended = closed(socket);
  socket.send(prompt('representative', true));
  await eventually(() => stage.twilio.requests.length > 0);
  await stage.stop();
  await ended;
  expect(await handovers()).toMatchObject([{ outcome: 'ok', way: 'redirect' }]);
});

describe('notices', () => {
  const practice = { name: 'Cedar Skin Studio', profile: 'medspa', time_zone: 'America/Los_Angeles', states: ['CA'] };
  const digest = (text: string | undefined): string =>
    createHash('sha256')
      .update(text ?? '')
      .digest('hex');

  /** What the log says of notices, and of the call that was admitted. */
  async function recorded(): Promise<{ readonly given: object[]; readonly admitted: unknown }> {
    await stage.stop();
    const records = (await stage.records()).map(({ members: { k, c, f } }) => ({ kind: k, call: c, facts: f }));
    const given = records.filter(({ kind }) => kind === 'notice.given');
    return {
      given: given.map(({ call, facts }) => ({ call, ...Object(facts) })),
      admitted: records.find(({ kind }) => kind === 'call.admit')?.call,
    };
  }

  it('are on record under their call once they have been spoken, the one at the end too', async () => {
    await open(via('twiml', { practice }));
    const { twiml } = await ask(stage.carrier, 'booking', callSidOf(9));
    const [, first, last] =
      /<Say>([^<]+)<\/Say><Connect>.*<\/Connect><Say>(You were speaking with an automated assistant\.) /u.exec(twiml) ??
      [];
    const { socket } = await booked();
    const ended = closed(socket);
    socket.send(prompt('can i just talk to a real person', true));
    await ended;
    const { given, admitted } = await recorded();
    expect(given).toEqual([
      { call: admitted, route: 'booking', at: 'start', sha256: digest(first) },
      { call: admitted, route: 'booking', at: 'end', sha256: digest(last) },
    ]);
  });

  it('that nobody heard are not: a caller hangs up in the first, another before the last', async () => {
    await open(via('twiml', { practice }));
    await ask(stage.carrier, 'booking', callSidOf(9));
    const { socket } = await booked();
    const ended = closed(socket);
    socket.close(1000);
    await ended;
    const { given, admitted } = await recorded();
    expect(given).toMatchObject([{ call: admitted, at: 'start' }]);
  });
});

describe('where nobody can be dialled', () => {
  const alone = (way: 'twiml' | 'redirect') => (made: SceneConfiguration) => ({
    ...made,
    routes: made.routes.map((route) => ({ ...route, human: { via: way } })),
  });

  it('the TwiML that runs for a reason unknown has the words of a crisis in it, in every profile', async () => {
    await open(alone('twiml'));
    const { twiml } = await ask(stage.carrier, 'booking', callSidOf(9));
    expect(twiml).toMatch(/<\/Connect><Say>[^<]*9 8 8[^<]*9 1 1[^<]*<\/Say><\/Response>/u);
  });

  it('a vendor that dies is nothing of the kind, where REST says why', async () => {
    await open(alone('redirect'));
    const { socket, ended } = await speaking();
    stage.twilio.onMoved = () => socket.close(1000);
    vendor.die();
    await ended;
    expect(stage.twilio.requests[0]?.form['Twiml']).toMatch(/<Response><Say>We cannot take[^<]*<\/Say><\/Response>/u);
  });
});
