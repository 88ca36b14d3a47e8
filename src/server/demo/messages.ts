import { z } from 'zod';

/** The fields of the two Twilio protocols that the demo's carrier and vendor look at; everything else is left unread. */
const message = z.looseObject({
  event: z.string().optional(),
  streamSid: z.string().optional(),
  media: z.looseObject({ payload: z.string() }).optional(),
  type: z.string().optional(),
  token: z.string().optional(),
  voicePrompt: z.string().optional(),
  last: z.boolean().optional(),
});

export type DemoMessage = z.output<typeof message>;

/** Reads a frame of either protocol. Throws for what is no such frame: in the demo that is a fault. */
export function readMessage(frame: Buffer | string): DemoMessage {
  return message.parse(JSON.parse(frame.toString()));
}

const sessions = z.array(z.object({ path: z.string(), texts: z.array(z.string()), audioFrames: z.number() }));

/** What the demo vendor tells of one session. */
export type VendorSession = z.output<typeof sessions>[number];

export function readSessions(text: string): VendorSession[] {
  return sessions.parse(JSON.parse(text));
}
