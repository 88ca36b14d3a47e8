import { Writable } from 'node:stream';
import type { FrameContent } from '../stream/frame-content.ts';
import { FrameWalker } from '../stream/frame-walker.ts';
import type { LegSocket } from './leg-socket.ts';

/** Asked for each whole frame of a peer. True: it was passed on as it is. */
export type TakeFrame = (frame: Buffer, content: FrameContent, binary: boolean) => boolean;

/**
 * Lets the frames of a peer be looked at before the WebSocket library reads them. A telephone call is a hundred frames
 * of audio a second which are proven and passed on unchanged: for these, taking the frame apart and making the same one
 * again is most of what a relay costs. Everything else reaches the library as it came, in order.
 *
 * It stands before the reader of ws, which has no public place for it: where a later version has no such reader, every
 * frame is a message as before. MUST be opened before the first byte of the peer is read.
 */
export function openLane(socket: LegSocket, from: 'client' | 'server', take: TakeFrame): void {
  const receiver: unknown = Reflect.get(socket, '_receiver');
  if (!(receiver instanceof Writable)) return;
  const read = receiver.write.bind(receiver);
  // After a close frame or a violation the library reads nothing more of this peer; neither does the lane.
  const reading = (): boolean => !receiver.writableEnded && !receiver.destroyed && receiver.errored === null;
  // Only what it reads can end its reading: it is asked then, and not for every frame that passes it by.
  let isReading = true;
  let ready = true;
  const walker = new FrameWalker(from === 'client', {
    take: (frame, content, binary) => isReading && take(frame, content, binary),
    pass: (bytes) => {
      if (reading()) ready = read(bytes);
      isReading = reading();
    },
  });
  const write = (bytes: Buffer): boolean => {
    ready = true;
    walker.push(bytes);
    return ready;
  };
  Object.defineProperty(receiver, 'write', { value: write });
}
