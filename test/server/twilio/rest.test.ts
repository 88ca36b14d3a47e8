import { createServer } from 'node:https';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuthority } from '../../../src/server/demo/certificates.ts';
import { listenOn } from '../../../src/server/port.ts';
import { TwilioRest } from '../../../src/server/twilio/rest.ts';
import { humanTwiml } from '../../../src/server/twilio/twiml.ts';
import { TwilioApi } from '../../e2e/twilio-api.ts';

const sid = `AC${'b0'.repeat(16)}`;
const callSid = `CA${'c0de'.repeat(8)}`;
const twiml = humanTwiml({ say: 'One moment, "please" & thank you.', dial: '+15125550100' });

let api: TwilioApi;
let valid: string;
beforeEach(async () => {
  valid = `${sid}:current`;
  api = await TwilioApi.start(() => valid);
});
afterEach(() => api.close());

const redirect = (authTokens: readonly string[] = ['current'], call = callSid, limit = 1_000) =>
  new TwilioRest(api.origin, limit).redirect({ sid, authTokens }, call, twiml);

describe('moving a live call', () => {
  it('is one authenticated form with the TwiML', async () => {
    expect(await redirect()).toEqual({ moved: true });
    expect(api.requests).toMatchObject([
      {
        method: 'POST',
        path: `/2010-04-01/Accounts/${sid}/Calls/${callSid}.json`,
        credentials: `${sid}:current`,
        contentType: 'application/x-www-form-urlencoded',
        form: { Twiml: twiml },
      },
    ]);
  });

  it('tries the other token while tokens are rotated', async () => {
    valid = `${sid}:other`;
    expect(await redirect(['current', 'other'])).toEqual({ moved: true });
    expect(api.requests.map(({ credentials }) => credentials)).toEqual([`${sid}:current`, `${sid}:other`]);
  });

  it.each([
    ['no valid token', [], ['wrong', 'old'], '401', 2],
    ['a call that is over', [{ status: 404 }], ['current'], '404', 1],
    ['TwiML that Twilio refuses', [{ status: 400 }], ['current'], '400', 1],
    ['two faults of the server', [{ status: 503 }, { status: 500 }], ['current'], '500', 2],
  ])('%s: says why', async (_name, answers, tokens, cause, requests) => {
    api.answers.push(...answers);
    expect(await redirect(tokens)).toEqual({ moved: false, cause });
    expect(api.requests).toHaveLength(requests);
  });

  it.each([429, 502])('tries again after %s', async (status) => {
    api.answers.push({ status });
    expect(await redirect()).toEqual({ moved: true });
  });

  it('gives up in time', async () => {
    api.answers.push(undefined);
    const started = performance.now();
    expect(await redirect(['current'], callSid, 300)).toEqual({ moved: false, cause: 'TIMEOUT' });
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('that nobody listens for is a refusal', async () => {
    const rest = new TwilioRest('http://127.0.0.1:1', 500);
    expect(await rest.redirect({ sid, authTokens: ['current'] }, callSid, twiml)).toEqual({
      moved: false,
      cause: 'ECONNREFUSED',
    });
  });

  it.each(['', 'CA123', `${callSid}/../x`, 'CAzz'])('asks nobody about the call "%s"', async (call) => {
    expect(await redirect(['current'], call)).toEqual({ moved: false, cause: 'CALL_UNKNOWN' });
    expect(api.requests).toEqual([]);
  });
});

it('an interface with a certificate that nobody vouches for gets no credentials', async () => {
  const { certificate, key } = createAuthority('somebody').issue(['localhost']);
  let asked = 0;
  const server = createServer({ cert: certificate, key }, (_request, response) => {
    asked += 1;
    response.end();
  });
  const port = await listenOn(server, { host: '127.0.0.1', port: 0 });
  const outcome = await new TwilioRest(`https://localhost:${port}`).redirect(
    { sid, authTokens: ['t'] },
    callSid,
    twiml,
  );
  expect(outcome).toEqual({ moved: false, cause: expect.stringMatching(/CERT|VERIFY|ISSUER/u) as string });
  expect(asked).toBe(0);
  await new Promise((resolve) => server.close(resolve));
});

it('credentials do not leave this machine in plain text', () => {
  expect(() => new TwilioRest('http://api.twilio.example')).toThrow('TLS');
});
