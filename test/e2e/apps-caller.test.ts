/** Whose session it is: said by an app, kept from the vendor, found again by number. */
import { afterEach, expect, it } from 'vitest';
import { Interop, appToken, type InteropOptions } from '../interop/app.ts';
import { approach, ask, listener, refusalOf, withToken, type Approach } from './apps.ts';
import { Program } from './program.ts';

const number = '+15125550177';
const listen = '/v1/listen?model=nova-3&keyterm=call%20512%20555%200177';

let interop: Interop;
afterEach(() => interop.close());

const open = async (route: object = {}, more: Partial<InteropOptions> = {}): Promise<void> => {
  interop = await Interop.open(listener, { route: { protocol: 'deepgram-listen', ...route }, ...more });
};
const saying = (caller: string): Approach => ({ headers: { ...withToken.headers, 'x-chaperone-caller': caller } });

/** A verb of the audit to its end, as the practice runs it. */
async function audit(
  ...parameters: readonly string[]
): Promise<{ readonly code: number | null; readonly out: string }> {
  const program = new Program(['audit', ...parameters, '--config', interop.stage.scene.config]);
  const code = await program.ended;
  return { code, out: program.output };
}

it('a session is shown, accounted for and erased by the number that its app gave; the vendor never hears of it', async () => {
  await open();
  (await approach(interop, listen, saying(number))).close();
  (await approach(interop, '/v1/listen?model=nova-3')).close();
  expect(JSON.stringify(interop.vendor.sessions.map(({ headers, path }) => [headers, path]))).not.toMatch(
    /caller|0177/u,
  );
  await interop.stage.stop();
  const mine = ['--caller', number];
  const shown = await audit('show', ...mine);
  expect(shown).toMatchObject({ code: 0 });
  for (const kind of ['call.admit', 'disclosure.begin', 'phi.redacted', 'call.end']) expect(shown.out).toContain(kind);
  const calls = new Set(shown.out.match(/"c":"[\w-]+"/gu));
  expect(calls.size).toBe(1);
  const accounted = await audit('accounting', ...mine, '--all');
  expect(accounted).toMatchObject({ code: 0, out: expect.stringContaining('vendor:demo-voice') });
  expect(await audit('erase', ...mine)).toMatchObject({ code: 0 });
  expect((await audit('accounting', ...mine, '--all')).code).not.toBe(0);
  interop.mustNotAppear(number);
});

it('a route that requires it lets nobody in without; what is no number is refused everywhere', async () => {
  await open({ require_caller: true });
  expect(await refusalOf(interop, listen)).toBe('400 CALLER_MISSING');
  const wrong = [
    '',
    '5125550177',
    '+1 512 555 0177',
    '+05125550177',
    '+1512555017712345',
    'tel:+15125550177',
    `${number}, ${number}`,
  ];
  for (const caller of wrong) expect(await refusalOf(interop, listen, saying(caller))).toBe('400 CALLER_MALFORMED');
  // Who is no app learns nothing of what the route requires.
  expect(await refusalOf(interop, listen, { headers: { 'x-chaperone-caller': number } })).toBe('401 APP_UNKNOWN');
  expect(interop.vendor.sessions).toEqual([]);
  expect(await refusalOf(interop, listen, saying(number))).toBe('let in');
  await interop.stage.stop();
  const refused = (await interop.stage.records()).filter(({ members: { k } }) => k === 'call.refuse');
  expect(refused.map(({ members: { a, rc } }) => `${String(a)} ${String(rc)}`)).toEqual([
    'app:front-desk-app CALLER_MISSING',
    ...wrong.map(() => 'app:front-desk-app CALLER_MALFORMED'),
    'system APP_UNKNOWN',
  ]);
  interop.mustNotAppear('5125550177');
});

it('a route that does not require it refuses what is no number all the same', async () => {
  await open();
  expect(await refusalOf(interop, listen, saying('anonymous'))).toBe('400 CALLER_MALFORMED');
});

it('a refusal that names a person is found by that person’s number', async () => {
  await open({}, { vendor: { models: ['nova-3*'] } });
  expect(await refusalOf(interop, '/v1/listen?model=nova-2', saying(number))).toBe('403 BAA_OUT_OF_SCOPE');
  await interop.stage.stop();
  expect((await audit('show', '--caller', number)).out).toContain('BAA_OUT_OF_SCOPE');
});

it('goes with the pass of a signed URL to the page that opens the socket', async () => {
  await open({ protocol: 'elevenlabs-agents', require_caller: true }, { vendor: { configurations: ['agent_cedar'] } });
  const asked = '/v1/convai/conversation/get-signed-url?agent_id=agent_cedar';
  expect((await ask(interop, 'GET', asked, { 'xi-api-key': appToken })).status).toBe(400);
  const { body } = await ask(interop, 'GET', asked, { 'xi-api-key': appToken, 'x-chaperone-caller': number });
  const { signed_url: signed } = JSON.parse(body) as { signed_url: string };
  expect(signed).not.toContain('0177');
  const path = signed.slice(interop.base.length - 'https'.length + 'wss'.length);
  expect(await refusalOf(interop, path, {})).toBe('let in');
  await interop.stage.stop();
  expect((await audit('show', '--caller', number)).out).toContain('call.admit');
});
