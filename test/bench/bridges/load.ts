import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { streamOpening, type Stamp } from '../frames.ts';
import { Flow, Samples, totalOf, type Spread, type Totals } from '../ledger.ts';
import { cpuMs } from '../process.ts';
import type { RunningRelay } from '../relay.ts';
import { chaperone } from '../relays/chaperone.ts';
import { VendorPeer } from '../vendor.ts';
import { Wheel } from '../wheel.ts';
import { openaiAudio, openaiFrame, readSound, twilioFrame } from './frames.ts';

export interface BridgePlan {
  /** Calls with sound both ways, 50 frames a second each. */
  readonly calls: number;
  /** Calls beside them in which the caller breaks in again and again. */
  readonly interrupted: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export interface BridgeResult {
  readonly media: Totals;
  readonly cpuMsPer1000: number;
  readonly core: number;
  /** One way, from the call of send to the message event, milliseconds. */
  readonly mediaMs: Spread;
  /** From the vendor's word that the caller speaks to `clear` at the carrier, milliseconds. */
  readonly bargeInMs: Spread;
  readonly bargeIns: number;
  readonly latenessMs: Spread;
}

const session = { type: 'realtime', tracing: null, audio: { input: {}, output: {} } };
const mulaw = { format: { type: 'audio/pcmu' } };
const updated = JSON.stringify({
  type: 'session.updated',
  event_id: 'event_u',
  session: { ...session, audio: { input: mulaw, output: mulaw } },
});
const started = JSON.stringify({ type: 'input_audio_buffer.speech_started', event_id: 'event_s', item_id: 'item_c' });
const created = JSON.stringify({ type: 'response.created', event_id: 'event_c', response: { id: 'resp_1' } });
const stamp: Stamp = { sequence: 0, sentAt: 0, intact: false };

/** Calls from Twilio Media Streams to OpenAI Realtime, with the driver at both ends. */
export async function runBridge(plan: BridgePlan): Promise<BridgeResult> {
  const vendor = await VendorPeer.listen(undefined);
  const running = await chaperone.start(vendor.url, undefined);
  try {
    return await new BridgeLoad(running, vendor).run(plan);
  } finally {
    await running.stop();
    vendor.close();
  }
}

class BridgeLoad {
  readonly #running: RunningRelay;
  readonly #vendor: VendorPeer;
  readonly #wheel = new Wheel();
  readonly #flows: Flow[] = [];
  readonly #mediaMs = new Samples();
  readonly #bargeInMs = new Samples();
  readonly #latenessMs = new Samples();
  #measuring = false;
  #arrived = 0;
  #bargeIns = 0;
  #broken: string | undefined;

  constructor(running: RunningRelay, vendor: VendorPeer) {
    this.#running = running;
    this.#vendor = vendor;
  }

  async run({ calls, interrupted, warmUpMs, measureMs }: BridgePlan): Promise<BridgeResult> {
    for (let index = 0; index < calls; index += 1) await this.#place(index, index / calls);
    for (let index = 0; index < interrupted; index += 1)
      await this.#placeInterrupted(calls + index, index / interrupted);
    this.#wheel.start();
    await wait(warmUpMs);
    const pid = this.#running.pid ?? 0;
    const before = { cpu: cpuMs(pid), at: performance.now() };
    this.#measuring = true;
    await wait(measureMs);
    this.#measuring = false;
    const used = cpuMs(pid) - before.cpu;
    const core = used / (performance.now() - before.at);
    this.#wheel.stop();
    for (let tries = 0; tries < 20 && totalOf(this.#flows).lost > 0; tries += 1) await wait(100);
    if (this.#broken !== undefined) throw new Error(this.#broken);
    return {
      media: totalOf(this.#flows),
      cpuMsPer1000: (used / this.#arrived) * 1000,
      core,
      mediaMs: this.#mediaMs.spread(),
      bargeInMs: this.#bargeInMs.spread(),
      bargeIns: this.#bargeIns,
      latenessMs: this.#latenessMs.spread(),
    };
  }

  async #place(index: number, phase: number): Promise<void> {
    const { caller, vendor, streamSid } = await this.#connect(index);
    // The carrier says when it has played what was marked; here that is at once.
    caller.on('message', (data: Buffer) => {
      if (data.includes('"mark"')) caller.send(data.toString());
    });
    const [toVendor, toCaller] = [new Flow(), new Flow()];
    this.#flows.push(toVendor, toCaller);
    vendor.on('message', (data: Buffer) => this.#receive(data, 'audio', toVendor));
    caller.on('message', (data: Buffer) => this.#receive(data, 'payload', toCaller));
    this.#wheel.add(20, phase, (due) => caller.send(twilioFrame(streamSid, toVendor.sent++, this.#sendingAt(due))));
    // Half a frame later: patient and vendor keep no common beat.
    this.#wheel.add(20, (phase + 0.5) % 1, (due) =>
      vendor.send(openaiFrame('item_1', toCaller.sent++, this.#sendingAt(due))),
    );
  }

  /** The vendor speaks a second at once, and 100 ms later, when little of it can have been played, the caller breaks in. */
  async #placeInterrupted(index: number, phase: number): Promise<void> {
    const { caller, vendor } = await this.#connect(index);
    const second = Buffer.alloc(8_000, 0x7f).toString('base64');
    let sentAt = 0;
    let turns = 0;
    caller.on('message', (data: Buffer) => {
      if (sentAt === 0 || !data.includes('"clear"')) return;
      if (this.#measuring) this.#bargeInMs.add(performance.now() - sentAt);
      if (this.#measuring) this.#bargeIns += 1;
      sentAt = 0;
    });
    this.#wheel.add(200, phase, () => {
      turns += 1;
      vendor.send(created);
      vendor.send(openaiAudio(`item_${turns}`, turns, second));
    });
    this.#wheel.add(200, (phase + 0.5) % 1, () => {
      sentAt = performance.now();
      vendor.send(started);
    });
  }

  async #connect(index: number): Promise<{ caller: WebSocket; vendor: WebSocket; streamSid: string }> {
    const { streamSid, callSid, frames } = streamOpening(index);
    const { url, options } = this.#running.dial('bridge', callSid);
    const caller = new WebSocket(url, options);
    await once(caller, 'open');
    const vendor = this.#vendor.take();
    for (const socket of [caller, vendor])
      socket.on('close', (code, reason) => {
        this.#broken ??= `A side of call ${index} closed with ${code} ${reason.toString()}`;
      });
    const told = once(vendor, 'message');
    for (const frame of frames) caller.send(frame);
    await told;
    vendor.send(updated);
    return { caller, vendor, streamSid };
  }

  #sendingAt(due: number): number {
    const now = performance.now();
    if (this.#measuring) this.#latenessMs.add(now - due);
    return now;
  }

  #receive(data: Buffer, key: string, flow: Flow): void {
    if (!readSound(data, key, stamp)) return;
    flow.arrive(stamp.sequence, stamp.intact);
    if (!this.#measuring) return;
    this.#arrived += 1;
    this.#mediaMs.add(performance.now() - stamp.sentAt);
  }
}
