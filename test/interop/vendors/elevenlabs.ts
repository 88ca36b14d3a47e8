import type { LoopbackSession, VendorScript } from '../../vendors/loopback.ts';

type Message = Readonly<Record<string, unknown>>;

/**
 * ElevenLabs Agents as far as the SDK needs it: formats, a ping that wants its pong, what was heard first as a guess and then
 * as a whole, a tool that runs in the app, an answer in text and in audio with its caption, a correction of it.
 * Source: types of @elevenlabs/elevenlabs-js 2.73.
 */
export function elevenlabsAgent(heard: string, said: string): VendorScript {
  return {
    onMessage: (session, data) => {
      const message = JSON.parse(data.toString()) as Message;
      const audio = message['user_audio_chunk'];
      if (typeof audio === 'string') {
        session.heard.push(Buffer.from(audio, 'base64'));
        return;
      }
      session.texts.push(data.toString());
      if (message['type'] === 'conversation_initiation_client_data') begin(session);
      if (message['type'] === 'user_message') hear(session, heard);
      if (message['type'] === 'client_tool_result') answer(session, said);
    },
  };
}

function begin(session: LoopbackSession): void {
  session.send({
    type: 'conversation_initiation_metadata',
    conversation_initiation_metadata_event: {
      conversation_id: 'conv_1',
      agent_output_audio_format: 'ulaw_8000',
      user_input_audio_format: 'ulaw_8000',
    },
  });
  session.send({ type: 'ping', ping_event: { event_id: 1, ping_ms: 20 } });
}

function hear(session: LoopbackSession, heard: string): void {
  session.send({
    type: 'tentative_user_transcript',
    tentative_user_transcription_event: { user_transcript: heard.slice(0, 12), event_id: 2 },
  });
  session.send({ type: 'user_transcript', user_transcription_event: { user_transcript: heard, event_id: 2 } });
  session.send({
    type: 'client_tool_call',
    client_tool_call: { tool_name: 'find_slot', tool_call_id: 'call_1', parameters: { for: heard }, event_id: 3 },
  });
}

function answer(session: LoopbackSession, said: string): void {
  session.send({ type: 'agent_response', agent_response_event: { agent_response: said, event_id: 4 } });
  const chars = [...said];
  const alignment = {
    chars,
    char_start_times_ms: chars.map((_, at) => at * 40),
    char_durations_ms: chars.map(() => 40),
  };
  session.send({
    type: 'audio',
    audio_event: { audio_base_64: Buffer.concat(session.heard).toString('base64'), event_id: 5, alignment },
  });
  session.send({
    type: 'agent_response_correction',
    agent_response_correction_event: {
      original_agent_response: said,
      corrected_agent_response: `${said.slice(0, -1)} ...`,
      event_id: 6,
    },
  });
}

/** Scribe as far as the SDK needs it: the session, a guess, the whole with its times. */
export function elevenlabsScribe(heard: string): VendorScript {
  return {
    onOpen: (session) =>
      session.send({ message_type: 'session_started', session_id: 's1', config: { sample_rate: 8000 } }),
    onMessage: (session, data) => {
      const message = JSON.parse(data.toString()) as Message;
      session.heard.push(Buffer.from(String(message['audio_base_64']), 'base64'));
      if (message['previous_text'] !== undefined) session.texts.push(data.toString());
      if (message['commit'] !== true) return;
      session.send({ message_type: 'partial_transcript', text: heard.slice(0, 12) });
      session.send({ message_type: 'committed_transcript', text: heard });
      session.send({
        message_type: 'committed_transcript_with_timestamps',
        text: heard,
        words: heard.split(' ').map((text) => ({ text, start: 0, end: 1, type: 'word' })),
      });
    },
  };
}

/** The socket of text to speech: text in pieces, each with its audio and its caption. */
export const elevenlabsSpeech: VendorScript = {
  onMessage: (session, data) => {
    const { text } = JSON.parse(data.toString()) as { readonly text?: string };
    session.texts.push(data.toString());
    const chars = [...(text ?? '')];
    const times = { charStartTimesMs: chars.map(() => 0), charDurationsMs: chars.map(() => 1) };
    if (text === '') session.send({ audio: null, isFinal: true });
    else session.send({ audio: 'f39/fw==', isFinal: false, alignment: { chars, ...times } });
  },
};
