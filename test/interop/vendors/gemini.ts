import type { LoopbackSession, VendorScript } from '../../vendors/loopback.ts';

type Message = Readonly<Record<string, unknown>>;

/**
 * Gemini Live as far as @google/genai needs it, in binary frames as Google sends them: what is heard and said in pieces that
 * are appended, audio, a call of a function, the end of the turn. Source: types of @google/genai 2.32.
 */
export function gemini(heard: string, said: string): VendorScript {
  return {
    onMessage: (session, data) => {
      const message = JSON.parse(data.toString()) as Message;
      const input = message['realtimeInput'] as { readonly audio?: { readonly data: string } } | undefined;
      if (input?.audio !== undefined) {
        session.heard.push(Buffer.from(input.audio.data, 'base64'));
        return;
      }
      session.texts.push(data.toString());
      if ('setup' in message) send(session, { setupComplete: {} });
      if ('clientContent' in message) hear(session, heard);
      if ('toolResponse' in message) answer(session, said);
    },
  };
}

function send(session: LoopbackSession, message: object): void {
  session.socket.send(Buffer.from(JSON.stringify(message)));
}

function hear(session: LoopbackSession, heard: string): void {
  for (const text of heard.match(/.{1,6}/gu) ?? []) send(session, { serverContent: { inputTranscription: { text } } });
  send(session, { toolCall: { functionCalls: [{ id: 'call_1', name: 'find_slot', args: { for: heard, days: 2 } }] } });
}

function answer(session: LoopbackSession, said: string): void {
  for (const text of said.match(/.{1,6}/gu) ?? []) send(session, { serverContent: { outputTranscription: { text } } });
  const inlineData = { mimeType: 'audio/pcm;rate=24000', data: Buffer.concat(session.heard).toString('base64') };
  send(session, { serverContent: { modelTurn: { parts: [{ inlineData }] } } });
  send(session, { serverContent: { turnComplete: true } });
}
