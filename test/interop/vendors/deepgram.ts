import type { VendorScript } from '../../vendors/loopback.ts';

type Message = Readonly<Record<string, unknown>>;

/**
 * Deepgram's /v1/listen as far as its SDK needs it: interims that grow, a final with its words, the results once more as
 * entities, the metadata at the end. Source: types of @deepgram/sdk 5.13.
 */
export function deepgramListen(heard: string): VendorScript {
  return {
    onMessage: (session, data, binary) => {
      if (binary) {
        session.heard.push(data);
        return;
      }
      session.texts.push(data.toString());
      const { type } = JSON.parse(data.toString()) as Message;
      if (type === 'Finalize') for (const result of results(heard)) session.send(result);
      if (type !== 'CloseStream') return;
      session.send({
        type: 'Metadata',
        request_id: 'r1',
        sha256: 'ab',
        created: '2026-11-23',
        duration: 1,
        channels: 1,
      });
      session.socket.close(1000);
    },
  };
}

function results(heard: string): object[] {
  const words = heard.split(' ');
  const shown = [words.slice(0, Math.ceil(words.length / 2)), words];
  return shown.map((part, index) => ({
    type: 'Results',
    channel_index: [0, 1],
    start: 0,
    duration: 1,
    is_final: index === 1,
    speech_final: index === 1,
    channel: {
      alternatives: [
        {
          transcript: part.join(' '),
          confidence: 0.9,
          words: part.map((word, at) => ({ word, punctuated_word: word, start: at, end: at + 1, confidence: 0.9 })),
        },
      ],
    },
    metadata: { request_id: 'r1', model_uuid: 'm1', model_info: { name: 'general', version: '1', arch: 'nova-3' } },
  }));
}

/**
 * Deepgram's Voice Agent as far as its SDK needs it: settings are taken, what is heard and said comes as text, the caller's
 * audio comes back as the agent's. Source: types of @deepgram/sdk 5.13.
 */
export function deepgramAgent(heard: string, said: string): VendorScript {
  return {
    onOpen: (session) => session.send({ type: 'Welcome', request_id: 'r1' }),
    onMessage: (session, data, binary) => {
      if (binary) {
        session.heard.push(data);
        session.socket.send(data, { binary: true });
        return;
      }
      session.texts.push(data.toString());
      const { type } = JSON.parse(data.toString()) as Message;
      if (type === 'Settings') session.send({ type: 'SettingsApplied' });
      if (type !== 'InjectUserMessage') return;
      session.send({ type: 'ConversationText', role: 'user', content: heard });
      session.send({ type: 'ConversationText', role: 'assistant', content: said });
      session.send({ type: 'AgentAudioDone' });
    },
  };
}
