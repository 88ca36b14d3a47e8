/** The driver of the bridged calls: sound that a bridge changes, loses or doubles must not look good. */
import { expect, it } from 'vitest';
import { openaiFrame, readSound, twilioFrame } from './bench/bridges/frames.ts';

const streamSid = `MZ${'0'.repeat(32)}`;

it('knows its own sound in another envelope', () => {
  const stamp = { sequence: -1, sentAt: -1, intact: false };
  const payload = /"payload":"([^"]+)"/u.exec(twilioFrame(streamSid, 7, 1.5))?.[1] ?? '';
  const carried = Buffer.from(`{"type":"input_audio_buffer.append","audio":"${payload}"}`);
  expect(readSound(carried, 'audio', stamp)).toBe(true);
  expect(stamp).toEqual({ sequence: 7, sentAt: 1.5, intact: true });
  expect(readSound(Buffer.from(openaiFrame('item_1', 8, 2.5)), 'delta', stamp)).toBe(true);
  expect(stamp).toMatchObject({ sequence: 8, sentAt: 2.5 });
});

it('sees a byte that was changed, and takes no other sound for its own', () => {
  const stamp = { sequence: -1, sentAt: -1, intact: true };
  const frame = Buffer.from(twilioFrame(streamSid, 7, 1.5));
  const at = frame.indexOf('"payload":"') + 100;
  frame[at] = frame[at] === 0x41 ? 0x42 : 0x41;
  expect(readSound(frame, 'payload', stamp)).toBe(true);
  expect(stamp.intact).toBe(false);
  const silence = `{"payload":"${Buffer.alloc(160, 0xff).toString('base64')}"}`;
  expect(readSound(Buffer.from(silence), 'payload', stamp)).toBe(false);
  expect(readSound(Buffer.from('{"event":"clear"}'), 'payload', stamp)).toBe(false);
});
