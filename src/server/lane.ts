import { Writable } from 'node:stream';
import type { FrameContent } from '../stream/frame-content.ts';
import { FrameWalker, type FrameTaker } from '../stream/frame-walker.ts';
import type { LegSocket } from './leg-socket.ts';

/** Who is asked for each whole frame of a peer; true: it was passed on as it is. */
export type FrameSink = Pick<FrameTaker, 'take'>;

/**
 * Lets the frames of a peer be looked at before the WebSocket library reads them. A telephone call is a hundred frames
 * of audio a second which are proven and passed on unchanged: for these, taking the frame apart and making the same one
 * again is most of what a relay costs. Everything else reaches the library as it came, in order.
 *
 * It stands before the reader of ws, which has no public place for it: where a later version has no such reader, every
 * frame is a message as before. MUST be opened before the first byte of the peer is read.
 */
export function openLane(socket: LegSocket, from: 'client' | 'server', sink: FrameSink): void {
  const receiver: unknown = Reflect.get(socket, '_receiver');
  if (!(receiver instanceof Writable)) return;
  const lane = new Lane(receiver, sink);
  const walker = new FrameWalker(from === 'client', lane);
  const write = (bytes: Buffer): boolean => {
    lane.isReady = true;
    walker.push(bytes);
    return lane.isReady;
  };
  Object.defineProperty(receiver, 'write', { value: write });
}

class Lane implements FrameTaker {
  /** What the library answered to the last bytes that it was given. */
  isReady = true;
  private isReading = true;
  private readonly receiver: Writable;
  private readonly read: (bytes: Buffer) => boolean;
  private readonly sink: FrameSink;

  constructor(receiver: Writable, sink: FrameSink) {
    this.receiver = receiver;
    this.read = receiver.write.bind(receiver);
    this.sink = sink;
  }

  take(frame: Buffer, content: FrameContent, binary: boolean): boolean {
    return this.isReading && this.sink.take(frame, content, binary);
  }

  /**
   * After a close frame or a violation the library reads nothing more of this peer; neither does the lane. Only what it reads
   * can end its reading: it is asked here, and not for every frame that passes it by.
   */
  pass(bytes: Buffer): void {
    if (this.reads()) this.isReady = this.read(bytes);
    this.isReading = this.reads();
  }

  private reads(): boolean {
    const { receiver } = this;
    return !receiver.writableEnded && !receiver.destroyed && receiver.errored === null;
  }
}
