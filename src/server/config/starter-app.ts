import type { ProtocolName } from '../../stream/protocols/index.ts';
import { fillIn, type StarterParts, type StarterVendor } from './starter.ts';

interface KnownVendor {
  readonly id: string;
  readonly service: string;
  readonly host: string;
  /** Variable of the environment in which the SDK looks for the vendor's key. */
  readonly variable: string;
}

const openai = { id: 'openai', service: 'realtime voice agent', host: 'api.openai.com', variable: 'OPENAI_API_KEY' };
const deepgram = { id: 'deepgram', service: 'speech', host: 'api.deepgram.com', variable: 'DEEPGRAM_API_KEY' };
const elevenlabs = { id: 'elevenlabs', service: 'speech', host: 'api.elevenlabs.io', variable: 'ELEVENLABS_API_KEY' };
const assemblyai = { id: 'assemblyai', service: 'speech recognition', variable: 'ASSEMBLYAI_API_KEY' };
const cartesia = { id: 'cartesia', service: 'speech', host: 'api.cartesia.ai', variable: 'CARTESIA_API_KEY' };

/** Hosts as the vendors' SDKs have them; AssemblyAI's own one may lead to Ireland. Read 2026-11-23. */
const knownVendors = {
  'openai-realtime': openai,
  'openai-live': openai,
  'deepgram-listen': deepgram,
  'deepgram-flux': deepgram,
  'deepgram-speak': deepgram,
  'deepgram-agent': { ...deepgram, service: 'realtime voice agent', host: 'agent.deepgram.com' },
  'elevenlabs-agents': { ...elevenlabs, service: 'realtime voice agent' },
  'elevenlabs-speech': elevenlabs,
  'elevenlabs-scribe': elevenlabs,
  'gemini-live': {
    id: 'google',
    service: 'realtime voice agent',
    host: 'generativelanguage.googleapis.com',
    variable: 'GEMINI_API_KEY',
  },
  'assemblyai-streaming': { ...assemblyai, host: 'streaming.us.assemblyai.com' },
  'assemblyai-agent': { ...assemblyai, service: 'realtime voice agent', host: 'agents.assemblyai.com' },
  'cartesia-speech': cartesia,
  'cartesia-transcribe': cartesia,
} as const satisfies Partial<Record<ProtocolName, KnownVendor>>;

export interface AppStarter {
  readonly parts: StarterParts;
  /** The variables that it refers to. */
  readonly variables: readonly string[];
}

const token = 'FRONT_DESK_APP_TOKEN';
const ownApp = `# Your own programs, each with a token: openssl rand -hex 32
apps:
  - name: front-desk-app
    tokens: ["\${${token}}"]
`;

function sdkStarter(protocol: string, { id, service, host, variable }: KnownVendor): AppStarter {
  const routes = `${ownApp}
# The SDK's base URL becomes <public_url>/voice, its key the token of the app: see "apps" in docs/configuration.md.
routes:
  - name: voice
    caller: app
    apps: [front-desk-app]
    protocol: ${protocol}
    vendor: ${id}
    url: wss://${host}
    credential: "\${${variable}}"
    model:                     ${fillIn}: what the agreement covers and the app uses; or remove the line

`;
  const parts = partsOf('your app calls', [{ id, service, hosts: `[${host}]` }], routes);
  return { parts, variables: [token, variable] };
}

/** The URL of a call is itself the key: there is none for the route. */
const vapi: AppStarter = {
  parts: partsOf(
    'your app calls',
    [{ id: 'vapi', service: 'realtime voice agent', hosts: '[api.vapi.ai]' }],
    `${ownApp}
# The app makes a call over Vapi's REST interface with transport: { provider: vapi.websocket }, and opens
# <public_url>/voice/<call id>/transport in the place of the websocketCallUrl that it gets: see docs/vendors/vapi.md.
routes:
  - name: voice
    caller: app
    apps: [front-desk-app]
    protocol: vapi-transport
    vendor: vapi
    url: wss://api.vapi.ai                     # the host of the websocketCallUrl

`,
  ),
  variables: [token],
};

/** Who dials in is the vendor, and what is dialled is a model server of the practice, or of somebody that it has chosen. */
const retell: AppStarter = {
  parts: partsOf(
    'Retell calls',
    [
      {
        id: 'model-host',
        service: 'language model',
        hosts: `[]                  ${fillIn}: where the server of your model runs, such as [llm.cedar.example]`,
      },
      { id: 'retell', service: 'realtime voice agent', hosts: '[]                  # it dials in, nobody dials it' },
    ],
    `# Retell, by a token in the path and the address that it documents: openssl rand -hex 32
apps:
  - name: retell
    tokens: ["\${RETELL_TOKEN}"]
    addresses: [100.20.5.228]
    sub_processor: retell

# In Retell's agent, llm_websocket_url is wss://<host of public_url>/retell/<token>: see docs/vendors/retell.md.
routes:
  - name: retell
    caller: app
    apps: [retell]
    protocol: retell-llm
    vendor: model-host
    url:                       ${fillIn}: the server of your model, such as wss://llm.cedar.example/llm-websocket
    credential: "\${MODEL_SERVER_KEY}"
    human:
      dial:                    ${fillIn}: where Retell moves the call when the AI cannot go on, such as "+15125550100"

`,
  ),
  variables: ['RETELL_TOKEN', 'MODEL_SERVER_KEY'],
};

function partsOf(callers: string, vendors: readonly StarterVendor[], routes: string): StarterParts {
  return { callers, account: '', vendors, behind: '', routes };
}

/** First configurations for apps, by protocol. */
export const appStarters: ReadonlyMap<string, AppStarter> = new Map([
  ...Object.entries(knownVendors).map(([name, vendor]) => [name, sdkStarter(name, vendor)] as const),
  ['retell-llm', retell],
  ['vapi-transport', vapi],
]);
