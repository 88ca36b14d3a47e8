import type { VoiceBridge, BridgedCall, Session, ToolAnswer, VendorSide } from '../bridge.ts';
import { optional, textAt } from '../crossing/fields.ts';
import { Envelope, numberUnder } from '../crossing/splice.ts';
import type { JsonObject } from '../json.ts';
import type { OpenMessage } from '../protocol.ts';
import { protocols } from '../protocols/index.ts';

const chunk = new Envelope('{"user_audio_chunk":"', '"}');
const eventKey = Buffer.from('"event_id"');
const mulaw = 'ulaw_8000';
const metadata = 'conversation_initiation_metadata_event';

/** What the agent is stays with the vendor; what is said here overrides it, where its settings allow that. */
function setup({ instructions, greeting, language, voice }: Session): readonly JsonObject[] {
  const agent = optional({
    prompt: instructions === undefined ? undefined : { prompt: instructions },
    first_message: greeting,
    language,
  });
  const override: JsonObject = {};
  if (Object.keys(agent).length > 0) override['agent'] = agent;
  if (voice !== undefined) override['tts'] = { voice_id: voice };
  const said = Object.keys(override).length > 0 ? { conversation_config_override: override } : {};
  return [{ type: 'conversation_initiation_client_data', ...said }];
}

class ElevenLabsSide implements VendorSide {
  private readonly call: BridgedCall;
  /** Audio of events before this one was broken into. */
  private heardFrom = 0;

  constructor(call: BridgedCall) {
    this.call = call;
  }

  carry(data: Buffer, from: number, to: number): Buffer {
    return chunk.around(data, from, to);
  }

  onAudio(data: Buffer, from: number, to: number): void {
    const event = numberUnder(eventKey, data);
    if (event >= this.heardFrom) this.call.play(String(event), data, from, to);
  }

  onMessage(message: OpenMessage): void {
    switch (message.type) {
      case 'conversation_initiation_metadata':
        return this.begin(message);
      case 'audio':
        return this.playWithCaption(message);
      case 'interruption':
        this.heardFrom = numberAt(message, 'interruption_event.event_id');
        this.call.interrupt();
        return;
      case 'client_tool_call':
        return this.callTool(message);
      case 'ping':
        return this.call.configure({ type: 'pong', event_id: numberAt(message, 'ping_event.event_id') });
      case 'error':
        return this.call.fail('VENDOR_FAILED');
    }
  }

  answer({ id, output }: ToolAnswer): void {
    this.call.tell({ type: 'client_tool_result', tool_call_id: id, result: output, is_error: false });
  }

  typed(digits: string): void {
    this.call.tell({ type: 'user_message', text: `The caller typed on the keypad: ${digits}` });
  }

  say(sentence: string): void {
    // A contextual update would be kept in mind until somebody speaks; this is answered.
    this.call.configure({ type: 'user_message', text: `Say exactly this, and nothing else: ${sentence}` });
  }

  /** The formats are settings of the stored agent: they can be looked at, and not asked for. */
  private begin(message: OpenMessage): void {
    const formats = ['user_input_audio_format', 'agent_output_audio_format'].map((name) =>
      textAt(message, `${metadata}.${name}`),
    );
    if (formats.some((format) => format !== mulaw)) this.call.fail('SESSION_REFUSED');
    else this.call.ready();
  }

  private playWithCaption(message: OpenMessage): void {
    const event = numberAt(message, 'audio_event.event_id');
    const audio = Buffer.from(textAt(message, 'audio_event.audio_base_64'), 'base64');
    if (event >= this.heardFrom) this.call.playBytes(String(event), audio);
  }

  private callTool(message: OpenMessage): void {
    this.call.callTool({
      id: textAt(message, 'client_tool_call.tool_call_id'),
      name: textAt(message, 'client_tool_call.tool_name'),
      input: JSON.stringify(message.field('client_tool_call.parameters') ?? {}),
    });
  }
}

function numberAt(message: OpenMessage, path: string): number {
  const value = message.field(path);
  return typeof value === 'number' ? value : 0;
}

/**
 * ElevenLabs Agents: mu-law both ways if the stored agent is set to `ulaw_8000`. Its models, tools and retention stand in
 * its stored configuration too, and so does the longest duration: the agent of the URL has to be one that was checked. It closes
 * with 1000 when the agent has ended the call, with 1011 when the session was too long. Source: agent.asyncapi.yaml of
 * elevenlabs/packages, @elevenlabs/client 1.25, issue 519 of elevenlabs-docs.
 */
export const twilioElevenlabs: VoiceBridge = {
  caller: 'twilio-media-streams',
  over: 'wss',
  vendor: protocols['elevenlabs-agents'],
  binary: false,
  sessionMs: Infinity,
  goodbyes: new Set([1000]),
  needs: { query: ['agent_id'], route: [], session: [] },
  setup,
  begin: (call) => new ElevenLabsSide(call),
};
