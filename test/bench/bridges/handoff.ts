import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { openAuditLog } from '../../../src/server/audit-log.ts';
import type { Config } from '../../../src/server/config.ts';
import { loadConfig } from '../../../src/server/config/load.ts';
import { ask, callSidOf, carrierOf, openStream, type Carrier } from '../../../src/server/demo/carrier.ts';
import { buildScene, tearDown, type Scene } from '../../../src/server/demo/scene.ts';
import { opening } from '../../../src/server/demo/streams.ts';
import { createLog } from '../../../src/server/logger.ts';
import { Service } from '../../../src/server/service.ts';
import { TwilioRest } from '../../../src/server/twilio/rest.ts';
import { TwilioApi } from '../../e2e/twilio-api.ts';
import { Samples, type Spread } from '../ledger.ts';
import { twilioFrame } from './frames.ts';
import { startSilentVendor, type SilentVendor, type VendorLeg } from './vendor.ts';

/** One fault in the middle of bridged calls: from it to the human, and to the last byte that the vendor got. */
export interface HandoffFigure {
  readonly fault: string;
  readonly calls: number;
  /** To the request at Twilio's REST interface, milliseconds. */
  readonly toHumanMs: Spread;
  /** Undefined where the vendor itself is gone. */
  readonly toLastByteMs: Spread | undefined;
}

interface LiveCall {
  readonly callSid: string;
  readonly socket: WebSocket;
  readonly vendor: VendorLeg;
  readonly talk: NodeJS.Timeout;
  faultAt: number;
}

type Fault = (call: LiveCall) => void;

const crisis: Fault = ({ vendor }) => vendor.writeDown("i don't want to be alive anymore");
const person: Fault = ({ vendor }) => vendor.writeDown('can i talk to a real person');
const death: Fault = ({ vendor }) => vendor.socket.terminate();

/** The product in this process, its carrier, its vendor and Twilio's REST interface on loopback, all with TLS but the last. */
export async function handoffFigures(batches: number, atOnce: number): Promise<HandoffFigure[]> {
  const theatre = await Theatre.open();
  try {
    return [
      await theatre.measure('a crisis in the transcript', batches, atOnce, crisis),
      await theatre.measure('a request for a person', batches, atOnce, person),
      await theatre.measure('the death of the vendor', batches, atOnce, death),
      await theatre.measureKill('a revoked agreement, all calls at once', batches, atOnce),
    ];
  } finally {
    await theatre.close();
  }
}

class Theatre {
  readonly #scene: Scene;
  readonly #service: Service;
  readonly #vendor: SilentVendor;
  readonly #api: TwilioApi;
  readonly #carrier: Carrier;
  readonly #inForce: Config;
  readonly #sockets = new Map<string, WebSocket>();
  #calls = 0;

  private constructor(scene: Scene, service: Service, vendor: SilentVendor, api: TwilioApi, inForce: Config) {
    this.#scene = scene;
    this.#service = service;
    this.#vendor = vendor;
    this.#api = api;
    this.#inForce = inForce;
    this.#carrier = carrierOf(scene);
    // Twilio ends the stream of a call that it has moved.
    api.onMoved = (callSid) => this.#sockets.get(callSid)?.close(1000);
  }

  static async open(): Promise<Theatre> {
    const scene = await buildScene((made) => ({
      ...made,
      routes: made.routes.map((route) =>
        route.name === 'front-desk'
          ? {
              ...route,
              bridge: 'openai-realtime',
              url: `${route.url}?model=gpt-realtime-2.1`,
              human: { ...route.human, via: 'redirect' },
              session: { instructions: 'You book appointments.' },
            }
          : route,
      ),
    }));
    const api = await TwilioApi.start(() => `${scene.accountSid}:${scene.authToken}`);
    const config = await configOf(scene);
    const audit = await openAuditLog(
      config,
      () => undefined,
      () => undefined,
    );
    const service = new Service(
      config,
      audit,
      createLog('error', { write: () => undefined }),
      new TwilioRest(api.origin),
    );
    const vendor = await startSilentVendor(scene);
    await service.listen();
    return new Theatre(scene, service, vendor, api, config);
  }

  async close(): Promise<void> {
    await this.#service.drain();
    await this.#vendor.close();
    await this.#api.close();
    await tearDown(this.#scene);
  }

  async measure(fault: string, batches: number, atOnce: number, happen: Fault): Promise<HandoffFigure> {
    const calls: LiveCall[] = [];
    for (let batch = 0; batch < batches; batch += 1) {
      const placed = await this.#place(atOnce);
      for (const call of placed) {
        call.faultAt = performance.now();
        happen(call);
        await wait(20);
      }
      await this.#over(placed);
      calls.push(...placed);
    }
    return this.#figure(fault, calls, happen !== death);
  }

  /** The kill switch: the agreement goes out of force while all of them talk. */
  async measureKill(fault: string, batches: number, atOnce: number): Promise<HandoffFigure> {
    const text = await readFile(this.#scene.config, 'utf8');
    const [, expires = ''] = /id: demo-voice[\s\S]*?expires: (\S+)/u.exec(text) ?? [];
    await writeFile(this.#scene.config, text.replace(`expires: ${expires}`, 'expires: 2026-01-01'));
    const revoked = await configOf(this.#scene);
    const calls: LiveCall[] = [];
    for (let batch = 0; batch < batches; batch += 1) {
      this.#service.reload(this.#inForce);
      const placed = await this.#place(atOnce);
      const faultAt = performance.now();
      for (const call of placed) call.faultAt = faultAt;
      this.#service.reload(revoked);
      await this.#over(placed);
      calls.push(...placed);
    }
    return this.#figure(fault, calls, true);
  }

  /** Calls with sound on them, none of them new. */
  async #place(count: number): Promise<LiveCall[]> {
    const placed: LiveCall[] = [];
    for (let index = 0; index < count; index += 1) placed.push(await this.#call());
    await wait(300);
    return placed;
  }

  async #call(): Promise<LiveCall> {
    this.#calls += 1;
    const callSid = callSidOf(this.#calls);
    const streamSid = `MZ${callSid.slice(2)}`;
    const { streamUrl } = await ask(this.#carrier, 'front-desk', callSid);
    if (streamUrl === undefined) throw new Error('The call was sent to a human');
    const socket = await openStream(this.#carrier, streamUrl);
    socket.on('error', () => undefined);
    for (const text of opening(callSid, streamSid, this.#carrier.accountSid)) socket.send(text);
    const vendor = await this.#vendor.next();
    this.#sockets.set(callSid, socket);
    let sequence = 0;
    const talk = setInterval(() => {
      if (socket.readyState === socket.OPEN) socket.send(twilioFrame(streamSid, sequence++, performance.now()));
    }, 20);
    return { callSid, socket, vendor, talk, faultAt: 0 };
  }

  async #over(calls: readonly LiveCall[]): Promise<void> {
    for (const { socket } of calls)
      while (socket.readyState !== socket.CLOSED && socket.readyState !== socket.CLOSING) await wait(10);
    await wait(100);
    for (const { talk } of calls) clearInterval(talk);
  }

  #figure(fault: string, calls: readonly LiveCall[], hasVendor: boolean): HandoffFigure {
    const [toHuman, toLastByte] = [new Samples(), new Samples()];
    for (const { callSid, vendor, faultAt } of calls) {
      const request = this.#api.requests.find(({ path }) => path.includes(callSid));
      toHuman.add((request?.at ?? Number.POSITIVE_INFINITY) - faultAt);
      toLastByte.add(Math.max(0, vendor.heardAt - faultAt));
    }
    const toLastByteMs = hasVendor ? toLastByte.spread() : undefined;
    return { fault, calls: calls.length, toHumanMs: toHuman.spread(), toLastByteMs };
  }
}

async function configOf(scene: Scene): Promise<Config> {
  const loaded = await loadConfig(scene.config, process.env);
  if ('faults' in loaded) throw new Error(JSON.stringify(loaded.faults));
  return loaded.config;
}
