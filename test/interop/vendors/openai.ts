import { randomUUID } from 'node:crypto';
import type { LoopbackSession, VendorScript } from '../../vendors/loopback.ts';

type Message = Readonly<Record<string, unknown>>;

/** What the vendor hears in any audio, and what its agent says. */
export interface OpenaiLines {
  readonly heard: string;
  readonly said: string;
  /** Arguments of the function that the agent calls; undefined: it calls none. */
  readonly calls?: (session: LoopbackSession) => OpenaiCall | undefined;
}

export interface OpenaiCall {
  readonly name: string;
  readonly arguments: string;
}

/**
 * OpenAI Realtime as far as its SDKs need it: a session that is said back, a transcript of what it hears, an answer in audio,
 * in deltas and at their end, a function call. Source: types of openai 6.49 (resources/realtime).
 */
export function openai({ heard, said, calls }: OpenaiLines): VendorScript {
  return {
    onOpen: (session) => send(session, { type: 'session.created', session: { type: 'realtime' } }),
    onMessage: (session, data) => {
      const message = JSON.parse(data.toString()) as Message;
      if (message['type'] === 'input_audio_buffer.append') {
        session.heard.push(Buffer.from(String(message['audio']), 'base64'));
        return;
      }
      session.texts.push(data.toString());
      if (message['type'] === 'session.update') send(session, { type: 'session.updated', session: message['session'] });
      if (message['type'] === 'input_audio_buffer.commit') transcribe(session, heard);
      if (message['type'] === 'response.create') answer(session, said, calls?.(session));
    },
  };
}

/** Every event of the server has an id of its own; the SDK takes no other. */
function send(session: LoopbackSession, event: object): void {
  session.send({ event_id: `event_${randomUUID()}`, ...event });
}

function transcribe(session: LoopbackSession, heard: string): void {
  const item = { item_id: 'item_heard', content_index: 0 };
  send(session, { type: 'input_audio_buffer.committed', item_id: 'item_heard' });
  for (const delta of heard.match(/.{1,4}/gu) ?? [])
    send(session, { type: 'conversation.item.input_audio_transcription.delta', ...item, delta });
  send(session, { type: 'conversation.item.input_audio_transcription.completed', ...item, transcript: heard });
}

function answer(session: LoopbackSession, said: string, call?: OpenaiCall): void {
  const at = { response_id: 'resp_1', item_id: 'item_said', output_index: 0, content_index: 0 };
  const response = { id: 'resp_1', object: 'realtime.response', status: 'completed', output: [] as object[] };
  const item = (content: object[]) => ({
    id: 'item_said',
    type: 'message',
    role: 'assistant',
    status: 'completed',
    content,
  });
  send(session, { type: 'response.created', response: { ...response, status: 'in_progress' } });
  send(session, { type: 'response.output_item.added', response_id: 'resp_1', output_index: 0, item: item([]) });
  for (const delta of said.match(/.{1,5}/gu) ?? [])
    send(session, { type: 'response.output_audio_transcript.delta', ...at, delta });
  const heard = Buffer.concat(session.heard).toString('base64');
  send(session, { type: 'response.output_audio.delta', ...at, delta: heard });
  send(session, { type: 'response.output_audio.done', ...at });
  send(session, { type: 'response.output_audio_transcript.done', ...at, transcript: said });
  const spoken = item([{ type: 'output_audio', transcript: said }]);
  send(session, { type: 'response.output_item.done', response_id: 'resp_1', output_index: 0, item: spoken });
  if (call !== undefined) callFunction(session, call);
  send(session, { type: 'response.done', response: { ...response, output: [spoken] } });
}

function callFunction(session: LoopbackSession, { name, arguments: input }: OpenaiCall): void {
  const at = { response_id: 'resp_1', item_id: 'item_call', output_index: 1, call_id: 'call_1' };
  for (const delta of input.match(/.{1,6}/gu) ?? [])
    send(session, { type: 'response.function_call_arguments.delta', ...at, delta });
  send(session, { type: 'response.function_call_arguments.done', ...at, name, arguments: input });
  const item = {
    id: 'item_call',
    type: 'function_call',
    status: 'completed',
    call_id: 'call_1',
    name,
    arguments: input,
  };
  send(session, { type: 'response.output_item.done', response_id: 'resp_1', output_index: 1, item });
}
