import type { Counters } from './counters.ts';
import { bounds } from './limits.ts';
import type { Ports } from './ports.ts';
import { ways, type Way } from './protocol.ts';

const notPaused = -1;

/** Sends, and keeps a slow receiver from filling memory: its source is paused until it has drained, for a limited time. */
export class Flow {
  private readonly ports: Pick<Ports, 'send' | 'pause' | 'resume'>;
  private readonly counters: Counters;
  /** When the receiver of each way went over its high-water mark. */
  private readonly fullSince = new Float64Array(ways.length).fill(notPaused);
  /** Bytes sent since then. */
  private readonly excess = new Float64Array(ways.length);
  private readonly held = new Uint8Array(ways.length);

  constructor(ports: Pick<Ports, 'send' | 'pause' | 'resume'>, counters: Counters) {
    this.ports = ports;
    this.counters = counters;
  }

  /** False: the receiver has been over its mark for so many bytes that it has to be given up. */
  send(way: Way, data: Buffer, binary: boolean, now: number): boolean {
    return this.ports.send(way, data, binary) || this.fill(way, data.length, now);
  }

  /** The same for so many bytes that a receiver over its mark was sent. */
  fill(way: Way, bytes: number, now: number): boolean {
    const excess = (this.excess[way] ?? 0) + bytes;
    this.excess[way] = excess;
    if (this.fullSince[way] === notPaused) this.pause(way, now);
    return excess <= bounds.pausedBytes;
  }

  drained(way: Way): void {
    if (this.fullSince[way] === notPaused) return;
    this.fullSince[way] = notPaused;
    this.excess[way] = 0;
    if (this.held[way] === 0) this.ports.resume(way);
  }

  /** Stops the source of a way for another reason than its receiver. */
  hold(way: Way): void {
    if (this.held[way] === 0 && this.fullSince[way] === notPaused) this.ports.pause(way);
    this.held[way] = 1;
  }

  release(way: Way): void {
    if (this.held[way] === 1 && this.fullSince[way] === notPaused) this.ports.resume(way);
    this.held[way] = 0;
  }

  /** True when a receiver has not drained in time. */
  overdue(now: number): boolean {
    for (const way of ways) {
      const since = this.fullSince[way] ?? notPaused;
      if (since !== notPaused && now - since > bounds.pausedMs) return true;
    }
    return false;
  }

  private pause(way: Way, now: number): void {
    this.fullSince[way] = now;
    this.counters.paused(way);
    if (this.held[way] === 0) this.ports.pause(way);
  }
}

/** A frame that waits for the start of the stream or for the end of a hold. */
export interface WaitingFrame {
  readonly way: Way;
  readonly data: Buffer;
  readonly binary: boolean;
}

/** Frames in order of arrival, bounded in number and bytes. */
export class Waiting {
  private frames: WaitingFrame[] = [];
  private bytes = 0;

  /** False: no room. */
  add(way: Way, data: Buffer, binary: boolean): boolean {
    if (this.frames.length >= bounds.waitingFrames || this.bytes + data.length > bounds.waitingBytes) return false;
    this.frames.push({ way, data, binary });
    this.bytes += data.length;
    return true;
  }

  take(): readonly WaitingFrame[] {
    const taken = this.frames;
    this.clear();
    return taken;
  }

  clear(): void {
    this.frames = [];
    this.bytes = 0;
  }
}
