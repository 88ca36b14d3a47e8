import type { EventEmitter } from 'node:events';

/** A WebSocket as far as a leg needs it, so that something else can stand for one. */
export interface LegSocket extends EventEmitter {
  readonly OPEN: number;
  readonly CLOSED: number;
  readonly readyState: number;
  readonly bufferedAmount: number;
  readonly isPaused: boolean;
  send(data: Buffer | string, options: { readonly binary: boolean }): void;
  pause(): void;
  resume(): void;
  ping(): void;
  close(code: number, sentence?: string): void;
  terminate(): void;
}
