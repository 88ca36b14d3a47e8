import type { ProtocolCodec } from '../protocol.ts';
import { assemblyaiAgent } from './assemblyai-agent.ts';
import { assemblyaiStreaming } from './assemblyai-streaming.ts';
import { cartesiaSpeech } from './cartesia-speech.ts';
import { cartesiaTranscribe } from './cartesia-transcribe.ts';
import { deepgramAgent } from './deepgram-agent.ts';
import { deepgramFlux } from './deepgram-flux.ts';
import { deepgramListen } from './deepgram-listen.ts';
import { deepgramSpeak } from './deepgram-speak.ts';
import { elevenlabsAgents } from './elevenlabs-agents.ts';
import { elevenlabsScribe } from './elevenlabs-scribe.ts';
import { elevenlabsSpeech } from './elevenlabs-speech.ts';
import { geminiLive } from './gemini-live.ts';
import { openaiChat } from './openai-chat.ts';
import { openaiLive } from './openai-live.ts';
import { openaiRealtime } from './openai-realtime.ts';
import { retellLlm } from './retell-llm.ts';
import { conversationRelay } from './twilio-conversation-relay.ts';
import { mediaStreams } from './twilio-media-streams.ts';
import { vapiTransport } from './vapi-transport.ts';

/** Every protocol, by the name that a route of the configuration gives. */
export const protocols = {
  'twilio-media-streams': mediaStreams,
  'twilio-conversation-relay': conversationRelay,
  'openai-realtime': openaiRealtime,
  'openai-chat': openaiChat,
  'openai-live': openaiLive,
  'deepgram-listen': deepgramListen,
  'deepgram-flux': deepgramFlux,
  'deepgram-speak': deepgramSpeak,
  'deepgram-agent': deepgramAgent,
  'elevenlabs-agents': elevenlabsAgents,
  'elevenlabs-speech': elevenlabsSpeech,
  'elevenlabs-scribe': elevenlabsScribe,
  'gemini-live': geminiLive,
  'assemblyai-streaming': assemblyaiStreaming,
  'assemblyai-agent': assemblyaiAgent,
  'cartesia-speech': cartesiaSpeech,
  'cartesia-transcribe': cartesiaTranscribe,
  'retell-llm': retellLlm,
  'vapi-transport': vapiTransport,
} as const satisfies Record<string, ProtocolCodec>;

export type ProtocolName = keyof typeof protocols;
