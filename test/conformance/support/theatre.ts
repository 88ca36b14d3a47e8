import { expect, vi } from 'vitest';
import { canary } from '../../../src/server/demo/booking.ts';
import { mediaFrame } from '../../../src/server/demo/streams.ts';
import { eventually, Stage } from '../../e2e/stage.ts';
import { startCall, type RawCall } from './caller.ts';
import type { Peer, PeerClose } from './peer.ts';
import { RawVendor } from './vendor.ts';

// Real sockets, TLS and processes: a machine with other work takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** Which end of a call misbehaves. */
export type End = 'caller' | 'vendor';
export const ends = ['caller', 'vendor'] as const;

/** What the misbehaving end, the other end, and the bytes in between show. */
export interface Outcome {
  /** How the end that misbehaved was told. */
  readonly told: PeerClose;
  /** How the other end was. */
  readonly other: PeerClose;
  /** Messages that the other end got, after the opening of the stream. */
  readonly through: readonly string[];
}

/** A stage with a vendor on bare sockets, for many calls one after the other. */
export class Theatre {
  readonly stage: Stage;
  readonly vendor: RawVendor;

  private constructor(stage: Stage, vendor: RawVendor) {
    this.stage = stage;
    this.vendor = vendor;
  }

  static async open(vendor = new RawVendor()): Promise<Theatre> {
    return new Theatre(await Stage.open({ vendor: vendor.start }), vendor);
  }

  /** A started Media Streams call whose opening has reached the vendor. */
  async call(): Promise<RawCall> {
    const call = await startCall(this.stage, this.vendor);
    await eventually(() => call.vendor.texts.length === 2, 15_000);
    return call;
  }

  /** One end does something that no peer may do; resolves when both ends are closed. */
  async misbehave(end: End, act: (peer: Peer, call: RawCall) => void): Promise<Outcome> {
    const call = await this.call();
    act(call[end], call);
    const other = call[otherEnd(end)];
    const [told, theirs] = await Promise.all([call[end].closed, other.closed]);
    await Promise.all([call.caller.gone, call.vendor.gone]);
    return { told, other: theirs, through: other.texts.slice(end === 'caller' ? 2 : 0) };
  }

  /** One end says something unusual that is allowed; resolves to what reached the other end, then hangs up. */
  async pass(end: End, act: (peer: Peer, call: RawCall) => void, messages = 1): Promise<readonly string[]> {
    const call = await this.call();
    act(call[end], call);
    const skipped = end === 'caller' ? 2 : 0;
    const other = call[otherEnd(end)];
    await expect.poll(() => other.texts.length, { timeout: 15_000 }).toBe(skipped + messages);
    await hangUp(call);
    return other.texts.slice(skipped);
  }

  async close(): Promise<void> {
    await this.stage.curtain();
  }
}

export async function hangUp({ caller, vendor }: RawCall): Promise<void> {
  caller.socket.destroy();
  await vendor.gone;
}

export const otherEnd = (end: End): End => (end === 'caller' ? 'vendor' : 'caller');

/** A message of either end that names no one: a mark, which comes through as it is. */
export function mark(end: End, { streamSid }: RawCall, name = 'm1'): string {
  const sequence = end === 'caller' ? { sequenceNumber: '2' } : {};
  return JSON.stringify({ event: 'mark', ...sequence, streamSid, mark: { name } });
}

/** A frame of audio of either end, in the very form that is passed on without being taken apart. */
export function media(end: End, { streamSid }: RawCall): string {
  const payload = Buffer.alloc(160, 0x7e).toString('base64');
  if (end === 'caller') return mediaFrame(streamSid, 0, payload);
  return `{"event":"media","streamSid":"${streamSid}","media":{"payload":"${payload}"}}`;
}

/** A message that names the planted caller: it must never arrive. */
export function secret(end: End, call: RawCall): string {
  return mark(end, call, `${canary.name} ${canary.number}`);
}
