/** What of the URL and the headers of an app reaches the vendor. */
import { afterEach, describe, expect, it } from 'vitest';
import { canary } from '../../src/server/demo/booking.ts';
import { Interop, appToken, type InteropOptions } from '../interop/app.ts';
import { approach, listener, refusalOf, withToken } from './apps.ts';

let interop: Interop;
afterEach(() => interop.close());

const open = async (route: InteropOptions['route'], more: Omit<InteropOptions, 'route'> = {}): Promise<void> => {
  interop = await Interop.open(listener, { route, ...more });
};

/** The URL that the vendor saw for one that an app asked for. */
async function seen(path: string): Promise<URL> {
  (await approach(interop, path)).close();
  return new URL(interop.vendor.sessions.at(-1)?.path ?? '', interop.base);
}

const parameters = (url: URL): object => Object.fromEntries(url.searchParams);

describe('the query', () => {
  it('goes on as far as the table knows it; words are redacted, what keeps nothing is set', async () => {
    await open({ protocol: 'deepgram-listen' });
    const asked = new URLSearchParams({ model: 'nova-3', keyterm: `patient ${canary.name}`, mip_opt_out: 'false' });
    asked.append('keyterm', 'botox');
    asked.append('keyterm', 'Okonkwo');
    asked.append('language', `call ${canary.number}`);
    const url = await seen(`/v1/listen?${asked.toString()}`);
    expect(url.searchParams.getAll('keyterm')).toEqual(['patient [NAME]', 'botox', '[NAME]']);
    expect(parameters(url)).toMatchObject({ model: 'nova-3', language: 'call [PHONE]', mip_opt_out: 'true' });
    await interop.stage.stop();
    const records = (await interop.stage.records()).map(({ members: { k, f, cls } }) => ({ k, f, cls }));
    expect(records).toContainEqual({
      k: 'phi.redacted',
      f: { way: 'toVendor', message: 'url' },
      cls: { NAME: 2, PHONE: 1 },
    });
    expect(records).toContainEqual(
      expect.objectContaining({ k: 'vendor.authorize', f: { way: 'toVendor', message: 'url', set: '?mip_opt_out' } }),
    );
  });

  it('with a parameter that nobody knows is refused, or goes on without it', async () => {
    await open({ protocol: 'deepgram-listen' });
    expect(await refusalOf(interop, '/v1/listen?model=nova-3&sink=x')).toBe('400 PARAMETER_UNKNOWN');
    expect(await refusalOf(interop, '/v1/listen?constructor=x')).toBe('400 PARAMETER_UNKNOWN');
    expect(interop.vendor.sessions).toEqual([]);
    await interop.close();
    await open({ protocol: 'deepgram-listen', unknown_parameters: 'drop' });
    expect(parameters(await seen('/v1/listen?model=nova-3&sink=x'))).toEqual({ model: 'nova-3', mip_opt_out: 'true' });
  });

  it('says nothing against what the route itself says', async () => {
    await open({ protocol: 'deepgram-listen' }, { pinned: '/v1/listen?model=nova-3-medical' });
    expect(parameters(await seen('/v1/listen?model=nova-2&language=en'))).toEqual({
      model: 'nova-3-medical',
      language: 'en',
      mip_opt_out: 'true',
    });
  });

  it.each([
    ['a model outside the agreement', 'deepgram-listen', '/v1/listen?model=nova-2', '403 BAA_OUT_OF_SCOPE'],
    ['no model, where the agreement limits them,', 'deepgram-listen', '/v1/listen', '403 BAA_OUT_OF_SCOPE'],
    ['no agent', 'elevenlabs-agents', '/v1/convai/conversation?agent_id=', '403 SUBPROCESSOR_NOT_APPROVED'],
    ['no agent at all', 'elevenlabs-agents', '/v1/convai/conversation', '403 SUBPROCESSOR_NOT_APPROVED'],
    [
      'a callback to somebody else',
      'deepgram-listen',
      '/v1/listen?model=nova-3&callback=https%3A%2F%2Fhooks.example%2Fx',
      '403 SUBPROCESSOR_NOT_APPROVED',
    ],
    [
      'an agent that is not pinned',
      'elevenlabs-agents',
      '/v1/convai/conversation?agent_id=a',
      '403 SUBPROCESSOR_NOT_APPROVED',
    ],
    [
      'a call whose session was configured elsewhere',
      'openai-realtime',
      '/v1/realtime?call_id=rtc_u1_9c6574da8b8a41a18da9308f4ad974ce',
      '403 SUBPROCESSOR_NOT_APPROVED',
    ],
    [
      'another company that gets the transcript',
      'assemblyai-streaming',
      '/v3/ws?llm_gateway=%7B%22model%22%3A%22x%22%7D',
      '403 SUBPROCESSOR_NOT_APPROVED',
    ],
  ])('that names %s is refused, and nobody is dialled', async (_what, protocol, path, refusal) => {
    await open({ protocol }, { vendor: { models: ['nova-3*'] } });
    expect(await refusalOf(interop, path)).toBe(refusal);
    expect(interop.vendor.sessions).toEqual([]);
    await interop.stage.stop();
    const event = (await interop.stage.records()).find(({ members: { k } }) => k === 'call.refuse');
    expect(event?.members).toMatchObject({ a: 'app:front-desk-app', rc: refusal.slice(4) });
  });

  it('that names a pinned agent and an approved callback goes on', async () => {
    await open({ protocol: 'elevenlabs-agents' }, { vendor: { configurations: ['agent_cedar'] } });
    const url = await seen('/v1/convai/conversation?agent_id=agent_cedar&source=js_sdk&version=2.73.0');
    expect(parameters(url)).toEqual({ agent_id: 'agent_cedar', source: 'js_sdk', version: '2.73.0' });
    await interop.close();
    await open({ protocol: 'deepgram-listen' });
    const callback = `https://localhost/results/${canary.number}`;
    const asked = new URLSearchParams({ callback });
    expect(parameters(await seen(`/v1/listen?${asked.toString()}`))).toMatchObject({ callback: 'https://localhost/' });
  });
});

it('a secret for somebody else goes to the vendor and stands nowhere else', async () => {
  const secret = 'planted-secret-of-a-webhook-0123456789';
  await open({ protocol: 'assemblyai-streaming' });
  const asked = new URLSearchParams({ webhook_url: 'https://localhost/', webhook_auth_header_value: secret });
  expect((await seen(`/v3/ws?${asked.toString()}`)).searchParams.get('webhook_auth_header_value')).toBe(secret);
  interop.mustNotAppear(secret);
});

describe('the path', () => {
  it('is the vendor’s own, however the SDK joins it; nothing else is reached', async () => {
    await open({ protocol: 'gemini-live' });
    const path = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';
    expect((await seen(`/${path}?key=${appToken}`)).pathname).toBe(path);
    const wrong = [
      '/',
      '',
      '/v1/listen',
      '/ws/google.ai.generativelanguage.v1.beta.GenerativeService.BidiGenerateContent',
      `${path}/x`,
    ];
    for (const other of wrong) expect(await refusalOf(interop, other)).toBe('404 ROUTE_UNKNOWN');
    expect(interop.vendor.sessions).toHaveLength(1);
  });

  it('leads to one of several routes that share the first part', async () => {
    await open(
      { protocol: 'deepgram-listen', path: '/voice' },
      { second: { protocol: 'deepgram-speak', path: '/voice' } },
    );
    expect((await seen('/v1/listen?model=nova-3')).pathname).toBe('/v1/listen');
    expect((await seen('/v1/speak?model=aura-2-thalia-en')).pathname).toBe('/v1/speak');
    await interop.stage.stop();
    const admitted = (await interop.stage.records()).filter(({ members: { k } }) => k === 'call.admit');
    expect(admitted.map(({ members: { f } }) => f)).toEqual([
      { route: 'voice', protocol: 'deepgram-listen' },
      { route: 'second', protocol: 'deepgram-speak' },
    ]);
  });

  it('of the route stands where it has one', async () => {
    await open({ protocol: 'openai-realtime' }, { pinned: '/openai/v1/realtime?model=gpt-realtime' });
    expect((await seen('/v1/realtime?model=other')).href).toContain('/openai/v1/realtime?model=gpt-realtime');
  });
});

it('of the headers only what the table names goes on, and no words', async () => {
  await open({ protocol: 'openai-realtime', headers: { 'OpenAI-Project': 'proj_cedar' } });
  const headers = {
    ...withToken.headers,
    'openai-beta': 'realtime=v1',
    'openai-safety-identifier': canary.name,
    cookie: 'session=1',
    'x-patient': canary.number,
    'user-agent': 'an sdk',
  };
  (await approach(interop, '/v1/realtime?model=gpt-realtime', { headers })).close();
  const [session] = interop.vendor.sessions;
  const told = Object.keys(session?.headers ?? {}).filter((name) => !/^(?:sec-|host|upgrade|connection)/u.test(name));
  expect(told.sort()).toEqual(['authorization', 'openai-beta', 'openai-project']);
  expect(session?.headers['openai-project']).toBe('proj_cedar');
});
