import type { LoopbackSession, VendorScript } from '../../vendors/loopback.ts';

type Message = Readonly<Record<string, unknown>>;

const at = { response_id: 'resp_1', item_id: 'item_1', output_index: 0, content_index: 0 };

/**
 * OpenAI Realtime on the telephone: it hears a turn after five pieces of audio and says them back, and takes the sixth as the
 * caller breaking in before the answer is over. Source: types of openai 6.49 (resources/realtime).
 */
export function openaiTelephone(heard: string): VendorScript {
  return {
    onOpen: (session) => session.send({ type: 'session.created', event_id: 'event_0', session: { type: 'realtime' } }),
    onMessage: (session, data) => {
      const message = JSON.parse(data.toString()) as Message;
      if (message['type'] === 'input_audio_buffer.append') {
        session.heard.push(Buffer.from(String(message['audio']), 'base64'));
        if (session.heard.length === 5) answer(session, heard);
        if (session.heard.length === 6)
          session.send({
            type: 'input_audio_buffer.speech_started',
            event_id: 'event_7',
            audio_start_ms: 100,
            item_id: 'item_2',
          });
        return;
      }
      session.texts.push(data.toString());
      if (message['type'] === 'session.update')
        session.send({ type: 'session.updated', event_id: 'event_1', session: message['session'] });
    },
  };
}

function answer(session: LoopbackSession, heard: string): void {
  const item = { id: 'item_1', type: 'message', role: 'assistant', status: 'in_progress', content: [] };
  session.send({
    type: 'conversation.item.input_audio_transcription.completed',
    event_id: 'event_2',
    item_id: 'item_0',
    content_index: 0,
    transcript: heard,
  });
  session.send({ type: 'response.created', event_id: 'event_3', response: { id: 'resp_1', output: [] } });
  session.send({
    type: 'response.output_item.added',
    event_id: 'event_4',
    response_id: 'resp_1',
    output_index: 0,
    item,
  });
  const delta = Buffer.concat(session.heard).toString('base64');
  session.send({ type: 'response.output_audio.delta', event_id: 'event_5', ...at, delta });
}
