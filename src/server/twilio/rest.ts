import { request as requestPlain, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestTls } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { isLoopbackHost } from '../../policy/vendors.ts';

/** The account that a call belongs to. While tokens are rotated either one may be the valid one. */
export interface TwilioAccount {
  readonly sid: string;
  readonly authTokens: readonly string[];
}

/** Whether the call runs on the new TwiML now; if not, why, as an HTTP status or the code of a system error. */
export type RedirectOutcome = { readonly moved: true } | { readonly moved: false; readonly cause: string };

const twilioApi = 'https://api.twilio.com';

/** From the fault to the human may take 2.5 s, and where this fails the next TwiML verb still has to run. */
const limitMs = 1_800;
const retryAfterMs = 150;

/** What may go better the second time: no answer, too many requests, a fault of the server. */
const isPassing = (cause: string): boolean => !/^\d{3}$/u.test(cause) || cause === '429' || cause.startsWith('5');

/**
 * Twilio's REST interface, as far as a live call is moved with it.
 * Source: https://www.twilio.com/docs/voice/api/call-resource#update-a-call-resource
 */
export class TwilioRest {
  readonly #origin: URL;
  readonly #limitMs: number;

  /** Another origin is for tests: plain HTTP goes to this machine alone. */
  constructor(origin = twilioApi, limit = limitMs) {
    this.#origin = new URL(origin);
    this.#limitMs = limit;
    if (this.#origin.protocol !== 'https:' && !isLoopbackHost(this.#origin.hostname))
      throw new Error('The credentials of an account go over TLS');
  }

  /** Never rejects. `twiml` is at most 4,000 characters; a longer one is refused by Twilio. */
  async redirect(account: TwilioAccount, callSid: string, twiml: string): Promise<RedirectOutcome> {
    if (!/^CA[0-9a-f]{32}$/iu.test(callSid)) return { moved: false, cause: 'CALL_UNKNOWN' };
    const deadline = performance.now() + this.#limitMs;
    const path = `/2010-04-01/Accounts/${account.sid}/Calls/${callSid}.json`;
    const body = new URLSearchParams({ Twiml: twiml }).toString();
    let cause = 'CREDENTIALS_MISSING';
    for (const token of account.authTokens) {
      cause = await this.#persist(path, `${account.sid}:${token}`, body, deadline);
      if (cause !== '401') break;
    }
    return cause === '' ? { moved: true } : { moved: false, cause };
  }

  /** One attempt, and a second one where it may help. Empty: it is done. */
  async #persist(path: string, credentials: string, body: string, deadline: number): Promise<string> {
    const first = await this.#post(path, credentials, body, deadline);
    if (first === '' || !isPassing(first) || deadline - performance.now() < 2 * retryAfterMs) return first;
    await sleep(retryAfterMs);
    return this.#post(path, credentials, body, deadline);
  }

  #post(path: string, credentials: string, body: string, deadline: number): Promise<string> {
    return new Promise((resolve) => {
      const sent = this.#request(path, credentials, deadline, (response) => {
        response.resume();
        const status = response.statusCode ?? 0;
        resolve(status >= 200 && status < 300 ? '' : String(status));
      });
      sent.once('error', (fault: Error) => resolve(causeOf(fault)));
      sent.end(body);
    });
  }

  #request(
    path: string,
    credentials: string,
    deadline: number,
    onResponse: (response: IncomingMessage) => void,
  ): ClientRequest {
    const options = {
      method: 'POST',
      auth: credentials,
      agent: false,
      signal: AbortSignal.timeout(Math.max(1, Math.round(deadline - performance.now()))),
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    } as const;
    const url = new URL(path, this.#origin);
    if (url.protocol !== 'https:') return requestPlain(url, options, onResponse);
    return requestTls(url, { ...options, rejectUnauthorized: true, minVersion: 'TLSv1.2' }, onResponse);
  }
}

function causeOf(fault: Error): string {
  if (fault.name === 'AbortError' || fault.name === 'TimeoutError') return 'TIMEOUT';
  return 'code' in fault && typeof fault.code === 'string' ? fault.code : 'UNKNOWN';
}
