import { createEngine } from '../../src/policy/phi/engine.ts';
import { profiles } from '../../src/policy/profiles/index.ts';
import { nestedScope } from '../../src/policy/nested.ts';
import { createCall } from '../../src/stream/call.ts';
import { defaultLimits } from '../../src/stream/limits.ts';
import { Way, wayNames } from '../../src/stream/protocol.ts';
import { protocols, type ProtocolName } from '../../src/stream/protocols/index.ts';
import { createRelay } from '../../src/stream/call-relay.ts';
import type { Relay } from '../../src/stream/relay.ts';
import { prompts } from './frames.ts';

/** A text message of 2 KB as it is common on a protocol, and the machine of a call that it goes through. */
export interface TextFrames {
  readonly what: string;
  readonly send: (index: number) => void;
}

const frameBytes = 2_048;
const variants = 64;
/** One for all calls, as in the product: many of them make a heap, and so pauses, that no deployment has. */
const engine = createEngine();

/** A message of this kind with these words; the number tells turns apart. */
type Make = (text: string, turn: number) => object;

const words = (text: string): readonly string[] => text.split(' ');
const turns = (text: string): readonly string[] => text.match(/.{1,160}(?: |$)/gu) ?? [];
const role = (index: number): string => (index % 2 === 0 ? 'user' : 'assistant');

const made: Readonly<Partial<Record<ProtocolName, Readonly<Partial<Record<keyof typeof Way, Make>>>>>> = {
  'twilio-conversation-relay': {
    toVendor: (text) => ({ type: 'prompt', voicePrompt: text, lang: 'en-US', last: true }),
    toCaller: (text) => ({ type: 'text', token: text, last: true }),
  },
  'openai-realtime': {
    toVendor: (text) => ({
      type: 'conversation.item.create',
      item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
    }),
    toCaller: (transcript, turn) => ({
      type: 'response.done',
      response: { id: `resp_${turn}`, output: [{ type: 'message', content: [{ type: 'output_audio', transcript }] }] },
    }),
  },
  'openai-live': {
    toVendor: (content) => ({ type: 'session.instructions.append', content, delegation_id: null }),
    toCaller: (text, turn) => ({
      type: 'response.event',
      event: { type: 'response.output_text.done', item_id: `msg_${turn}`, output_index: 0, content_index: 0, text },
    }),
  },
  'openai-chat': {
    toVendor: (text) => ({
      model: 'gpt-5-mini',
      stream: true,
      store: false,
      messages: turns(text).map((content, index) => ({ role: role(index), content })),
    }),
    toCaller: (content, turn) => ({
      id: `c${turn}`,
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta: { content }, finish_reason: 'stop' }],
    }),
  },
  'deepgram-listen': {
    toCaller: (transcript, turn) => ({
      type: 'Results',
      channel_index: [0, 1],
      start: turn,
      is_final: true,
      channel: {
        alternatives: [
          {
            transcript,
            words: words(transcript).map((word) => ({
              word,
              start: 1.2,
              end: 1.5,
              confidence: 0.9,
              punctuated_word: word,
            })),
          },
        ],
      },
    }),
  },
  'deepgram-flux': {
    toCaller: (transcript, turn) => ({
      type: 'TurnInfo',
      event: 'EndOfTurn',
      turn_index: turn,
      transcript,
      words: words(transcript).map((word) => ({ word, confidence: 0.9 })),
    }),
  },
  'deepgram-speak': {
    toVendor: (text) => ({ type: 'Speak', text }),
    toCaller: (text) => ({
      type: 'SpeechInterrupted',
      text_spoken: text.slice(0, text.length / 2),
      text_remaining: text.slice(text.length / 2),
    }),
  },
  'deepgram-agent': {
    toVendor: (prompt) => ({ type: 'UpdatePrompt', prompt }),
    toCaller: (content) => ({ type: 'ConversationText', role: 'user', content }),
  },
  'elevenlabs-agents': {
    toVendor: (text) => ({ type: 'contextual_update', text }),
    toCaller: (text, turn) => ({
      type: 'agent_response',
      agent_response_event: { agent_response: text, event_id: turn },
    }),
  },
  'elevenlabs-speech': {
    toVendor: (text) => ({ text, flush: true }),
    toCaller: (text) => ({
      audio: 'f39/fw==',
      alignment: { chars: [...text], charStartTimesMs: [...text].map(() => 7) },
    }),
  },
  'elevenlabs-scribe': {
    toVendor: (text) => ({ message_type: 'input_audio_chunk', audio_base_64: 'f39/fw==', previous_text: text }),
    toCaller: (text) => ({
      message_type: 'committed_transcript_with_timestamps',
      text,
      words: words(text).map((word) => ({ text: word, start: 1.2, end: 1.5, type: 'word' })),
    }),
  },
  'gemini-live': {
    toVendor: (text) => ({
      clientContent: { turns: turns(text).map((part, index) => ({ role: role(index), parts: [{ text: part }] })) },
    }),
    toCaller: (text) => ({ serverContent: { outputTranscription: { text }, turnComplete: true } }),
  },
  'assemblyai-streaming': {
    toVendor: (prompt) => ({ type: 'UpdateConfiguration', prompt }),
    toCaller: (transcript, turn) => ({
      type: 'Turn',
      turn_order: turn,
      end_of_turn: true,
      transcript,
      words: words(transcript).map((text) => ({ text, start: 300, end: 420, confidence: 0.9, word_is_final: true })),
    }),
  },
  'assemblyai-agent': {
    toVendor: (instructions) => ({ type: 'reply.create', instructions }),
    toCaller: (text, turn) => ({ type: 'transcript.user', item_id: `i${turn}`, text }),
  },
  'cartesia-speech': {
    toVendor: (transcript, turn) => ({ context_id: `c${turn}`, transcript, continue: false }),
    toCaller: (text, turn) => ({
      type: 'timestamps',
      context_id: `c${turn}`,
      word_timestamps: { words: words(text), start: words(text).map(() => 1.2), end: words(text).map(() => 1.5) },
    }),
  },
  'cartesia-transcribe': {
    toVendor: (text) => ({ type: 'config', keyterms: turns(text) }),
    toCaller: (transcript) => ({ type: 'turn.end', transcript, words: words(transcript).map((word) => ({ word })) }),
  },
  'retell-llm': {
    toVendor: (text, turn) => ({
      interaction_type: 'response_required',
      response_id: turn,
      transcript: turns(text).map((content, index) => ({ role: index % 2 === 0 ? 'user' : 'agent', content })),
    }),
    toCaller: (content, turn) => ({ response_type: 'response', response_id: turn, content, content_complete: true }),
  },
  'vapi-transport': {
    toCaller: (text) => ({
      type: 'conversation-update',
      messagesOpenAIFormatted: turns(text).map((content, index) => ({ role: role(index), content })),
    }),
  },
};

/** Every protocol that carries text of such a length, both ways. The receiving party is cleared as a med spa's vendor. */
export function textFrames(): TextFrames[] {
  return Object.entries(protocols).flatMap(([name, codec]) => {
    const makes = Object.entries(made).find(([each]) => each === name)?.[1] ?? {};
    return [Way.toVendor, Way.toCaller].flatMap((way) => {
      const make = makes[wayNames[way]];
      if (make === undefined) return [];
      const frames = Array.from({ length: variants }, (_, turn) => frameOf(make, turn));
      const relay = machineOf(codec);
      const send = (index: number): void => {
        relay.onMessage(way, frames[index % variants] ?? Buffer.alloc(0), false, index);
        if (name === 'deepgram-speak') relay.onMessage(Way.toVendor, flush, false, index);
      };
      return [{ what: `${name} ${wayNames[way]}, 2 KB of text`, send }];
    });
  });
}

/** Ends an utterance where no field of the message does. */
const flush = Buffer.from('{"type":"Flush"}');

const prose = Array.from({ length: 12 }, (_, index) => prompts[index % prompts.length] ?? '').join(' ');

/** As many words as the frame holds. */
function frameOf(make: Make, turn: number): Buffer {
  const from = (turn * 97) % 600;
  let length = frameBytes;
  let frame = Buffer.alloc(frameBytes + 1);
  while (frame.length > frameBytes) {
    frame = Buffer.from(JSON.stringify(make(prose.slice(from, from + length).trim(), turn)));
    length -= 16;
  }
  return frame;
}

function machineOf(codec: (typeof protocols)[ProtocolName]): Relay {
  const { vendor } = profiles.medspa.clearances;
  const call = createCall({
    ref: 'bench',
    route: 'bench',
    vendor: 'bench',
    caller: undefined,
    expectedCallSid: undefined,
    expectedAccountSid: undefined,
    aliases: { callSid: `CA${'a'.repeat(32)}`, accountSid: `AC${'a'.repeat(32)}` },
    policy: 'bench',
  });
  const relay = createRelay({
    call,
    codec,
    conversation: engine.conversation(),
    clearances: { vendor, caller: vendor },
    limits: defaultLimits,
    strict: false,
    hosts: new Set(),
    nested: { ...nestedScope([], '', '2026-11-23'), models: undefined },
    parameters: new Set(),
    now: 0,
    ports: {
      send: () => true,
      forward: { [Way.toVendor]: () => true, [Way.toCaller]: () => true },
      pause: () => undefined,
      resume: () => undefined,
      close: () => undefined,
      handoff: (reason) => {
        throw new Error(`The call ended: ${reason}`);
      },
      audit: () => true,
      callTool: () => undefined,
      clock: () => performance.now(),
    },
  });
  if (codec.starts) relay.onMessage(Way.toVendor, opening, false, 0);
  return relay;
}

const opening = Buffer.from(
  JSON.stringify({
    type: 'setup',
    sessionId: `VX${'0'.repeat(32)}`,
    accountSid: `AC${'0'.repeat(32)}`,
    callSid: `CA${'0'.repeat(32)}`,
    from: '+15125550143',
    to: '+15125550100',
    direction: 'inbound',
  }),
);
