import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { showLog } from '../../src/audit/show.ts';
import { verifyLog } from '../../src/audit/verify.ts';
import { canary } from '../../src/server/demo/booking.ts';
import { ask, carrierOf, type Carrier } from '../../src/server/demo/carrier.ts';
import { buildScene, tearDown, type Scene } from '../../src/server/demo/scene.ts';
import { mediaFrame, opening } from '../../src/server/demo/streams.ts';
import { searchFolder, searchText, type Leak } from '../../src/server/demo/sweep.ts';
import { seeded } from '../audit/support/medium.ts';
import { upgrade } from '../conformance/support/caller.ts';
import { maskingKey, Opcode } from '../conformance/support/frames.ts';
import { Peer } from '../conformance/support/peer.ts';
import { accepting, RawVendor } from '../conformance/support/vendor.ts';
import { callerFaults, pick, vendorAnswers, vendorFaults, type Random } from './faults.ts';
import { Restarted } from './restarted.ts';
import { trendOf, type Trend } from './trend.ts';

export interface SoakPlan {
  /** Calls at the same time. */
  readonly calls: number;
  /** How long calls are placed; or until so many were. */
  readonly seconds?: number;
  readonly placed?: number;
  /** Longest call, seconds; the shortest is a quarter of it. */
  readonly callSeconds: number;
  readonly faults: boolean;
  /** How often the process is killed in the middle of its calls, and started again. */
  readonly kills?: number;
  /** Processes that carry calls. Of several, one is killed as often as the one that writes the log. */
  readonly workers?: number;
  readonly seed: number;
}

/** How a call came to its end, as its caller and the carrier saw it. */
export type Ending = 'completed' | 'human' | 'lost';

export interface SoakReport {
  readonly seed: number;
  readonly placed: number;
  readonly endings: Readonly<Record<Ending, number>>;
  /** Of the calls that are lost: what was seen. */
  readonly losses: readonly string[];
  /** Of the calls that went to a human: why. */
  readonly reasons: Readonly<Record<string, number>>;
  /** How often the process was killed, and how many calls of that moment the next start has closed. */
  readonly kills: number;
  readonly recovered: number;
  readonly framesSent: number;
  readonly framesReturned: number;
  /** Records that the process said were durable and that are not in the log, or calls that were admitted and have no end. */
  readonly lost: number;
  readonly leaks: readonly Leak[];
  readonly auditExit: number;
  readonly processExit: number | null;
  readonly memoryMiB: Trend;
  readonly descriptors: Trend;
}

/** What else the machine does must not turn calls away. */
const unhurried = { busy_percent: 100, lag_ms: 10_000 };

/** Calls without end against the built program, which runs in a process of its own. */
export async function soak(plan: SoakPlan, onSecond: (line: string) => void = () => undefined): Promise<SoakReport> {
  const run = new Soak(plan, onSecond);
  return run.play();
}

class Soak {
  readonly #plan: SoakPlan;
  readonly #onSecond: (line: string) => void;
  readonly #random: Random;
  readonly #endings: Record<Ending, number> = { completed: 0, human: 0, lost: 0 };
  readonly #reasons: Record<string, number> = {};
  readonly #leaks: Leak[] = [];
  readonly #losses: string[] = [];
  readonly #memory: number[] = [];
  readonly #descriptors: number[] = [];
  #placed = 0;
  #sent = 0;
  #returned = 0;
  #acknowledged = 0;
  #over = false;

  constructor(plan: SoakPlan, onSecond: (line: string) => void) {
    this.#plan = plan;
    this.#onSecond = onSecond;
    this.#random = seeded(plan.seed);
  }

  async play(): Promise<SoakReport> {
    // In silence a faulty vendor costs the dial limit; on a machine with other work a good one may need seconds.
    const limits = {
      calls: this.#plan.calls * 2,
      dial_ms: this.#plan.faults ? 1_500 : 5_000,
      drain_s: 5,
      ...unhurried,
    };
    const { workers = 1 } = this.#plan;
    const scene = await buildScene((made) => ({ ...made, workers, limits }));
    const vendor = new RawVendor({ answer: (head) => this.#answer(head), onPeer: (peer) => this.#serve(peer) });
    await vendor.start(scene);
    const process = new Restarted(scene);
    try {
      await process.running;
      const sampling = this.#sample(scene, process);
      await this.#placeAll(scene, process);
      this.#over = true;
      await sampling;
      const processExit = await process.stop();
      return await this.#report(scene, process, processExit);
    } finally {
      await process.end();
      await vendor.close();
      await tearDown(scene);
    }
  }

  #answer(head: string): string | undefined {
    const answer = this.#plan.faults ? pick(this.#random, vendorAnswers) : undefined;
    if (answer === undefined) return accepting(head);
    if (answer === 'silence') return undefined;
    return `HTTP/1.1 ${answer} No\r\nContent-Length: 0\r\nLocation: wss://elsewhere.example/\r\n\r\n`;
  }

  /** The vendor echoes audio, and has a fault of its own at some time. */
  #serve(peer: Peer): void {
    peer.watch = ({ opcode, payload }) => {
      if (opcode >= Opcode.close) return;
      const text = payload.toString();
      const media = /"streamSid":"(MZ\w+)".*"payload":"([^"]+)"/u.exec(text);
      if (media === null) this.#leaks.push(...searchText('vendor', text, canary.words));
      else peer.send(`{"event":"media","streamSid":"${media[1]}","media":{"payload":"${media[2]}"}}`);
    };
    const fault = this.#plan.faults ? pick(this.#random, vendorFaults) : undefined;
    if (fault === undefined) return;
    const timer = setTimeout(() => fault.act(peer), this.#random() * this.#plan.callSeconds * 1_000);
    void peer.gone.finally(() => clearTimeout(timer));
  }

  async #placeAll(scene: Scene, process: Restarted): Promise<void> {
    const { calls, seconds = Infinity, placed = Infinity, kills = 0 } = this.#plan;
    const until = performance.now() + seconds * 1_000;
    let killed = 0;
    const line = async (): Promise<void> => {
      while (this.#placed < placed && performance.now() < until) {
        this.#placed += 1;
        if (this.#placed > ((killed + 1) * placed) / (kills + 1)) {
          killed += 1;
          await this.#kill(scene, process);
        }
        const ending = await this.#call(scene, process, this.#placed);
        this.#endings[ending] += 1;
      }
    };
    await Promise.all(Array.from({ length: calls }, line));
  }

  /** In the middle of its calls, right after it has said how much is durable. */
  async #kill(scene: Scene, process: Restarted): Promise<void> {
    await process.running;
    await this.#listen(scene, process);
    await (process.kills % 2 === 0 && (this.#plan.workers ?? 1) > 1 ? process.killWorker() : process.kill());
  }

  /** One call from the first request of the carrier to its end. */
  async #call(scene: Scene, process: Restarted, number: number): Promise<Ending> {
    await process.running;
    const { kills } = process;
    try {
      return await this.#place(scene, number);
    } catch (fault) {
      // Twilio goes on with the next verb of the document, or asks at the fallback URL where it had none yet.
      if (process.kills > kills || process.isJustKilled) return this.#toHuman('killed');
      this.#losses.push(String(fault));
      return 'lost';
    }
  }

  async #place(scene: Scene, number: number): Promise<Ending> {
    const carrier = carrierOf(scene);
    const callSid = `CA${number.toString(16).padStart(32, '0')}`;
    const { streamUrl, twiml } = await ask(carrier, 'front-desk', callSid);
    if (streamUrl === undefined) return this.#toHuman(twiml.includes('<Dial>') ? 'before the stream' : '');
    // Twilio goes on with the next verb of this document when the stream ends, whoever ends it.
    if (!twiml.includes('<Dial>')) return 'lost';
    const { status, socket, rest, head } = await upgrade(carrier, streamUrl);
    if (status !== 101) {
      socket.destroy();
      return this.#toHuman(/[A-Z]+_[A-Z_]+/u.exec(head + rest.toString())?.[0] ?? String(status));
    }
    return this.#talk(new Peer(socket, maskingKey, rest), callSid, carrier);
  }

  async #talk(peer: Peer, callSid: string, { accountSid }: Carrier): Promise<Ending> {
    const streamSid = `MZ${callSid.slice(2)}`;
    peer.watch = ({ opcode }) => {
      if (opcode < Opcode.close) this.#returned += 1;
    };
    const start = opening(callSid, streamSid, accountSid);
    for (const text of start) peer.send(text);
    const length = this.#plan.callSeconds * (0.25 + 0.75 * this.#random()) * 1_000;
    const fault = (this.#plan.faults ? pick(this.#random, callerFaults) : undefined) ?? callerFaults[0];
    let index = 0;
    let done = 'nothing';
    const talking = setInterval(() => {
      peer.send(mediaFrame(streamSid, index, Buffer.alloc(160, index).toString('base64')));
      index += 1;
      this.#sent += 1;
    }, 20);
    const leaving = setTimeout(() => {
      fault?.act(peer, streamSid, start);
      done = fault?.name ?? done;
    }, length);
    const { code, reason } = await peer.closed;
    clearInterval(talking);
    clearTimeout(leaving);
    await Promise.race([peer.gone, sleep(10_000)]);
    if (reason !== '') return this.#toHuman(reason);
    // Its own goodbye comes back to a caller; what a violation ends is closed without a sentence.
    const act = fault?.name === done ? fault : undefined;
    if (act?.leaves === true && (code === 1000 || code === 1006)) return 'completed';
    if (code === 1006 && act?.isCutOff !== true)
      throw new Error(`The connection was lost with a caller who did this: ${done}`);
    return this.#toHuman(code === 1006 ? 'cut off' : String(code));
  }

  #toHuman(reason: string): Ending {
    if (reason === '') return 'lost';
    this.#reasons[reason] = (this.#reasons[reason] ?? 0) + 1;
    return 'human';
  }

  async #sample(scene: Scene, process: Restarted): Promise<void> {
    while (!this.#over) {
      const { child } = await process.running;
      try {
        const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
        this.#memory.push(Number(/^VmRSS:\s+(\d+)/mu.exec(status)?.[1]) / 1_024);
        this.#descriptors.push((await readdir(`/proc/${child.pid}/fd`)).length);
      } catch (fault) {
        if (!process.isJustKilled) throw fault;
      }
      await this.#listen(scene, process);
      this.#onSecond(
        `${this.#placed} placed, ${this.#endings.completed} completed, ${this.#endings.human} to a human, ` +
          `${this.#memory.at(-1)?.toFixed(0)} MiB, ${this.#descriptors.at(-1)} descriptors`,
      );
      await sleep(1_000);
    }
  }

  /** How many records the process says are durable. */
  async #listen(scene: Scene, process: Restarted): Promise<void> {
    try {
      const metrics = await fetch(`http://127.0.0.1:${scene.adminPort}/metrics`).then((response) => response.text());
      this.#leaks.push(...searchText('metrics', metrics, canary.words));
      const size = Number(/^chaperone_audit_tree_size (\d+)/mu.exec(metrics)?.[1] ?? 0);
      this.#acknowledged = Math.max(this.#acknowledged, size);
    } catch (fault) {
      if (!process.isJustKilled) throw fault;
    }
  }

  async #report(scene: Scene, { output, kills }: Restarted, processExit: number | null): Promise<SoakReport> {
    const shown = (await showLog(scene.auditDirectory)).map(({ members }) => members);
    const records = shown.map(({ k, c }) => `${String(k)} ${String(c)}`);
    const ended = new Set(records.filter((text) => text.startsWith('call.end ')).map((text) => text.slice(9)));
    const endless = records.filter((text) => text.startsWith('vendor.connect ') && !ended.has(text.slice(15)));
    const { exitCode } = await verifyLog(scene.auditDirectory);
    return {
      seed: this.#plan.seed,
      placed: this.#placed,
      endings: this.#endings,
      losses: this.#losses,
      reasons: this.#reasons,
      kills,
      recovered: shown.filter(({ k, r }) => k === 'call.end' && r === 'recovery').length,
      framesSent: this.#sent,
      framesReturned: this.#returned,
      lost: Math.max(0, this.#acknowledged - records.length) + endless.length,
      leaks: [
        ...this.#leaks,
        ...searchText('output', output, canary.words),
        ...(await searchFolder(scene.auditDirectory, canary.words)),
      ],
      auditExit: exitCode,
      processExit,
      memoryMiB: trendOf(this.#memory),
      descriptors: trendOf(this.#descriptors),
    };
  }
}
