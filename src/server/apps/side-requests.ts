import { reasons, type ReasonCode } from '../../policy/reason.ts';
import type { Policy } from '../policy.ts';
import { isRefusal, type HttpAnswer } from '../refusal.ts';
import { askedFor, mountedAt, type AppRoute } from './entrance.ts';
import type { AppGate, AppRequest } from './gate.ts';
import type { AppIdentities } from './identity.ts';

/** What the SDK of ElevenLabs asks for before it opens the socket of an agent that is not public. */
const signedUrlPath = '/v1/convai/conversation/get-signed-url';

interface SideServices {
  readonly gate: AppGate;
  readonly identities: AppIdentities;
  readonly now: () => number;
}

/**
 * The answer to a request that is no upgrade. The vendor's REST interface stays behind: what it would make of a session is
 * seen by nobody here. Only a signed URL is made, for one SDK has no other way to its socket: it leads back here.
 */
export function answerSideRequest(
  { gate, identities, now }: SideServices,
  policy: Policy,
  method: string,
  request: AppRequest,
): HttpAnswer {
  const { path, parameters } = askedFor(request.url);
  const mounted = mountedAt(policy.config.routes, path);
  const [first] = mounted;
  if (first === undefined) return refused('ROUTE_UNKNOWN');
  const signed = mounted.find(({ route }) => route.protocol === 'elevenlabs-agents');
  const asks = method === 'GET' && signed?.rest === signedUrlPath ? signed : undefined;
  const { route, rest } = asks ?? first;
  const visitor = gate.identify(policy, { route, path: rest }, request, parameters);
  if (isRefusal(visitor)) return refused(visitor.reason);
  const pass = asks === undefined ? undefined : identities.pass(visitor, route, now());
  return pass === undefined ? refused('REQUEST_NOT_PROXIED') : signedUrl(policy, route, pass, parameters);
}

/** https://elevenlabs.io/docs/api-reference/conversations/get-signed-url */
function signedUrl(policy: Policy, route: AppRoute, pass: string, parameters: URLSearchParams): HttpAnswer {
  const url = new URL(`${route.app.path}/v1/convai/conversation`, policy.config.calls.publicUrl);
  url.protocol = 'wss:';
  url.searchParams.set('agent_id', parameters.get('agent_id') ?? '');
  url.searchParams.set('conversation_signature', pass);
  return json(200, { signed_url: url.href });
}

function refused(reason: ReasonCode): HttpAnswer {
  const { http, sentence } = reasons[reason];
  return json(http, { error: { code: reason, message: sentence } });
}

function json(status: number, body: object): HttpAnswer {
  return { status, type: 'application/json', body: `${JSON.stringify(body)}\n` };
}
