import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Certificates } from './certificates.ts';
import {
  canary,
  frameFromCaller,
  frameFromVendor,
  promptFrame,
  readStamp,
  relayOpening,
  streamOpening,
} from './frames.ts';
import type { Stamp } from './frames.ts';
import { Flow, Samples, totalOf } from './ledger.ts';
import type { Spread, Totals } from './ledger.ts';
import { cpuMs, residentKib, tree } from './process.ts';
import type { CallKind, Relay, RunningRelay } from './relay.ts';
import { VendorPeer } from './vendor.ts';
import { Wheel } from './wheel.ts';

/** How much, and for how long. A call of `streams` is 50 media frames a second each way; of `prompts`, one a second. */
export interface LoadPlan {
  readonly streams: number;
  readonly prompts: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export interface LoadResult {
  readonly media: Totals;
  readonly prompts: Totals;
  /** CPU of the relay in the window for 1,000 messages that arrived in it, milliseconds; NaN for the direct run. */
  readonly cpuMsPer1000: number;
  /** Share of its core that the relay used, 0 to 1. */
  readonly core: number;
  /** Share of that in the busiest of its processes, 0 to 1. */
  readonly busiest: number;
  readonly kibPerCall: number;
  readonly startMs: number;
  /** One way, from the call of send to the message event, milliseconds. */
  readonly mediaMs: Spread;
  readonly promptMs: Spread;
  /** How late the driver itself sent, milliseconds. */
  readonly latenessMs: Spread;
  readonly driverCore: number;
}

interface Call {
  readonly flows: readonly Flow[];
  readonly sockets: readonly WebSocket[];
}

/** Places the calls of `plan` through `relay`, keeps them going for the window, hangs up. */
export async function runLoad(relay: Relay, plan: LoadPlan, certificates?: Certificates): Promise<LoadResult> {
  const vendor = await VendorPeer.listen(certificates);
  const running = await relay.start(vendor.url, certificates);
  try {
    return await new Load(running, vendor).run(plan);
  } finally {
    await running.stop();
    vendor.close();
  }
}

class Load {
  readonly #running: RunningRelay;
  readonly #vendor: VendorPeer;
  readonly #wheel = new Wheel();
  readonly #mediaMs = new Samples();
  readonly #promptMs = new Samples();
  readonly #latenessMs = new Samples();
  #measuring = false;
  #arrived = 0;
  /** The first socket that closed although nobody hung up. */
  #broken: string | undefined;

  constructor(running: RunningRelay, vendor: VendorPeer) {
    this.#running = running;
    this.#vendor = vendor;
  }

  async run(plan: LoadPlan): Promise<LoadResult> {
    const emptyKib = this.#residentKib();
    const streams = await placeAll(plan.streams, (index) => this.#placeStream(index, index / plan.streams));
    const prompts = await placeAll(plan.prompts, (index) =>
      this.#placePrompts(plan.streams + index, index / plan.prompts),
    );
    this.#wheel.start();
    await wait(plan.warmUpMs);
    const used = await this.#measure(plan.measureMs);
    const busyKib = this.#residentKib();
    this.#wheel.stop();
    const [media, texts] = [flowsOf(streams), flowsOf(prompts)];
    if (this.#broken === undefined) await drained([...media, ...texts]);
    if (this.#broken !== undefined) throw new Error(this.#broken);
    for (const call of [...streams, ...prompts]) hangUp(call);
    return {
      ...used,
      media: totalOf(media),
      prompts: totalOf(texts),
      kibPerCall: (busyKib - emptyKib) / (streams.length + prompts.length),
      startMs: this.#running.startMs,
      mediaMs: this.#mediaMs.spread(),
      promptMs: this.#promptMs.spread(),
      latenessMs: this.#latenessMs.spread(),
    };
  }

  #residentKib(): number {
    const { pid } = this.#running;
    return pid === undefined ? Number.NaN : sumOf(tree(pid).map(residentKib));
  }

  /** Of each process of the relay, in the order of their start. */
  #relayCpuMs(): number[] {
    const { pid } = this.#running;
    return pid === undefined ? [Number.NaN] : tree(pid).map(cpuMs);
  }

  async #measure(windowMs: number): Promise<Pick<LoadResult, 'cpuMsPer1000' | 'core' | 'busiest' | 'driverCore'>> {
    const before = { relay: this.#relayCpuMs(), driver: cpuMs(process.pid), at: performance.now() };
    this.#measuring = true;
    await wait(windowMs);
    this.#measuring = false;
    const spent = this.#relayCpuMs().map((ms, index) => ms - (before.relay[index] ?? Number.NaN));
    const relayMs = sumOf(spent);
    const wallMs = performance.now() - before.at;
    return {
      cpuMsPer1000: (relayMs / this.#arrived) * 1000,
      core: relayMs / wallMs,
      busiest: Math.max(...spent) / relayMs,
      driverCore: (cpuMs(process.pid) - before.driver) / wallMs,
    };
  }

  async #placeStream(index: number, phase: number): Promise<Call> {
    const { streamSid, callSid, frames } = streamOpening(index);
    const [caller, vendor] = await this.#connect('stream', callSid, frames);
    const [toVendor, toCaller] = [new Flow(), new Flow()];
    vendor.on('message', (data: Buffer) => this.#receiveMedia(data, toVendor));
    caller.on('message', (data: Buffer) => this.#receiveMedia(data, toCaller));
    this.#wheel.add(20, phase, (due) => {
      const now = this.#sendingAt(due);
      caller.send(frameFromCaller(streamSid, toVendor.sent++, now), { binary: false });
    });
    // Half a frame later: patient and vendor keep no common beat.
    this.#wheel.add(20, (phase + 0.5) % 1, (due) => {
      const now = this.#sendingAt(due);
      vendor.send(frameFromVendor(streamSid, toCaller.sent++, now), { binary: false });
    });
    return { flows: [toVendor, toCaller], sockets: [caller, vendor] };
  }

  /** A prompt is changed by a relay that redacts, so its send time is kept here: prompts of one call stay in order. */
  async #placePrompts(index: number, phase: number): Promise<Call> {
    const { callSid, frames } = relayOpening(index);
    const [caller, vendor] = await this.#connect('prompts', callSid, frames);
    const flow = new Flow();
    const sentAt: number[] = [];
    vendor.on('message', (data: Buffer) => this.#receivePrompt(data, flow, sentAt));
    this.#wheel.add(1000, phase, (due) => {
      sentAt.push(this.#sendingAt(due));
      caller.send(promptFrame(flow.sent++), { binary: false });
    });
    return { flows: [flow], sockets: [caller, vendor] };
  }

  #sendingAt(due: number): number {
    const now = performance.now();
    if (this.#measuring) this.#latenessMs.add(now - due);
    return now;
  }

  #receiveMedia(data: Buffer, flow: Flow): void {
    // Anything without a stamp (a mark, a control message of the relay) is not of the load.
    if (!readStamp(data, stamp)) return;
    flow.arrive(stamp.sequence, stamp.intact);
    this.#arrivedAfter(stamp.sentAt, this.#mediaMs);
  }

  #receivePrompt(data: Buffer, flow: Flow, sentAt: number[]): void {
    if (!data.includes('"voicePrompt"')) return;
    flow.arrive(flow.received, true);
    if (data.includes(canary)) flow.leaked++;
    this.#arrivedAfter(sentAt.shift() ?? Number.NaN, this.#promptMs);
  }

  #arrivedAfter(sentAt: number, samples: Samples): void {
    if (!this.#measuring) return;
    this.#arrived++;
    samples.add(performance.now() - sentAt);
  }

  /** Dials one call to the end, sends its opening and waits until the vendor has it. */
  async #connect(kind: CallKind, callSid: string, frames: readonly string[]): Promise<[WebSocket, WebSocket]> {
    const { url, options } = this.#running.dial(kind, callSid);
    const caller = new WebSocket(url, options);
    await once(caller, 'open');
    const vendor = this.#vendor.take();
    this.#watch(caller, 'caller', callSid);
    this.#watch(vendor, 'vendor', callSid);
    const opened = messages(vendor, frames.length);
    for (const frame of frames) caller.send(frame);
    await Promise.race([opened, once(vendor, 'close')]);
    if (this.#broken !== undefined) throw new Error(this.#broken);
    return [caller, vendor];
  }

  #watch(socket: WebSocket, side: string, callSid: string): void {
    socket.on('error', (fault) => {
      this.#broken ??= `The ${side} side of call ${callSid} failed: ${fault.message}`;
    });
    socket.on('close', (code, reason) => {
      this.#broken ??= `The ${side} side of call ${callSid} closed with ${code} ${reason.toString()}`;
    });
  }
}

const stamp: Stamp = { sequence: 0, sentAt: 0, intact: false };

async function placeAll(count: number, place: (index: number) => Promise<Call>): Promise<Call[]> {
  const calls: Call[] = [];
  for (let index = 0; index < count; index++) calls.push(await place(index));
  return calls;
}

/** Counted by one listener and not by `once` in a loop: two frames of one chunk come in the same tick. */
function messages(socket: WebSocket, count: number): Promise<void> {
  return new Promise((resolve) => {
    let seen = 0;
    socket.on('message', () => {
      if (++seen === count) resolve();
    });
  });
}

function flowsOf(calls: readonly Call[]): Flow[] {
  return calls.flatMap((call) => call.flows);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function hangUp(call: Call): void {
  for (const socket of call.sockets) socket.removeAllListeners('close').terminate();
}

/** Waits until all that was sent has arrived, at most two seconds: what comes later is lost to a caller. */
async function drained(flows: readonly Flow[]): Promise<void> {
  for (let tries = 0; tries < 20 && totalOf(flows).lost > 0; tries++) await wait(100);
}
