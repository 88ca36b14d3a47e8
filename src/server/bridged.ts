import type { BridgedRoute, Provider } from '../stream/bridge.ts';
import { bridges } from '../stream/bridges/index.ts';
import type { Route, RouteSession, SessionProvider } from './config.ts';

/** The bridge of a route with the session that it wants; undefined where both legs speak the same. */
export function bridgedRoute({ bridge, session, model }: Route): BridgedRoute | undefined {
  if (bridge === undefined || session === undefined) return undefined;
  return { bridge: bridges[bridge], session: { ...wordsOf(session), model } };
}

function wordsOf(session: RouteSession): Omit<BridgedRoute['session'], 'model'> {
  const { instructions, greeting, language, voice, transcriptionModel, silenceMs, tools, thinks, speaks } = session;
  const { temperature, answerTokens } = session;
  const words = {
    instructions,
    greeting,
    language,
    voice,
    transcriptionModel,
    silenceMs,
    temperature,
    answerTokens,
    tools,
  };
  return { ...words, thinks: thinks && providerOf(thinks), speaks: speaks && providerOf(speaks) };
}

function providerOf({ endpoint, ...provider }: SessionProvider): Provider {
  if (endpoint === undefined) return { ...provider, endpoint };
  const headers = Object.entries(endpoint.headers).map(([name, value]) => [name, value.reveal()] as const);
  return { ...provider, endpoint: { url: endpoint.url, headers: Object.fromEntries(headers) } };
}
