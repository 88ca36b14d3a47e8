import {
  toolsOf,
  type VoiceBridge,
  type BridgedCall,
  type Session,
  type ToolAnswer,
  type VendorSide,
} from '../bridge.ts';
import { optional, textAt } from '../crossing/fields.ts';
import { Envelope, stringUnder } from '../crossing/splice.ts';
import type { JsonObject } from '../json.ts';
import type { OpenMessage } from '../protocol.ts';
import { protocols } from '../protocols/index.ts';

const append = new Envelope('{"type":"input_audio_buffer.append","audio":"', '"}');
const itemKey = Buffer.from('"item_id"');
const mulaw = { type: 'audio/pcmu' };
const sessionEvent = 'chaperone_session';
const truncateEvent = 'chaperone_truncate';
const defaultTranscription = 'gpt-4o-mini-transcribe';

function setup(session: Session): readonly JsonObject[] {
  const { instructions, voice, language, silenceMs } = session;
  const input: JsonObject = {
    format: mulaw,
    transcription: { model: session.transcriptionModel ?? defaultTranscription, ...optional({ language }) },
    turn_detection: {
      type: 'server_vad',
      ...optional({ silence_duration_ms: silenceMs }),
      create_response: true,
      interrupt_response: true,
    },
  };
  const made: JsonObject = {
    type: 'realtime',
    ...optional({ instructions }),
    output_modalities: ['audio'],
    audio: { input, output: { format: mulaw, ...optional({ voice }) } },
    tools: toolsOf(session).map((tool) => ({ type: 'function', ...tool })),
    tool_choice: 'auto',
    tracing: null,
  };
  return [{ type: 'session.update', event_id: sessionEvent, session: made }];
}

class OpenAiSide implements VendorSide {
  private readonly call: BridgedCall;
  /** From an interruption to the next response, what still comes of the last one is not played. */
  private isMuted = false;
  private isResponding = false;
  /** Something was said to the model that it has not answered. */
  private wantsResponse = false;
  private next: JsonObject = {};

  constructor(call: BridgedCall) {
    this.call = call;
  }

  carry(data: Buffer, from: number, to: number): Buffer {
    return append.around(data, from, to);
  }

  onAudio(data: Buffer, from: number, to: number): void {
    if (!this.isMuted) this.call.play(stringUnder(itemKey, data) ?? '', data, from, to);
  }

  onMessage(message: OpenMessage): void {
    switch (message.type) {
      case 'session.updated':
        return this.begin(message);
      case 'input_audio_buffer.speech_started':
        return this.interrupt();
      case 'response.output_audio.delta':
      case 'response.audio.delta':
        return this.playUnproven(message);
      case 'response.output_audio.done':
      case 'response.audio.done':
        return this.call.spoken();
      case 'response.created':
        this.isMuted = false;
        this.isResponding = true;
        return;
      case 'response.output_item.done':
        return this.callTool(message);
      case 'response.done':
        return this.responded(message);
      case 'error':
        return this.judgeError(message);
    }
  }

  answer({ id, output }: ToolAnswer, speak: boolean): void {
    this.call.tell({
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id: id, output },
    });
    if (speak && this.call.waitingTools === 0) this.respond({});
  }

  typed(digits: string): void {
    const content = [{ type: 'input_text', text: `The caller typed on the keypad: ${digits}` }];
    this.call.tell({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } });
    this.respond({});
  }

  say(sentence: string): void {
    this.respond({ instructions: `Say exactly this, in the language of the call, and nothing else: ${sentence}` });
  }

  /** Ready only if the vendor says back the formats that it was told. */
  private begin(message: OpenMessage): void {
    const input = message.field('session.audio.input.format.type');
    const output = message.field('session.audio.output.format.type');
    if (input !== mulaw.type || output !== mulaw.type) return this.call.fail('SESSION_REFUSED');
    const { greeting } = this.call.session;
    this.call.ready();
    if (greeting !== undefined) this.say(greeting);
  }

  private interrupt(): void {
    this.isMuted = true;
    for (const { item, heardMs } of this.call.interrupt())
      this.call.tell({
        type: 'conversation.item.truncate',
        event_id: truncateEvent,
        item_id: item,
        content_index: 0,
        audio_end_ms: heardMs,
      });
  }

  private playUnproven(message: OpenMessage): void {
    const audio = Buffer.from(textAt(message, 'delta'), 'base64');
    if (!this.isMuted) this.call.playBytes(textAt(message, 'item_id'), audio);
  }

  private callTool(message: OpenMessage): void {
    if (message.field('item.type') !== 'function_call' || message.field('item.status') === 'incomplete') return;
    this.call.callTool({
      id: textAt(message, 'item.call_id'),
      name: textAt(message, 'item.name'),
      input: textAt(message, 'item.arguments'),
    });
  }

  private responded(message: OpenMessage): void {
    this.isResponding = false;
    if (message.field('response.status') === 'failed') return this.call.fail('VENDOR_FAILED');
    // The filter of the vendor stopped the answer: what was said before it may be nothing.
    if (textAt(message, 'response.status_details.reason') === 'content_filter')
      return this.call.fail('ANSWER_WITHHELD');
    if (this.wantsResponse) this.respond(this.next);
  }

  /** One response at a time: the vendor refuses a second one. */
  private respond(response: JsonObject): void {
    this.wantsResponse = this.isResponding;
    this.next = response;
    if (this.isResponding) return;
    this.isResponding = true;
    this.call.configure({ type: 'response.create', response });
  }

  /** To truncate what was just heard to its end is a fault to the vendor, and none to the caller. */
  private judgeError(message: OpenMessage): void {
    const event = message.field('error.event_id');
    const code = textAt(message, 'error.code');
    if (event === sessionEvent) this.call.fail('SESSION_REFUSED');
    else if (code === 'session_expired') this.call.fail('SESSION_EXPIRED');
    else if (code === 'conversation_already_has_active_response') this.wantsResponse = true;
    else if (event !== truncateEvent) this.call.fail('VENDOR_FAILED');
  }
}

/**
 * OpenAI Realtime: mu-law both ways, spliced from one envelope into the other. A session ends after 60 minutes without a
 * word of warning. Source: types of openai 7.57 (resources/realtime), the Twilio transport of openai-agents-js.
 */
export const twilioOpenai: VoiceBridge = {
  caller: 'twilio-media-streams',
  over: 'wss',
  vendor: protocols['openai-realtime'],
  binary: false,
  sessionMs: 3_600_000,
  goodbyes: new Set(),
  needs: { query: ['model'], route: [], session: ['instructions'] },
  setup,
  begin: (call) => new OpenAiSide(call),
};
