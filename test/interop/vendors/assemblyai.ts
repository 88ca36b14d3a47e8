import type { VendorScript } from '../../vendors/loopback.ts';

/**
 * AssemblyAI Universal Streaming v3 as far as its SDK needs it: a turn that grows, its end, the same turn once more with
 * capitals, the end of the session. Source: types of assemblyai 4.41.
 */
export function assemblyai(heard: string, formatted: string): VendorScript {
  return {
    onOpen: (session) => session.send({ type: 'Begin', id: 'begin_1', expires_at: 1_800_000_000 }),
    onMessage: (session, data, binary) => {
      if (binary) {
        session.heard.push(data);
        if (session.heard.length !== 2) return;
        session.send(turn(heard.slice(0, 18), false, false));
        session.send(turn(heard, true, false));
        session.send(turn(formatted, true, true));
        return;
      }
      session.texts.push(data.toString());
      const { type } = JSON.parse(data.toString()) as { readonly type: string };
      if (type !== 'Terminate') return;
      session.send({ type: 'Termination', audio_duration_seconds: 1, session_duration_seconds: 1 });
      session.socket.close(1000);
    },
  };
}

function turn(transcript: string, ended: boolean, formatted: boolean): object {
  const words = transcript
    .split(' ')
    .map((text) => ({ text, start: 0, end: 1, confidence: 0.9, word_is_final: ended }));
  return {
    type: 'Turn',
    turn_order: 0,
    turn_is_formatted: formatted,
    end_of_turn: ended,
    end_of_turn_confidence: ended ? 0.9 : 0.1,
    transcript,
    words,
  };
}
