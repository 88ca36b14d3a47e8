import type { ProtocolName } from '../../stream/protocols/index.ts';
import { fillIn, type StarterParts } from './starter.ts';

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

/** Hosts as the vendors' SDKs have them; read 2026-11-23. */
const knownVendors: Partial<Readonly<Record<ProtocolName, KnownVendor>>> = {
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
  'assemblyai-streaming': { ...assemblyai, host: 'streaming.assemblyai.com' },
  'assemblyai-agent': { ...assemblyai, service: 'realtime voice agent', host: 'agents.assemblyai.com' },
  'cartesia-speech': cartesia,
  'cartesia-transcribe': cartesia,
};

/** What a first configuration says for an app; undefined for a protocol whose vendor nobody can know beforehand. */
export function appParts(protocol: ProtocolName): StarterParts | undefined {
  const vendor = knownVendors[protocol];
  if (vendor === undefined) return undefined;
  const { id, service, host, variable } = vendor;
  return {
    callers: 'your app calls',
    account: '',
    vendor: id,
    service,
    hosts: `[${host}]`,
    behind: '',
    routes: `# Your own programs, each with a token: openssl rand -hex 32
apps:
  - name: front-desk-app
    tokens: ["\${FRONT_DESK_APP_TOKEN}"]

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

`,
  };
}

/** The variables that such a configuration refers to. */
export function appVariables(protocol: ProtocolName): readonly string[] {
  return ['FRONT_DESK_APP_TOKEN', knownVendors[protocol]?.variable ?? ''];
}

/** The protocols that there is a first configuration for. */
export const starterProtocols: readonly string[] = Object.keys(knownVendors);
