import type { VendorScript } from '../../vendors/loopback.ts';

interface Request {
  readonly context_id: string;
  readonly transcript: string;
  readonly continue: boolean;
}

/**
 * Cartesia's text to speech as far as its SDK needs it: sound for each piece, the words with their times, the end of the
 * context. It says back what it was given. Source: types of @cartesia/cartesia-js 4.2.
 */
export const cartesiaSpeech: VendorScript = {
  onMessage: (session, data) => {
    session.texts.push(data.toString());
    const { context_id: context, transcript, continue: goesOn } = JSON.parse(data.toString()) as Request;
    const common = { context_id: context, status_code: 206, done: false };
    const words = transcript.split(' ').filter((word) => word !== '');
    if (words.length > 0) {
      const times = words.map((_word, index) => index);
      session.send({ ...common, type: 'timestamps', word_timestamps: { words, start: times, end: times } });
      const data64 = Buffer.alloc(80, 0x7f).toString('base64');
      session.send({ ...common, type: 'chunk', data: data64, step_time: 1.5, flush_id: 0 });
    }
    if (!goesOn) session.send({ type: 'done', context_id: context, status_code: 200, done: true });
  },
};

/** Cartesia's speech to text with its own end of turns: a turn that grows, and its end. */
export function cartesiaTurns(heard: string): VendorScript {
  return {
    onOpen: (session) => session.send({ type: 'connected', request_id: 'req_1' }),
    onMessage: (session, data, binary) => {
      if (!binary) {
        session.texts.push(data.toString());
        const { type } = JSON.parse(data.toString()) as { readonly type: string };
        if (type === 'close') session.socket.close(1000);
        return;
      }
      session.heard.push(data);
      if (session.heard.length !== 2) return;
      session.send({ type: 'turn.start', request_id: 'req_1' });
      session.send({ type: 'turn.update', request_id: 'req_1', transcript: heard.slice(0, 14) });
      session.send({ type: 'turn.end', request_id: 'req_1', transcript: heard });
    },
  };
}
