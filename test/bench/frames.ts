/**
 * The messages of the load: Twilio Media Streams frames that carry their own proof, and ConversationRelay prompts.
 *
 * A media frame holds 160 bytes of mu-law in base64. The first 24 of them are not sound but a stamp: sequence number,
 * send time, and a CRC-32 of every other byte of the frame. So the far end knows of one frame alone when it was sent,
 * whether it is in order, and whether any byte of it was changed on the way.
 */
import { crc32 } from 'node:zlib';
import { speechMulaw } from '../../src/server/demo/speech.ts';

const stampBytes = 24;
const stampLetters = 32;
const mark = 0x63686170;

/** The sound after the stamp, as base64, one entry a frame of the recording. */
const sounds: readonly string[] = cutSounds(speechMulaw());

function cutSounds(speech: Buffer): string[] {
  const frames = Math.floor(speech.length / 160);
  return Array.from({ length: frames }, (_, at) =>
    speech.subarray(at * 160 + stampBytes, (at + 1) * 160).toString('base64'),
  );
}

function soundOf(sequence: number): string {
  return sounds[sequence % sounds.length] ?? '';
}

export interface Stamp {
  sequence: number;
  /** `performance.now()` of the sender, which is this same process. */
  sentAt: number;
  intact: boolean;
}

const scratch = Buffer.alloc(stampBytes);

function stamped(head: string, tail: string, sequence: number, now: number): Buffer {
  scratch.writeUInt32LE(mark, 0);
  scratch.writeUInt32LE(sequence, 4);
  scratch.writeDoubleLE(now, 8);
  scratch.writeUInt32LE(crc32(tail, crc32(head)), 16);
  return Buffer.from(head + scratch.toString('base64') + tail, 'latin1');
}

/** What Twilio sends: about 370 bytes. */
export function frameFromCaller(streamSid: string, sequence: number, now: number): Buffer {
  const head =
    `{"event":"media","sequenceNumber":"${sequence + 2}","streamSid":"${streamSid}",` +
    `"media":{"track":"inbound","chunk":"${sequence + 1}","timestamp":"${sequence * 20}","payload":"`;
  return stamped(head, `${soundOf(sequence)}"}}`, sequence, now);
}

/** What a vendor sends: Twilio needs neither numbers nor a track. */
export function frameFromVendor(streamSid: string, sequence: number, now: number): Buffer {
  const head = `{"event":"media","streamSid":"${streamSid}","media":{"payload":"`;
  return stamped(head, `${soundOf(sequence)}"}}`, sequence, now);
}

/** Reads the stamp into `into`; false when the frame carries none. */
export function readStamp(frame: Buffer, into: Stamp): boolean {
  const key = frame.indexOf('"payload":"');
  if (key < 0) return false;
  const at = key + 11;
  const letters = frame.toString('latin1', at, at + stampLetters);
  if (scratch.write(letters, 'base64') !== stampBytes || scratch.readUInt32LE(0) !== mark) return false;
  into.sequence = scratch.readUInt32LE(4);
  into.sentAt = scratch.readDoubleLE(8);
  into.intact = scratch.readUInt32LE(16) === crc32(frame.subarray(at + stampLetters), crc32(frame.subarray(0, at)));
  return true;
}

/** A value that no relay with redaction may let through; the bare relay does. */
export const canary = 'zephyrine quillfeather';

const turns = [
  `hi yes this is ${canary} and i wanted to move my botox appointment from this tuesday to some day next week if that works for you because i have to travel for work and my flight is on the same morning and you can call me back at four one five five five five oh one four two any time after lunch thanks a lot`,
  `okay so before i book the laser hair removal i have a couple of questions first does it hurt and second how many sessions do people normally need because my friend told me that she had to come back six times and the parking was always full so i would rather come late in the day when it is quiet if you can`,
  `my email is z dot quillfeather at example dot com and my birthday is march third nineteen eighty four and i live at twelve willow lane and i think you still have my old address from before we moved so please change that and then send the form for the chemical peel to the new one if that is all right`,
  `no that time does not work for me do you have anything on thursday in the late afternoon or maybe on saturday morning since i work until five most days and the drive from the office takes me about half an hour when there is traffic so a quarter to six would be the earliest that i could make it there`,
] as const;

/** Exactly 300 characters of a caller's turn, as a speech recogniser writes them. */
export const prompts: readonly string[] = turns.map((turn) => turn.slice(0, 300).padEnd(300, '.'));

export function promptFrame(sequence: number): Buffer {
  const voicePrompt = prompts[sequence % prompts.length];
  return Buffer.from(JSON.stringify({ type: 'prompt', voicePrompt, lang: 'en-US', last: true }));
}

export const accountSid = `AC${'0'.repeat(30)}b0`;

export function streamOpening(index: number): { streamSid: string; callSid: string; frames: readonly string[] } {
  const hex = index.toString(16).padStart(32, '0');
  const [streamSid, callSid] = [`MZ${hex}`, `CA${hex}`];
  const mediaFormat = { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 };
  const start = { accountSid, streamSid, callSid, tracks: ['inbound'], mediaFormat, customParameters: {} };
  const connected = { event: 'connected', protocol: 'Call', version: '1.0.0' };
  const frames = [connected, { event: 'start', sequenceNumber: '1', streamSid, start }];
  return { streamSid, callSid, frames: frames.map((frame) => JSON.stringify(frame)) };
}

export function relayOpening(index: number): { callSid: string; frames: readonly string[] } {
  const hex = index.toString(16).padStart(32, '0');
  const setup = {
    type: 'setup',
    sessionId: `VX${hex}`,
    accountSid,
    callSid: `CA${hex}`,
    parentCallSid: '',
    from: '+14155550142',
    to: '+14155550100',
    forwardedFrom: '',
    callerName: '',
    direction: 'inbound',
    callType: 'PSTN',
    callStatus: 'IN_PROGRESS',
    customParameters: {},
  };
  return { callSid: setup.callSid, frames: [JSON.stringify(setup)] };
}
