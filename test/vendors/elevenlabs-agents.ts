import type { VendorScript } from './loopback.ts';

const format = 'ulaw_8000';

/** ElevenLabs Agents with an agent that is set to mu-law. Source: agent.asyncapi.yaml of elevenlabs/packages. */
export const elevenlabsAgents: VendorScript = {
  onMessage: (session, data) => {
    const message = JSON.parse(data.toString()) as Record<string, unknown>;
    const audio = message['user_audio_chunk'];
    if (typeof audio === 'string') {
      session.heard.push(Buffer.from(audio, 'base64'));
      session.send({ type: 'audio', audio_event: { audio_base_64: audio, event_id: session.heard.length } });
      return;
    }
    session.texts.push(data.toString());
    if (message['type'] === 'conversation_initiation_client_data')
      session.send({
        type: 'conversation_initiation_metadata',
        conversation_initiation_metadata_event: {
          conversation_id: 'conv_1',
          agent_output_audio_format: format,
          user_input_audio_format: format,
        },
      });
  },
};
