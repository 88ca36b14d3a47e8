import type { VendorScript } from './loopback.ts';

/**
 * Gemini Live: takes 16,000 samples a second, answers with a tone of 24,000, and sends its JSON in binary frames as Google
 * does. Source: @google/genai 2.32.
 */
export const geminiLive: VendorScript = {
  onMessage: (session, data) => {
    const message = JSON.parse(data.toString()) as Record<string, unknown>;
    const input = message['realtimeInput'] as { audio?: { data: string } } | undefined;
    if (input?.audio !== undefined) {
      session.heard.push(Buffer.from(input.audio.data, 'base64'));
      const inlineData = { mimeType: 'audio/pcm;rate=24000', data: tone(session.heard.length).toString('base64') };
      session.socket.send(Buffer.from(JSON.stringify({ serverContent: { modelTurn: { parts: [{ inlineData }] } } })));
      return;
    }
    session.texts.push(data.toString());
    if ('setup' in message) session.socket.send(Buffer.from('{"setupComplete":{}}'));
  },
};

export const toneHz = 500;
const samplesOfFrame = 480;

/** The next 20 ms of a tone without an end. */
function tone(frame: number): Buffer {
  const bytes = Buffer.alloc(samplesOfFrame * 2);
  for (let index = 0; index < samplesOfFrame; index += 1) {
    const at = (frame - 1) * samplesOfFrame + index;
    bytes.writeInt16LE(Math.round(8_000 * Math.sin((2 * Math.PI * toneHz * at) / 24_000)), index * 2);
  }
  return bytes;
}
