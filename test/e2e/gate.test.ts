import twilio from 'twilio';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ask, callSidOf, openStream, UpgradeRefused } from '../../src/server/demo/carrier.ts';
import { Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.curtain());
afterEach(() => expect(stage.vendor.sessions.every(({ path }) => path === '/front-desk')).toBe(true));

const upgradeOf = (url: string, signature?: string): Promise<unknown> =>
  openStream(stage.carrier, url, signature).then(
    () => 'accepted',
    (fault: unknown) => (fault instanceof UpgradeRefused ? `${fault.status} ${fault.body.trim()}` : fault),
  );

const streamUrlOf = async (route = 'front-desk'): Promise<string> => {
  const { streamUrl } = await ask(stage.carrier, route, callSidOf(1));
  if (streamUrl === undefined) throw new Error('The call was sent to a human');
  return streamUrl;
};

describe('the TwiML of a route', () => {
  it('gives the notice, then the stream, then the human', async () => {
    const { status, twiml } = await ask(stage.carrier, 'front-desk', callSidOf(1));
    expect(status).toBe(200);
    expect(twiml).toMatch(
      /<Say>You are speaking with an automated assistant.*<\/Say><Connect><Stream url="wss:[^?]*"\/><\/Connect><Say>I am connecting.*<\/Say><Dial>\+15125550100<\/Dial>/u,
    );
  });

  it('names the providers of ConversationRelay', async () => {
    const { twiml } = await ask(stage.carrier, 'booking', callSidOf(1));
    expect(twiml).toContain('ttsProvider="ElevenLabs"');
    expect(twiml).toContain('transcriptionProvider="Deepgram"');
  });

  it('[B1] refuses a stranger', async () => {
    const stranger = { ...stage.carrier, authToken: 'f'.repeat(32) };
    expect(await ask(stranger, 'front-desk', callSidOf(1))).toMatchObject({
      status: 403,
      twiml: 'SIGNATURE_INVALID\n',
    });
    expect(await ask(stage.carrier, 'nowhere', callSidOf(1))).toMatchObject({ status: 404, twiml: 'ROUTE_UNKNOWN\n' });
  });
});

describe('the upgrade', () => {
  it("[B1] takes the signature of Twilio's own library and refuses it with one changed byte", async () => {
    const url = await streamUrlOf();
    const signature = twilio.getExpectedTwilioSignature(stage.carrier.authToken, url, {});
    const changed = (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1);
    expect(await upgradeOf(url, changed)).toBe('403 SIGNATURE_INVALID');
    expect(await upgradeOf(url, signature)).toBe('accepted');
  });

  it('[B2] takes a token once', async () => {
    const url = await streamUrlOf();
    expect(await upgradeOf(url)).toBe('accepted');
    expect(await upgradeOf(url)).toBe('403 TOKEN_REPLAYED');
  });

  it('[B2] refuses a foreign or missing token, another route, an unknown route', async () => {
    const url = await streamUrlOf();
    const cut = url.slice(0, url.lastIndexOf('/') + 1);
    expect(await upgradeOf(`${cut}${'A'.repeat(120)}`)).toBe('403 TOKEN_INVALID');
    expect(await upgradeOf(cut.slice(0, -1))).toMatch(/^404/u);
    expect(await upgradeOf(url.replace('front-desk', 'booking'))).toBe('403 TOKEN_INVALID');
    expect(await upgradeOf(url.replace('front-desk', 'nowhere'))).toBe('404 ROUTE_UNKNOWN');
  });

  it('[B1 B8] refuses an upgrade without a signature, and a browser', async () => {
    const url = await streamUrlOf();
    const { open } = await import('../../src/server/demo/carrier.ts');
    const outcome = (headers: Record<string, string>): Promise<unknown> =>
      open(url, stage.carrier.authority, headers).catch((fault: unknown) =>
        fault instanceof UpgradeRefused ? fault.body : fault,
      );
    expect(await outcome({})).toBe('SIGNATURE_MISSING\n');
    expect(await outcome({ origin: 'https://evil.example' })).toBe('ORIGIN_REFUSED\n');
  });
});

it('writes each refusal to the log', async () => {
  await stage.stop();
  const events = await stage.events();
  for (const event of [
    'sec.signature SIGNATURE_INVALID',
    'sec.signature SIGNATURE_MISSING',
    'sec.replay TOKEN_REPLAYED',
    'call.refuse TOKEN_INVALID',
    'call.refuse ORIGIN_REFUSED',
    'call.refuse ROUTE_UNKNOWN',
  ])
    expect(events).toContain(event);
});
