/** Who of the practice's apps is let in, and with what. */
import { connect } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { ask as askCarrier } from '../../src/server/demo/carrier.ts';
import { Interop, appToken, vendorKey, type InteropOptions } from '../interop/app.ts';
import { approach, ask, listener, refusalOf, withToken, type Approach } from './apps.ts';

let interop: Interop;
afterEach(() => interop.close());

const listening = { route: { protocol: 'deepgram-listen' } };
const open = async (options: InteropOptions = listening): Promise<void> => {
  interop = await Interop.open(listener, options);
};
const bearing = (name: string, value: string): Approach => ({ headers: { [name]: value } });

describe('a token', () => {
  it('is taken where an SDK puts its key, and the vendor gets the key that chaperone holds', async () => {
    await open();
    const ways: readonly Approach[] = [
      withToken,
      bearing('authorization', `Token ${appToken}`),
      bearing('authorization', appToken),
      bearing('xi-api-key', appToken),
      bearing('api-key', appToken),
      bearing('x-chaperone-token', appToken),
      { protocols: ['token', appToken] },
      { protocols: ['bearer', appToken] },
      { protocols: ['realtime', `openai-insecure-api-key.${appToken}`] },
      { protocols: ['convai', `bearer.${appToken}`] },
    ];
    const chosen: string[] = [];
    for (const how of ways) {
      const socket = await approach(interop, '/v1/listen?model=nova-3', how);
      chosen.push(socket.protocol);
      socket.close();
    }
    expect(chosen).toEqual(['', '', '', '', '', '', 'token', 'bearer', 'realtime', 'convai']);
    const keys = interop.vendor.sessions.map(({ headers }) => headers['authorization']);
    expect(keys).toEqual(ways.map(() => `Token ${vendorKey}`));
    const others = interop.vendor.sessions.flatMap(({ headers }) => Object.keys(headers));
    expect([...new Set(others)].sort()).toEqual([
      'authorization',
      'connection',
      'host',
      'sec-websocket-key',
      'sec-websocket-version',
      'upgrade',
    ]);
  });

  it('of a parameter is taken out of the URL, and the key put there is the held one', async () => {
    await open({ route: { protocol: 'gemini-live' } });
    const path = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';
    const socket = await approach(interop, `/${path}?key=${appToken}`, {});
    socket.close();
    expect(interop.vendor.sessions[0]?.path).toBe(`${path}?key=${vendorKey}`);
  });

  it('that is missing, wrong or too long is refused, and nobody is dialled', async () => {
    await open();
    const wrong = [
      {},
      bearing('authorization', `Bearer ${appToken}x`),
      bearing('authorization', `Bearer ${appToken.slice(0, -1)}`),
      bearing('authorization', 'Bearer '),
      bearing('authorization', `Basic ${appToken}`),
      bearing('x-chaperone-token', 'x'.repeat(8_000)),
      { protocols: [appToken] },
      { headers: { ...withToken.headers, 'x-chaperone-token': 'another' } },
    ];
    for (const how of wrong) expect(await refusalOf(interop, '/v1/listen', how)).toBe('401 APP_UNKNOWN');
    expect(interop.vendor.sessions).toEqual([]);
    await interop.stage.stop();
    const refusals = (await interop.stage.records()).filter(({ members: { k } }) => k === 'call.refuse');
    expect(refusals.map(({ members: { a, rc } }) => `${String(a)} ${String(rc)}`)).toEqual(
      wrong.map(() => 'system APP_UNKNOWN'),
    );
  });

  it('of an app that the route does not name is refused by that app’s name', async () => {
    const other = 'planted-other-token-0123456789abcdefghi';
    await open({
      ...listening,
      more: {
        apps: [
          { name: 'front-desk-app', tokens: [appToken] },
          { name: 'kiosk', tokens: [other] },
        ],
      },
    });
    expect(await refusalOf(interop, '/v1/listen', bearing('authorization', other))).toBe('403 APP_NOT_ALLOWED');
    await interop.stage.stop();
    const refusal = (await interop.stage.records()).find(({ members: { k } }) => k === 'call.refuse');
    expect(refusal?.members).toMatchObject({ a: 'app:kiosk', rc: 'APP_NOT_ALLOWED' });
  });

  it('is recorded by the name of its app', async () => {
    await open();
    (await approach(interop, '/v1/listen')).close();
    await interop.stage.stop();
    const admitted = (await interop.stage.records()).find(({ members: { k } }) => k === 'call.admit');
    expect(admitted?.members).toMatchObject({ a: 'app:front-desk-app', o: 'ok' });
  });

  it('in a web page counts from a listed origin only', async () => {
    const apps = [{ name: 'front-desk-app', tokens: [appToken], origins: ['https://kiosk.cedar.example'] }];
    await open({ ...listening, more: { apps } });
    const from = (origin: string): Approach => ({ headers: { ...withToken.headers, origin } });
    expect(await refusalOf(interop, '/v1/listen', from('https://kiosk.cedar.example'))).toBe('let in');
    expect(await refusalOf(interop, '/v1/listen', from('https://evil.example'))).toBe('403 ORIGIN_REFUSED');
    expect(await refusalOf(interop, '/v1/listen', from('null'))).toBe('403 ORIGIN_REFUSED');
  });
});

it('strangers fill the log with so many events a minute and no more', async () => {
  await open();
  for (let turn = 0; turn < 150; turn += 1) expect((await ask(interop, 'GET', '/v1/listen')).status).toBe(401);
  await interop.stage.stop();
  const events = await interop.stage.events();
  expect(events.filter((event) => event === 'call.refuse APP_UNKNOWN').length).toBeLessThanOrEqual(240);
  expect(events.filter((event) => event === 'call.refuse APP_UNKNOWN').length).toBeGreaterThanOrEqual(120);
});

describe('the key of the vendor', () => {
  it('of the app is passed through where the route says so, and stands nowhere else', async () => {
    const own = 'planted-own-key-of-the-app-0123456789ab';
    await open({ route: { protocol: 'deepgram-listen', credential: undefined, pass_through: true } });
    const token = { 'x-chaperone-token': appToken };
    expect(await refusalOf(interop, '/v1/listen', bearing('authorization', `Token ${appToken}`))).toBe(
      '401 APP_UNKNOWN',
    );
    (await approach(interop, '/v1/listen', { headers: { ...token, authorization: `Token ${own}` } })).close();
    (await approach(interop, '/v1/listen', { headers: token, protocols: ['bearer', own] })).close();
    (await approach(interop, `/v1/listen?token=${own}`, { headers: token })).close();
    const seen = interop.vendor.sessions.map(({ path, headers }) => [path, headers['authorization']]);
    expect(seen).toEqual([
      ['/v1/listen?mip_opt_out=true', `Token ${own}`],
      ['/v1/listen?mip_opt_out=true', `Token ${own}`],
      [`/v1/listen?mip_opt_out=true&token=${own}`, undefined],
    ]);
    interop.mustNotAppear(own);
  });

  it('that an app puts into its first message is taken out', async () => {
    await open({ route: { protocol: 'elevenlabs-speech' } });
    const path = '/v1/text-to-speech/21m00Tcm4TlvDq8ikWAM/stream-input?model_id=eleven_flash_v2_5';
    const socket = await approach(interop, path, bearing('xi-api-key', appToken));
    socket.send(JSON.stringify({ text: ' ', xi_api_key: appToken, authorization: `Bearer ${appToken}` }));
    socket.send(JSON.stringify({ text: 'Your visit is on Tuesday. ', flush: true }));
    await interop.received(2);
    socket.close();
    const [session] = interop.vendor.sessions;
    expect(session?.headers['xi-api-key']).toBe(vendorKey);
    expect(session?.texts.map((text) => JSON.parse(text) as unknown)).toEqual([
      { text: ' ' },
      { text: 'Your visit is on Tuesday. ', flush: true },
    ]);
  });
});

describe('a request beside the socket', () => {
  it('is not passed on, and says what to do', async () => {
    await open({ route: { protocol: 'openai-realtime' } });
    const told = await ask(interop, 'POST', '/v1/realtime/client_secrets', { authorization: `Bearer ${appToken}` });
    expect(told.status).toBe(403);
    expect(JSON.parse(told.body)).toEqual({
      error: { code: 'REQUEST_NOT_PROXIED', message: expect.stringContaining("open it with the app's own token") },
    });
    const stranger = await ask(interop, 'POST', '/v1/realtime/client_secrets', { authorization: 'Bearer sk-x' });
    expect([stranger.status, JSON.parse(stranger.body)]).toMatchObject([401, { error: { code: 'APP_UNKNOWN' } }]);
  });

  it('of a form that no URL has is answered like every other', async () => {
    await open();
    const { callsPort: port, authority: ca } = interop.stage.scene;
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect({ port, host: 'localhost', ca, servername: 'localhost' }, () => {
        socket.write('GET // HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
      });
      socket.once('error', reject);
      socket.once('data', (data: Buffer) => resolve(data.toString().split('\r\n')[0] ?? ''));
    });
    expect(answer).toBe('HTTP/1.1 404 Not Found');
  });

  it('for a signed URL is answered with one that leads back here, once', async () => {
    const agents = { protocol: 'elevenlabs-agents' };
    await open({ route: agents, vendor: { configurations: ['agent_cedar'] } });
    const asked = '/v1/convai/conversation/get-signed-url?agent_id=agent_cedar';
    expect((await ask(interop, 'GET', asked)).status).toBe(401);
    const { status, body } = await ask(interop, 'GET', asked, { 'xi-api-key': appToken });
    expect(status).toBe(200);
    const { signed_url: signed } = JSON.parse(body) as { signed_url: string };
    const base = interop.base.replace(/^http/u, 'ws');
    expect(signed.startsWith(`${base}/v1/convai/conversation?agent_id=agent_cedar&conversation_signature=`)).toBe(true);
    expect(signed).not.toContain(appToken);
    const path = signed.slice(base.length);
    expect(await refusalOf(interop, path, {})).toBe('let in');
    expect(await refusalOf(interop, path, {})).toBe('401 APP_UNKNOWN');
    expect(interop.vendor.sessions.map((session) => session.path)).toEqual([
      '/v1/convai/conversation?agent_id=agent_cedar',
    ]);
  });

  it('of Twilio finds no route of an app', async () => {
    await open();
    expect((await askCarrier(interop.stage.carrier, 'voice', 'CA1')).status).toBe(404);
  });
});
