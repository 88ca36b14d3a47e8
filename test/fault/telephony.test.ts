import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaFrame, prompt, setup } from '../../src/server/demo/streams.ts';
import { signTwilioRequest } from '../../src/server/twilio/signature.ts';
import { placeCall } from '../conformance/support/caller.ts';
import { hangUp, Theatre } from '../conformance/support/theatre.ts';
import { Stage } from '../e2e/stage.ts';
import { observe } from './observe.ts';

describe('a caller', () => {
  let theatre: Theatre;
  beforeAll(async () => {
    theatre = await Theatre.open();
  });
  afterAll(() => theatre.close());

  it('[B5] who hangs up while words are held: they leave nowhere', async (context) => {
    const { stage, vendor } = theatre;
    const call = await placeCall(stage, vendor, 'booking');
    call.caller.send(setup(call.callSid, stage.carrier.accountSid));
    await expect.poll(() => call.vendor.texts).toHaveLength(1);
    call.caller.send(prompt('this is zephyrine quill', false));
    call.caller.send(prompt('this is zephyrine quillfeather at five one two five', false));
    call.caller.socket.destroy();
    const at = performance.now();
    await call.vendor.gone;
    expect(call.vendor.texts.join('')).not.toMatch(/zephyrine|quill|five one two/iu);
    observe(context, { seen: 'CALLER_CLOSED', lastByteMs: call.vendor.lastDataAt - at });
  });

  it('[B7] whose frames come out of order, twice, or not at all: all that come pass, and are counted', async (context) => {
    const call = await theatre.call();
    const order = [0, 1, 2, 7, 3, 3, 3, 20, 19];
    for (const index of order)
      call.caller.send(mediaFrame(call.streamSid, index, Buffer.alloc(160, index).toString('base64')));
    const media = (): string[] => call.vendor.texts.filter((text) => text.includes('"media"'));
    await expect.poll(media).toHaveLength(order.length);
    await hangUp(call);
    const gaps = /chaperone_sequence_gaps_total (\d+)/u.exec(await theatre.stage.metrics())?.[1];
    expect(Number(gaps)).toBe(6);
    observe(context, { seen: `${order.length} of ${order.length} passed, ${gaps} gaps counted` });
  });
});

/** A plain request, as a proxy in front would send it. */
function plain(port: number, path: string, headers: Record<string, string>): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ port, path, method: 'POST', host: '127.0.0.1', headers }, (response) => {
      let body = '';
      response.on('data', (part: Buffer) => (body += part.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.once('error', reject).end('CallSid=CA1');
  });
}

describe('[B4] behind a proxy', () => {
  const publicUrl = 'https://calls.practice.example';
  const open = (proxy: string): Promise<Stage> =>
    Stage.open({
      change: (made) => ({
        ...made,
        listen: {
          ...made.listen,
          calls: {
            host: '127.0.0.1',
            port: made.listen.calls.port,
            public_url: publicUrl,
            tls_ended_by: { proxies: [proxy] },
          },
        },
      }),
    });
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const signed = (stage: Stage, url = publicUrl): Record<string, string> => ({
    ...form,
    'x-twilio-signature': signTwilioRequest(
      stage.scene.authToken,
      `${url}/twilio/voice/front-desk`,
      new Map([['CallSid', ['CA1']]]),
    ),
  });

  it('a stranger who forges every forwarding header is not believed', async (context) => {
    const stage = await open('10.9.8.7');
    for (const header of ['x-forwarded-proto', 'forwarded', 'x-forwarded-host', 'x-forwarded-for', 'x-real-ip']) {
      const value =
        header === 'forwarded' ? 'proto=https;for=10.9.8.7' : header.endsWith('proto') ? 'https' : '10.9.8.7';
      const headers = { ...signed(stage), 'x-forwarded-proto': 'https', [header]: value };
      const { status, body } = await plain(stage.scene.callsPort, '/twilio/voice/front-desk', headers);
      expect([status, body]).toEqual([426, 'PLAINTEXT_REFUSED\n']);
    }
    await stage.curtain();
    observe(context, { seen: '426 PLAINTEXT_REFUSED' });
  });

  it('the named proxy is believed that TLS ended there, and nothing else', async (context) => {
    const stage = await open('127.0.0.1');
    const ask = (headers: Record<string, string>) =>
      plain(stage.scene.callsPort, '/twilio/voice/front-desk', headers).then(({ status }) => status);
    expect(await ask(signed(stage))).toBe(426);
    expect(await ask({ ...signed(stage), 'x-forwarded-proto': 'http' })).toBe(426);
    const https = { 'x-forwarded-proto': 'https' };
    expect(await ask({ ...signed(stage), ...https })).toBe(200);
    // Whose host is forged has to be signed for the configured one all the same.
    const forged = { host: 'evil.example', 'x-forwarded-host': 'evil.example', ...https };
    expect(await ask({ ...signed(stage, 'https://evil.example'), ...forged })).toBe(403);
    expect(await ask({ ...signed(stage), ...forged })).toBe(200);
    await stage.curtain();
    observe(context, { seen: 'the configured URL counts' });
  });
});
