import { GoogleGenAI, Modality } from '@google/genai';
import { apiKey, base, say, words } from './say.ts';

// The quick start of the Live API of @google/genai; `baseUrl` is what changed.
const ai = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: base } });
let heard = '';
let said = '';
const search = process.env['SEARCH'] === 'yes' ? [{ googleSearch: {} }] : [];
const session = await ai.live.connect({
  model: 'gemini-2.5-flash-live',
  config: {
    responseModalities: [Modality.AUDIO],
    systemInstruction: `You talk with ${words}.`,
    inputAudioTranscription: {},
    outputAudioTranscription: {},
    tools: [...search, { functionDeclarations: [{ name: 'find_slot', description: 'Finds a slot' }] }],
  },
  callbacks: {
    onmessage: ({ setupComplete, serverContent, toolCall }) => {
      if (setupComplete !== undefined) say({ ready: true });
      heard += serverContent?.inputTranscription?.text ?? '';
      said += serverContent?.outputTranscription?.text ?? '';
      for (const { inlineData } of serverContent?.modelTurn?.parts ?? [])
        if (inlineData?.data !== undefined) say({ audio: Buffer.from(inlineData.data, 'base64').length });
      for (const { id = '', name = '', args } of toolCall?.functionCalls ?? []) {
        say({ heard, asked: args });
        session.sendToolResponse({ functionResponses: [{ id, name, response: { slot: `Tuesday for ${words}` } }] });
      }
      if (serverContent?.turnComplete === true) {
        say({ said });
        session.close();
      }
    },
    onclose: ({ code, reason }) => {
      if (said === '') say({ closed: code, reason });
      process.exit(0);
    },
  },
});
for (let piece = 0; piece < 5; piece += 1)
  session.sendRealtimeInput({
    audio: { data: Buffer.alloc(640, piece).toString('base64'), mimeType: 'audio/pcm;rate=16000' },
  });
session.sendClientContent({ turns: `i am ${words}`, turnComplete: true });
