import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { booking, canary } from './booking.ts';
import { readMessage } from './messages.ts';

/** What came of a Media Streams call whose audio the vendor echoes. */
export interface AudioResult {
  readonly sent: number;
  readonly returned: number;
  readonly altered: number;
  /** Round trips in milliseconds, one for each frame that came back. */
  readonly roundTrips: readonly number[];
}

const frameBytes = 160;
const frameMs = 20;

/** Speaks recorded mu-law at 50 frames a second into a stream and takes the echo. */
export async function speak(
  socket: WebSocket,
  callSid: string,
  accountSid: string,
  audio: Buffer,
  onFrame: (sent: number) => void,
): Promise<AudioResult> {
  const streamSid = `MZ${callSid.slice(2)}`;
  const payloads = cut(audio);
  const sentAt: number[] = [];
  const roundTrips: number[] = [];
  let altered = 0;
  socket.on('message', (data: Buffer) => {
    const message = readMessage(data);
    if (message.event !== 'media') return;
    const index = roundTrips.length;
    if (message.media?.payload !== payloads[index]) altered += 1;
    roundTrips.push(performance.now() - (sentAt[index] ?? 0));
  });
  for (const text of opening(callSid, streamSid, accountSid)) socket.send(text);
  const started = performance.now();
  for (const [index, payload] of payloads.entries()) {
    const wait = started + index * frameMs - performance.now();
    if (wait > 0) await sleep(wait);
    if (socket.readyState !== WebSocket.OPEN) break;
    sentAt.push(performance.now());
    socket.send(mediaFrame(streamSid, index, payload));
    onFrame(index + 1);
  }
  await until(() => roundTrips.length >= sentAt.length || socket.readyState !== WebSocket.OPEN, 2_000);
  socket.send(
    JSON.stringify({
      event: 'stop',
      sequenceNumber: String(payloads.length + 2),
      streamSid,
      stop: { accountSid, callSid },
    }),
  );
  await hangUp(socket);
  return { sent: sentAt.length, returned: roundTrips.length, altered, roundTrips };
}

function cut(audio: Buffer): string[] {
  const payloads: string[] = [];
  for (let at = 0; at + frameBytes <= audio.length; at += frameBytes) {
    payloads.push(audio.subarray(at, at + frameBytes).toString('base64'));
  }
  return payloads;
}

export function opening(callSid: string, streamSid: string, accountSid: string): string[] {
  const start = {
    accountSid,
    streamSid,
    callSid,
    tracks: ['inbound'],
    mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
    customParameters: { patient: canary.name },
  };
  return [
    JSON.stringify({ event: 'connected', protocol: 'Call', version: '1.0.0' }),
    JSON.stringify({ event: 'start', sequenceNumber: '1', streamSid, start }),
  ];
}

export function mediaFrame(streamSid: string, index: number, payload: string): string {
  const media = { track: 'inbound', chunk: String(index + 1), timestamp: String(index * frameMs), payload };
  return JSON.stringify({ event: 'media', sequenceNumber: String(index + 2), streamSid, media });
}

export interface SpokenTurn {
  readonly caller: string;
  readonly agent: string;
}

/** Holds the booking over ConversationRelay: growing partial prompts, then the final one, then the spoken answer. */
export async function converse(
  socket: WebSocket,
  callSid: string,
  accountSid: string,
  onTurn: (turn: SpokenTurn) => void,
): Promise<SpokenTurn[]> {
  let tokens = '';
  let answered = 0;
  socket.on('message', (data: Buffer) => {
    const message = readMessage(data);
    if (message.type !== 'text') return;
    tokens += message.token ?? '';
    if (message.last === true) answered += 1;
  });
  socket.send(setup(callSid, accountSid));
  const turns: SpokenTurn[] = [];
  for (const [index, { caller }] of booking.entries()) {
    tokens = '';
    for (const voicePrompt of partialsOf(caller)) socket.send(prompt(voicePrompt, false));
    socket.send(prompt(caller, true));
    await until(() => answered > index || socket.readyState !== WebSocket.OPEN, 5_000);
    const turn = { caller, agent: tokens.trim() };
    turns.push(turn);
    onTurn(turn);
  }
  await hangUp(socket);
  return turns;
}

export function setup(callSid: string, accountSid: string): string {
  return JSON.stringify({
    type: 'setup',
    sessionId: `VX${callSid.slice(2)}`,
    accountSid,
    parentCallSid: '',
    callSid,
    from: canary.number,
    to: '+15125550100',
    forwardedFrom: '',
    callerName: canary.callerName,
    direction: 'inbound',
    callType: 'PSTN',
    callStatus: 'RINGING',
    customParameters: { patient: canary.name },
  });
}

export function prompt(voicePrompt: string, last: boolean): string {
  return JSON.stringify({ type: 'prompt', voicePrompt, lang: 'en-US', last });
}

/** The growing hypotheses of a speech recogniser: a third, two thirds, all but the last letter of the sentence. */
function partialsOf(text: string): string[] {
  return [text.slice(0, text.length / 3), text.slice(0, (text.length * 2) / 3), text.slice(0, -1)];
}

async function hangUp(socket: WebSocket): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) return;
  const closed = new Promise((resolve) => {
    socket.once('close', resolve);
  });
  socket.close(1000);
  await closed;
}

async function until(done: () => boolean, limitMs: number): Promise<void> {
  const started = performance.now();
  while (!done() && performance.now() - started < limitMs) await sleep(5);
}
