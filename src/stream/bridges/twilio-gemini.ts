import {
  toolsOf,
  type VoiceBridge,
  type BridgedCall,
  type Session,
  type ToolAnswer,
  type VendorSide,
} from '../bridge.ts';
import { optional, textAt } from '../crossing/fields.ts';
import { decodeMulaw, encodeMulaw } from '../crossing/mulaw.ts';
import { Resampler } from '../crossing/resample.ts';
import { Envelope } from '../crossing/splice.ts';
import { isObject, parseObject, type Json, type JsonObject } from '../json.ts';
import { bounds } from '../limits.ts';
import type { OpenMessage } from '../protocol.ts';
import { protocols } from '../protocols/index.ts';

const input = new Envelope('{"realtimeInput":{"audio":{"data":"', '","mimeType":"audio/pcm;rate=16000"}}}');
const upTaps = 36;
const downTaps = 108;

function setup(session: Session): readonly JsonObject[] {
  const { model, instructions, language, voice, silenceMs } = session;
  const speech = optional({
    languageCode: language,
    voiceConfig: voice === undefined ? undefined : { prebuiltVoiceConfig: { voiceName: voice } },
  });
  const made: JsonObject = {
    model: model ?? '',
    generationConfig: { responseModalities: ['AUDIO'], speechConfig: speech },
    ...optional({
      systemInstruction: instructions === undefined ? undefined : { parts: [{ text: instructions }] },
      realtimeInputConfig:
        silenceMs === undefined ? undefined : { automaticActivityDetection: { silenceDurationMs: silenceMs } },
    }),
    tools: [{ functionDeclarations: toolsOf(session).map((tool) => ({ ...tool })) }],
    inputAudioTranscription: {},
    outputAudioTranscription: {},
  };
  return [{ setup: made }];
}

class GeminiSide implements VendorSide {
  private readonly call: BridgedCall;
  private readonly upward = new Resampler(8_000, 16_000, upTaps);
  private downward = new Resampler(24_000, 8_000, downTaps);
  private readonly names = new Map<string, string>();
  private turn = 0;

  constructor(call: BridgedCall) {
    this.call = call;
  }

  carry(data: Buffer, from: number, to: number): Buffer {
    const samples = decodeMulaw(Buffer.from(data.toString('latin1', from, to), 'base64'));
    return input.aroundText(bytesOf(this.upward.push(samples)).toString('base64'));
  }

  /** Its audio stands among other things: there is no frame of audio alone. */
  onAudio(): void {}

  onMessage(message: OpenMessage): void {
    if (message.field('setupComplete') !== undefined) this.begin();
    if (message.type === 'serverContent') this.hear(message);
    if (message.type === 'toolCall') this.callTools(message.field('toolCall.functionCalls'));
    if (message.type === 'toolCallCancellation') this.forget(message.field('toolCallCancellation.ids'));
    if (message.type === 'goAway') this.call.expire(millisecondsOf(textAt(message, 'goAway.timeLeft')));
  }

  answer({ id, output }: ToolAnswer): void {
    const parsed = parseObject(Buffer.from(output));
    const response = typeof parsed === 'string' ? { output } : parsed;
    const functionResponses = [{ id, name: this.names.get(id) ?? '', response }];
    this.names.delete(id);
    this.call.tell({ toolResponse: { functionResponses } });
  }

  typed(digits: string): void {
    this.call.tell(turnOf(`The caller typed on the keypad: ${digits}`));
  }

  say(sentence: string): void {
    this.call.configure(turnOf(`Say exactly this, in the language of the call, and nothing else: ${sentence}`));
  }

  private begin(): void {
    const { greeting } = this.call.session;
    this.call.ready();
    if (greeting !== undefined) this.say(greeting);
  }

  private hear(message: OpenMessage): void {
    if (message.field('serverContent.interrupted') === true) this.interrupt();
    const parts = message.field('serverContent.modelTurn.parts');
    for (const part of Array.isArray(parts) ? parts : []) this.play(isObject(part) ? part['inlineData'] : undefined);
    if (message.field('serverContent.turnComplete') !== true) return;
    this.turn += 1;
    this.call.spoken();
  }

  private interrupt(): void {
    this.turn += 1;
    this.downward = new Resampler(24_000, 8_000, downTaps);
    this.call.interrupt();
  }

  private play(blob: Json | undefined): void {
    if (!isObject(blob) || typeof blob['data'] !== 'string') return;
    if (blob['mimeType'] !== 'audio/pcm;rate=24000') return this.call.fail('VENDOR_FAILED');
    const samples = samplesOf(Buffer.from(blob['data'], 'base64'));
    this.call.playBytes(String(this.turn), encodeMulaw(this.downward.push(samples)));
  }

  private callTools(calls: Json | undefined): void {
    for (const call of Array.isArray(calls) ? calls.filter(isObject) : []) {
      const { id, name, args } = call;
      if (typeof id !== 'string' || typeof name !== 'string') continue;
      if (this.names.size < bounds.openTools) this.names.set(id, name);
      this.call.callTool({ id, name, input: JSON.stringify(args ?? {}) });
    }
  }

  private forget(ids: Json | undefined): void {
    const gone = (Array.isArray(ids) ? ids : []).filter((id) => typeof id === 'string');
    for (const id of gone) this.names.delete(id);
    this.call.forgetTools(gone);
  }
}

function turnOf(text: string): JsonObject {
  return { clientContent: { turns: [{ role: 'user', parts: [{ text }] }], turnComplete: true } };
}

function bytesOf(samples: Int16Array): Buffer {
  const bytes = Buffer.allocUnsafe(samples.length * 2);
  for (let index = 0; index < samples.length; index += 1) bytes.writeInt16LE(samples[index] ?? 0, index * 2);
  return bytes;
}

function samplesOf(bytes: Buffer): Int16Array {
  const samples = new Int16Array(bytes.length >> 1);
  for (let index = 0; index < samples.length; index += 1) samples[index] = bytes.readInt16LE(index * 2);
  return samples;
}

/** A protobuf duration in JSON: `12s`, `0.5s`. What cannot be read is no time at all. */
function millisecondsOf(duration: string): number {
  const seconds = /^(\d{1,6}(?:\.\d{1,9})?)s$/u.exec(duration)?.[1];
  return Number(seconds ?? 0) * 1000;
}

/**
 * Gemini Live: linear samples, 16,000 a second up and 24,000 down, so audio is decoded and resampled here. A session has
 * about 15 minutes, a connection about 10, and `goAway` comes a minute before; to resume one would mean that it is stored.
 * Source: @google/genai 2.32, ai.google.dev/api/live.
 */
export const twilioGemini: VoiceBridge = {
  caller: 'twilio-media-streams',
  over: 'wss',
  vendor: protocols['gemini-live'],
  binary: false,
  sessionMs: 900_000,
  goodbyes: new Set(),
  needs: { query: [], route: ['model'], session: ['instructions'] },
  setup,
  begin: (call) => new GeminiSide(call),
};
