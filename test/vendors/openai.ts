import type { Scene } from '../../src/server/demo/scene.ts';
import { startVendor, type LoopbackSession, type LoopbackVendor } from './loopback.ts';

/** What the vendor does with the session that it is told: takes it, or says back something else. */
export type Takes = (session: Record<string, unknown>) => Record<string, unknown>;

/**
 * OpenAI Realtime as far as a call needs it: the session is said back, every piece of audio comes back as the answer.
 * Source: types of openai 7.57 (resources/realtime).
 */
export function startOpenai(scene: Scene, takes: Takes = (session) => session): Promise<LoopbackVendor> {
  return startVendor(scene, {
    onOpen: (session) => session.send({ type: 'session.created', event_id: 'event_0', session: { type: 'realtime' } }),
    onMessage: (session, data) => {
      const message = JSON.parse(data.toString()) as Record<string, unknown>;
      if (message['type'] === 'input_audio_buffer.append') return echo(session, String(message['audio']));
      session.texts.push(data.toString());
      if (message['type'] === 'session.update')
        session.send({
          type: 'session.updated',
          event_id: 'event_1',
          session: takes(message['session'] as Record<string, unknown>),
        });
    },
  });
}

function echo(session: LoopbackSession, audio: string): void {
  session.heard.push(Buffer.from(audio, 'base64'));
  speak(session, 'item_echo', audio);
}

/** Audio of the agent, in base64. */
export function speak(session: LoopbackSession, item: string, audio: string): void {
  session.send({
    type: 'response.output_audio.delta',
    event_id: `event_${session.heard.length}`,
    response_id: 'resp_1',
    item_id: item,
    output_index: 0,
    content_index: 0,
    delta: audio,
  });
}

/** The agent calls a function. */
export function callFunction(session: LoopbackSession, id: string, name: string, input: object): void {
  const item = { id: `item_${id}`, type: 'function_call', status: 'completed', name, call_id: id };
  session.send({
    type: 'response.output_item.done',
    response_id: 'resp_1',
    output_index: 0,
    item: { ...item, arguments: JSON.stringify(input) },
  });
}
