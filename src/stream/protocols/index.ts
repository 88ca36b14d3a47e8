import type { ProtocolCodec } from '../protocol.ts';
import { conversationRelay } from './twilio-conversation-relay.ts';
import { mediaStreams } from './twilio-media-streams.ts';

/** Every protocol, by the name that a route of the configuration gives. */
export const protocols = {
  'twilio-media-streams': mediaStreams,
  'twilio-conversation-relay': conversationRelay,
} as const satisfies Record<string, ProtocolCodec>;

export type ProtocolName = keyof typeof protocols;
