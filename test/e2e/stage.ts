import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { WebSocket } from 'ws';
import type { EventKind } from '../../src/audit/event.ts';
import { showLog, type ShownRecord } from '../../src/audit/show.ts';
import { verifyLog } from '../../src/audit/verify.ts';
import { openAuditLog, type AuditOverrides } from '../../src/server/audit-log.ts';
import { loadConfig } from '../../src/server/config/load.ts';
import { canary } from '../../src/server/demo/booking.ts';
import { ask, callSidOf, carrierOf, openStream, type Carrier } from '../../src/server/demo/carrier.ts';
import { mediaFrame, opening } from '../../src/server/demo/streams.ts';
import { buildScene, tearDown, type Scene, type SceneConfiguration } from '../../src/server/demo/scene.ts';
import { searchFolder, searchText, type Leak } from '../../src/server/demo/sweep.ts';
import type { VendorSession } from '../../src/server/demo/messages.ts';
import { startDemoVendor } from '../../src/server/demo/vendor.ts';
import { createLog } from '../../src/server/logger.ts';
import { Service } from '../../src/server/service.ts';
import { TwilioRest } from '../../src/server/twilio/rest.ts';
import { TwilioApi } from './twilio-api.ts';

/** A vendor as a test wants it: what it received, and how it is stopped. */
export interface StageVendor {
  readonly sessions: readonly VendorSession[];
  close(): Promise<void>;
}

export interface StageOptions {
  readonly change?: (made: SceneConfiguration) => object;
  readonly vendor?: (scene: Scene) => Promise<StageVendor>;
  readonly audit?: AuditOverrides;
}

export interface OpenCall {
  readonly socket: WebSocket;
  readonly callSid: string;
  readonly url: string;
}

export interface StartedCall extends OpenCall {
  readonly streamSid: string;
}

/**
 * The running product in this process, on real sockets with real TLS, with a real log on the disk, a vendor behind it and
 * Twilio's REST interface beside it.
 */
export class Stage {
  readonly scene: Scene;
  readonly service: Service;
  readonly vendor: StageVendor;
  readonly carrier: Carrier;
  readonly twilio: TwilioApi;
  readonly lines: string[];
  #calls = 0;
  #stopped = false;

  private constructor(scene: Scene, service: Service, vendor: StageVendor, twilio: TwilioApi, lines: string[]) {
    this.scene = scene;
    this.service = service;
    this.vendor = vendor;
    this.twilio = twilio;
    this.lines = lines;
    this.carrier = carrierOf(scene);
  }

  static async open({ change, vendor = demoVendor, audit: overrides }: StageOptions = {}): Promise<Stage> {
    const scene = await buildScene((made) => steady(change === undefined ? made : change(made)));
    const started = await vendor(scene);
    const twilio = await TwilioApi.start(() => `${scene.accountSid}:${scene.authToken}`);
    const lines: string[] = [];
    const loaded = await loadConfig(scene.config, process.env);
    if ('faults' in loaded) throw new Error(JSON.stringify(loaded.faults));
    const log = createLog('info', { write: (line) => void lines.push(line) });
    const audit = await openAuditLog(
      loaded.config,
      () => undefined,
      () => undefined,
      overrides,
    );
    const service = new Service(loaded.config, audit, log, new TwilioRest(twilio.origin));
    await service.listen();
    return new Stage(scene, service, started, twilio, lines);
  }

  /** An incoming call up to the open stream, as Twilio places it. */
  call(route: string): Promise<OpenCall> {
    return openCall(this.carrier, this.#nextCall(), route);
  }

  /** A Media Streams call that has started. */
  started(route?: string): Promise<StartedCall> {
    return startCall(this.carrier, this.#nextCall(), route);
  }

  #nextCall(): string {
    this.#calls += 1;
    return callSidOf(this.#calls);
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    await this.service.drain();
    await this.vendor.close();
    await this.twilio.close();
  }

  metrics(): Promise<string> {
    return fetch(`http://127.0.0.1:${this.scene.adminPort}/metrics`).then((response) => response.text());
  }

  /** The records of the log; the service must have stopped. */
  async records(): Promise<ShownRecord[]> {
    return showLog(this.scene.auditDirectory, {});
  }

  /** The kinds and reasons of the events, as `kind` or `kind REASON`. */
  async events(): Promise<string[]> {
    return (await this.records()).map(({ members: { k, rc } }) =>
      [k, rc].filter((part) => typeof part === 'string').join(' '),
    );
  }

  async has(kind: EventKind, reason?: string): Promise<boolean> {
    return (await this.events()).includes(reason === undefined ? kind : `${kind} ${reason}`);
  }

  /** Every place that a planted word has no business in. */
  async leaks(metrics: string): Promise<Leak[]> {
    return [
      ...searchText('vendor', this.vendor.sessions.flatMap(({ texts }) => texts).join('\n'), canary.words),
      ...searchText('log', this.lines.join('\n'), canary.words),
      ...searchText('metrics', metrics, canary.words),
      ...(await searchFolder(this.scene.auditDirectory, canary.words)),
      ...(await searchFolder(join(this.scene.directory, 'keys'), canary.words)),
    ];
  }

  /** Ends the stage and demands what every scene owes: a whole log, and no planted word anywhere. */
  async curtain(): Promise<void> {
    const metrics = this.#stopped ? '' : await this.metrics();
    await this.stop();
    const leaks = await this.leaks(metrics);
    const { exitCode, sentence } = await verifyLog(this.scene.auditDirectory);
    await tearDown(this.scene);
    expect(leaks).toEqual([]);
    expect([exitCode, sentence]).toEqual([0, expect.any(String)]);
  }
}

/** What else the machine does must not turn calls away, unless a test is about that. */
function steady(made: object): object {
  const limits: unknown = Reflect.get(made, 'limits');
  return { ...made, limits: { busy_percent: 100, lag_ms: 10_000, ...Object(limits) } };
}

export async function demoVendor(scene: Scene): Promise<StageVendor> {
  return startDemoVendor({ host: '127.0.0.1', port: scene.vendorPort, tls: await vendorTls(scene) });
}

export async function vendorTls(scene: Scene): Promise<{ certificate: string; key: string }> {
  const [certificate, key] = await Promise.all(
    ['vendor.pem', 'vendor.key'].map((name) => readFile(join(scene.directory, 'tls', name), 'utf8')),
  );
  return { certificate: certificate ?? '', key: key ?? '' };
}

/** An incoming call up to the open stream, as Twilio places it. Rejects where the call is for a human. */
export async function openCall(carrier: Carrier, callSid: string, route: string): Promise<OpenCall> {
  const { streamUrl } = await ask(carrier, route, callSid);
  if (streamUrl === undefined) throw new Error('The call was sent to a human');
  return { socket: await openStream(carrier, streamUrl), callSid, url: streamUrl };
}

/** A Media Streams call that has started. */
export async function startCall(carrier: Carrier, callSid: string, route = 'front-desk'): Promise<StartedCall> {
  const call = await openCall(carrier, callSid, route);
  const streamSid = `MZ${callSid.slice(2)}`;
  for (const text of opening(callSid, streamSid, carrier.accountSid)) call.socket.send(text);
  return { ...call, streamSid };
}

/** A call whose audio reaches the vendor, and its end. */
export async function callOnce(carrier: Carrier, vendor: StageVendor, callSid: string): Promise<void> {
  const { socket, streamSid } = await startCall(carrier, callSid);
  socket.send(mediaFrame(streamSid, 0, '//8='));
  await eventually(() => vendor.sessions.some(({ audioFrames }) => audioFrames === 1));
  socket.close();
}

/** Resolves with the close code of a socket. */
export function closed(socket: WebSocket): Promise<{ readonly code: number; readonly reason: string }> {
  return new Promise((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString('utf8') }));
  });
}

/** Waits for something that will become true; fails the test when it does not. */
export async function eventually(what: () => boolean | Promise<boolean>, limitMs = 5_000): Promise<void> {
  const started = performance.now();
  while (!(await what())) {
    if (performance.now() - started > limitMs) throw new Error('It did not come true in time');
    await sleep(10);
  }
}
