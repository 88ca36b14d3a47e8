import type { ReasonCode } from '../../policy/reason.ts';

/**
 * ConversationRelay's own way to end a session. What is handed over is logged by Twilio: a code and a route, no words.
 * Source: https://www.twilio.com/docs/voice/conversationrelay/websocket-messages
 */
export function relayEnd(route: string, reason: ReasonCode): Buffer {
  return Buffer.from(JSON.stringify({ type: 'end', handoffData: JSON.stringify({ reason, route }) }));
}
