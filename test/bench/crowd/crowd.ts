import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { frameFromCaller, frameFromVendor, readStamp, streamOpening, type Stamp } from '../frames.ts';
import { Flow, Samples, totalOf, type Spread, type Totals } from '../ledger.ts';
import { cpuMs } from '../process.ts';
import type { RunningRelay } from '../relay.ts';
import { chaperoneWithin } from '../relays/chaperone.ts';
import { VendorPeer } from '../vendor.ts';
import { Wheel } from '../wheel.ts';

export interface CrowdPlan {
  /** How busy the process may be, percent of its core: what it then carries is one load. */
  readonly busyPercent: number;
  /** Calls that arrive, at an even pace. */
  readonly offered: number;
  readonly perSecond: number;
}

/** Many more calls than the process takes: what those heard that were taken. */
export interface CrowdResult {
  readonly offered: number;
  readonly admitted: number;
  /** Answered with 503 before the upgrade: Twilio goes on with the human. */
  readonly refused: number;
  readonly core: number;
  readonly media: Totals;
  /** One way, milliseconds, of all frames from the first call to the last. */
  readonly mediaMs: Spread;
  readonly latenessMs: Spread;
}

export async function runCrowd(plan: CrowdPlan): Promise<CrowdResult> {
  const vendor = await VendorPeer.listen(undefined);
  const running = await chaperoneWithin(plan.busyPercent).start(vendor.url, undefined);
  try {
    return await new Crowd(running, vendor).run(plan);
  } finally {
    await running.stop();
    vendor.close();
  }
}

const text = { binary: false };
const stamp: Stamp = { sequence: 0, sentAt: 0, intact: false };

class Crowd {
  readonly #running: RunningRelay;
  readonly #vendor: VendorPeer;
  readonly #wheel = new Wheel();
  readonly #mediaMs = new Samples();
  readonly #latenessMs = new Samples();
  readonly #flows: Flow[] = [];
  readonly #sockets: WebSocket[] = [];
  #admitted = 0;
  #refused = 0;

  constructor(running: RunningRelay, vendor: VendorPeer) {
    this.#running = running;
    this.#vendor = vendor;
  }

  async run({ offered, perSecond }: CrowdPlan): Promise<CrowdResult> {
    const { pid = process.pid } = this.#running;
    this.#wheel.start();
    const [startedAt, before] = [performance.now(), cpuMs(pid)];
    // One after the other, so that the vendor's next connection is that of the call in hand.
    for (let index = 0; index < offered; index += 1) {
      await wait(Math.max(0, startedAt + (index * 1000) / perSecond - performance.now()));
      await this.#offer(index);
    }
    const core = (cpuMs(pid) - before) / (performance.now() - startedAt);
    this.#wheel.stop();
    await wait(500);
    for (const socket of this.#sockets) socket.terminate();
    return {
      offered,
      admitted: this.#admitted,
      refused: this.#refused,
      core,
      media: totalOf(this.#flows),
      mediaMs: this.#mediaMs.spread(),
      latenessMs: this.#latenessMs.spread(),
    };
  }

  async #offer(index: number): Promise<void> {
    const { streamSid, callSid, frames } = streamOpening(index);
    const { url, options } = this.#running.dial('stream', callSid);
    const caller = new WebSocket(url, options);
    const status = await statusOf(caller);
    if (status !== 101) {
      if (status !== 503) throw new Error(`A call was answered with ${status}`);
      this.#refused += 1;
      return;
    }
    this.#admitted += 1;
    const vendor = this.#vendor.take();
    this.#sockets.push(caller, vendor);
    const opened = new Promise((resolve) => {
      vendor.once('message', resolve);
    });
    for (const frame of frames) caller.send(frame);
    await Promise.race([opened, once(vendor, 'close')]);
    this.#speak(streamSid, caller, vendor, (index % 80) / 80);
  }

  #speak(streamSid: string, caller: WebSocket, vendor: WebSocket, phase: number): void {
    const [toVendor, toCaller] = [new Flow(), new Flow()];
    this.#flows.push(toVendor, toCaller);
    vendor.on('message', (data: Buffer) => this.#hear(data, toVendor));
    caller.on('message', (data: Buffer) => this.#hear(data, toCaller));
    const sendingAt = (due: number): number => {
      const now = performance.now();
      this.#latenessMs.add(now - due);
      return now;
    };
    this.#wheel.add(20, phase, (due) => caller.send(frameFromCaller(streamSid, toVendor.sent++, sendingAt(due)), text));
    this.#wheel.add(20, (phase + 0.5) % 1, (due) =>
      vendor.send(frameFromVendor(streamSid, toCaller.sent++, sendingAt(due)), text),
    );
  }

  #hear(data: Buffer, flow: Flow): void {
    if (!readStamp(data, stamp)) return;
    flow.arrive(stamp.sequence, stamp.intact);
    this.#mediaMs.add(performance.now() - stamp.sentAt);
  }
}

/** 101 when the call is open, otherwise the status that it was refused with. */
function statusOf(socket: WebSocket): Promise<number> {
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve(101));
    socket.on('unexpected-response', (request, response) => {
      response.resume();
      request.destroy();
      resolve(response.statusCode ?? 0);
    });
    socket.on('error', reject);
  });
}
