import type { VendorScript } from './loopback.ts';

/** Deepgram Voice Agent: settings are applied, audio comes back in binary. Source: asyncapi.yml of deepgram-api-specs. */
export const deepgramAgent: VendorScript = {
  onOpen: (session) => session.send({ type: 'Welcome', request_id: 'r1' }),
  onMessage: (session, data, binary) => {
    if (binary) {
      session.heard.push(data);
      session.socket.send(data);
      return;
    }
    session.texts.push(data.toString());
    if (session.received('Settings').length === 1 && session.texts.length === 1)
      session.send({ type: 'SettingsApplied' });
  },
};
