/**
 * The sound of a bridged call. A relay changes the envelope around it, so the stamp proves the sound alone: its first 24
 * bytes are sequence number, send time and a CRC-32 of the bytes after them.
 */
import { crc32 } from 'node:zlib';
import { speechMulaw } from '../../../src/server/demo/speech.ts';
import type { Stamp } from '../frames.ts';

const frameBytes = 160;
const stampBytes = 24;
const letters = Math.ceil(frameBytes / 3) * 4;
const mark = 0x62726467;
const speech = speechMulaw();
const scratch = Buffer.alloc(frameBytes);

function sound(sequence: number, now: number): string {
  const from = (sequence * frameBytes) % (speech.length - frameBytes);
  speech.copy(scratch, stampBytes, from + stampBytes, from + frameBytes);
  scratch.writeUInt32LE(mark, 0);
  scratch.writeUInt32LE(sequence, 4);
  scratch.writeDoubleLE(now, 8);
  scratch.writeUInt32LE(crc32(scratch.subarray(stampBytes)), 16);
  scratch.writeUInt32LE(0, 20);
  return scratch.toString('base64');
}

export function twilioFrame(streamSid: string, sequence: number, now: number): string {
  const numbers = `"chunk":"${sequence + 1}","timestamp":"${sequence * 20}"`;
  return (
    `{"event":"media","sequenceNumber":"${sequence + 2}","streamSid":"${streamSid}",` +
    `"media":{"track":"inbound",${numbers},"payload":"${sound(sequence, now)}"}}`
  );
}

/** What OpenAI Realtime sends of an answer. */
export function openaiFrame(item: string, sequence: number, now: number): string {
  return openaiAudio(item, sequence, sound(sequence, now));
}

export function openaiAudio(item: string, sequence: number, base64: string): string {
  const ids = `"event_id":"event_${sequence}","response_id":"resp_1","item_id":"${item}"`;
  return `{"type":"response.output_audio.delta",${ids},"output_index":0,"content_index":0,"delta":"${base64}"}`;
}

/** Reads the sound that stands under a key of a frame; false where there is none that the load has sent. */
export function readSound(frame: Buffer, key: string, into: Stamp): boolean {
  const at = frame.indexOf(`"${key}":"`);
  if (at < 0) return false;
  const from = at + key.length + 4;
  const bytes = Buffer.from(frame.toString('latin1', from, from + letters), 'base64');
  if (bytes.length !== frameBytes || bytes.readUInt32LE(0) !== mark) return false;
  into.sequence = bytes.readUInt32LE(4);
  into.sentAt = bytes.readDoubleLE(8);
  into.intact = bytes.readUInt32LE(16) === crc32(bytes.subarray(stampBytes));
  return true;
}
