import {
  toolsOf,
  type VoiceBridge,
  type BridgedCall,
  type Provider,
  type Session,
  type ToolAnswer,
  type VendorSide,
} from '../bridge.ts';
import { optional, stringOf } from '../crossing/fields.ts';
import { isObject, type JsonObject } from '../json.ts';
import { bounds } from '../limits.ts';
import type { OpenMessage } from '../protocol.ts';
import { protocols } from '../protocols/index.ts';

const mulaw = { encoding: 'mulaw', sample_rate: 8000 };
const defaultTranscription = 'nova-3';

function setup(session: Session): readonly JsonObject[] {
  const { instructions, greeting, language, voice, thinks, speaks } = session;
  const functions = toolsOf(session).map((tool) => ({ ...tool }));
  const speaker = speaks ?? { type: 'deepgram', model: voice, voice: undefined, endpoint: undefined };
  const agent: JsonObject = {
    ...optional({ language, greeting }),
    listen: { provider: { type: 'deepgram', model: session.transcriptionModel ?? defaultTranscription } },
    think: { ...providerOf(thinks), ...optional({ prompt: instructions }), functions },
  };
  if (speaker.model !== undefined) agent['speak'] = providerOf({ ...speaker, model: speaker.model });
  const audio = { input: mulaw, output: { ...mulaw, container: 'none' } };
  return [{ type: 'Settings', mip_opt_out: true, audio, agent }];
}

function providerOf(provider: Provider | undefined): JsonObject {
  if (provider === undefined) return {};
  const { type, model, voice, endpoint } = provider;
  return {
    provider: { type, ...modelOf(type, model), ...optional({ voice }) },
    ...(endpoint === undefined ? {} : { endpoint: { url: endpoint.url, headers: { ...endpoint.headers } } }),
  };
}

/** Two of the speakers call their model otherwise. */
function modelOf(type: string, model: string): JsonObject {
  return type === 'eleven_labs' || type === 'cartesia' ? { model_id: model } : { model };
}

class DeepgramSide implements VendorSide {
  private readonly call: BridgedCall;
  private readonly names = new Map<string, string>();
  /** Deepgram does not say which answer its audio belongs to. */
  private turn = 0;
  private sentAt: number | undefined;
  private hasSent = false;

  constructor(call: BridgedCall) {
    this.call = call;
  }

  carry(data: Buffer, from: number, to: number): Buffer {
    this.hasSent = true;
    return Buffer.from(data.toString('latin1', from, to), 'base64');
  }

  onAudio(data: Buffer): void {
    this.call.playBytes(String(this.turn), data);
  }

  onMessage(message: OpenMessage): void {
    switch (message.type) {
      case 'SettingsApplied':
        return this.call.ready();
      case 'UserStartedSpeaking':
        this.turn += 1;
        this.call.interrupt();
        return;
      case 'AgentAudioDone':
        this.turn += 1;
        return this.call.spoken();
      case 'FunctionCallRequest':
        return this.callTools(message);
      case 'FunctionCallCancelled':
        return this.forget(functionsOf(message).map(({ id }) => id));
      case 'Error':
        return this.call.fail('VENDOR_FAILED');
    }
  }

  answer({ id, output }: ToolAnswer): void {
    const name = this.names.get(id) ?? '';
    this.names.delete(id);
    this.call.tell({ type: 'FunctionCallResponse', id, name, content: output });
  }

  typed(digits: string): void {
    this.call.tell({ type: 'InjectUserMessage', content: `The caller typed on the keypad: ${digits}` });
  }

  say(sentence: string): void {
    this.call.configure({ type: 'InjectAgentMessage', message: sentence });
  }

  /** Ten seconds without audio end the session; a held call has none. */
  onTick(now: number): void {
    if (this.hasSent) this.sentAt = now;
    this.hasSent = false;
    this.sentAt ??= now;
    if (now - this.sentAt < bounds.keepAliveMs) return;
    this.sentAt = now;
    this.call.configure({ type: 'KeepAlive' });
  }

  /** What Deepgram has called itself it only tells of. */
  private callTools(message: OpenMessage): void {
    for (const { id, name, input, isOurs } of functionsOf(message)) {
      if (!isOurs) continue;
      if (this.names.size < bounds.openTools) this.names.set(id, name);
      this.call.callTool({ id, name, input });
    }
  }

  private forget(ids: readonly string[]): void {
    for (const id of ids) this.names.delete(id);
    this.call.forgetTools(ids);
  }
}

interface AskedFunction {
  readonly id: string;
  readonly name: string;
  readonly input: string;
  readonly isOurs: boolean;
}

function functionsOf(message: OpenMessage): readonly AskedFunction[] {
  const functions = message.field('functions');
  return (Array.isArray(functions) ? functions : []).filter(isObject).map((each) => ({
    id: stringOf(each['id']),
    name: stringOf(each['name']),
    input: stringOf(each['arguments']),
    isOurs: each['client_side'] !== false,
  }));
}

/**
 * Deepgram Voice Agent: mu-law both ways, in binary frames. Who thinks and who speaks stands in the settings and is judged
 * there. A session ends after two hours, whatever is sent. Source: asyncapi.yml of deepgram-api-specs (2026-07-22), and
 * "Errors & Warnings" of the voice agent's pages (since 2026-07-31).
 */
export const twilioDeepgramAgent: VoiceBridge = {
  caller: 'twilio-media-streams',
  over: 'wss',
  vendor: protocols['deepgram-agent'],
  binary: true,
  sessionMs: 7_200_000,
  goodbyes: new Set(),
  needs: { query: [], route: [], session: ['instructions', 'think'] },
  setup,
  begin: (call) => new DeepgramSide(call),
};
