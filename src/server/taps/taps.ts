import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { nodeFiles } from '../../audit/durable.ts';
import type { KeyProvider } from '../../audit/key-provider.ts';
import type { AuditLog } from '../../audit/log.ts';
import { dayAt } from '../../policy/baa.ts';
import { allow, type Decision } from '../../policy/decision.ts';
import { judgeVendor } from '../../policy/vendors.ts';
import type { Config, WebhookTap } from '../config.ts';
import type { Log } from '../logger.ts';
import { Operators } from '../operators.ts';
import type { StrangerLog } from '../strangers.ts';
import { TapFigures } from './figures.ts';
import { TapHub, type FollowedCall, type Wanted } from './hub.ts';
import { clearanceKey, type HeardCall } from './line.ts';
import type { LiveReader } from './reader.ts';
import { addTapRoutes } from './routes.ts';
import { Webhook, type WebhookServices } from './webhook.ts';

export interface TapServices {
  readonly audit: AuditLog;
  readonly log: Log;
  readonly strangers: StrangerLog;
  /** The configuration in force. */
  readonly config: () => Config;
  /** Holds the key under which the keys of queues are kept. */
  readonly keys: () => Promise<KeyProvider>;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
  /** Called when other lines are wanted than before. */
  readonly onWanted?: (wanted: readonly Wanted[]) => void;
}

interface RunningWebhook {
  readonly webhook: Webhook;
  readonly fingerprint: string;
}

/** The live transcripts, as the rest of the server sees them. */
export class Taps {
  readonly figures = new TapFigures();
  readonly #services: TapServices;
  readonly #hub: TapHub;
  readonly #webhooks = new Map<string, RunningWebhook>();
  #operators: Operators;
  /** One change of the webhooks at a time: two must not have the same queue open. */
  #changing: Promise<void> = Promise.resolve();

  constructor(services: TapServices) {
    this.#services = services;
    this.#operators = new Operators(services.config().operators);
    this.#hub = new TapHub({ ...services, figures: this.figures, policy: () => services.config().policyHash });
  }

  /** What is said in this call is told to those who read along, from now on. */
  follow(call: HeardCall): FollowedCall {
    return this.#hub.follow(call);
  }

  get wanted(): readonly Wanted[] {
    return this.#hub.wanted;
  }

  /** So many lines were lost between processes. */
  missed(lines: number): void {
    this.#hub.missed(lines);
  }

  addRoutes(server: FastifyInstance): Promise<void> {
    const { audit, strangers } = this.#services;
    return addTapRoutes(server, { audit, strangers, operators: () => this.#operators, hub: this.#hub });
  }

  start(): void {
    this.#hub.start();
    this.#changeWebhooks();
  }

  /** The configuration in force is another one: who may no longer read, or may see other things, is cut off. */
  reload(): void {
    this.#operators = new Operators(this.#services.config().operators);
    this.#hub.review((reader) => this.#mayStillRead(reader));
    this.#changeWebhooks();
  }

  /** Every reading ends and is on record; what a webhook has not taken stays in its queue. */
  async close(): Promise<void> {
    this.#hub.close();
    await this.#changing;
    await Promise.all([...this.#webhooks.values()].map(({ webhook }) => this.#stop(webhook, false)));
  }

  #mayStillRead({ wish: { operator } }: LiveReader): boolean {
    const current = this.#operators.current(operator);
    return (
      current?.may.includes('taps') === true && clearanceKey(current.clearance) === clearanceKey(operator.clearance)
    );
  }

  #changeWebhooks(): void {
    const { taps } = this.#services.config();
    this.#changing = this.#changing.then(() => this.#runThese(taps));
  }

  async #runThese(taps: readonly WebhookTap[]): Promise<void> {
    for (const settings of taps) await this.#run(settings);
    const wanted = new Set(taps.map(({ id }) => id));
    for (const [id, { webhook }] of this.#webhooks) if (!wanted.has(id)) await this.#stop(webhook, true);
  }

  /** The new one listens before the old one has let go of the queue: nothing that is said meanwhile is missed. */
  async #run(settings: WebhookTap): Promise<void> {
    const fingerprint = fingerprintOf(settings);
    const before = this.#webhooks.get(settings.id);
    if (before?.fingerprint === fingerprint) return;
    const webhook = new Webhook(settings, this.#webhookServices());
    webhook.subscribe();
    this.#hub.listen(webhook, settings.clearance);
    if (before !== undefined) await this.#stop(before.webhook, false);
    this.#webhooks.set(settings.id, { webhook, fingerprint });
    webhook.start();
  }

  /** A webhook that is no longer in the configuration leaves no transcript behind. */
  async #stop(webhook: Webhook, forget: boolean): Promise<void> {
    this.#hub.leave(webhook);
    this.#webhooks.delete(webhook.settings.id);
    await webhook.stop(forget);
  }

  #webhookServices(): WebhookServices {
    const { config, audit, log, keys, now } = this.#services;
    return {
      audit,
      log,
      keys,
      now,
      figures: this.figures,
      files: nodeFiles,
      policy: () => config().policyHash,
      isLive: (ref) => this.#hub.isLive(ref),
      judge: (settings) => judgeReceiver(config(), settings, now()),
    };
  }
}

/** The practice's own system needs no agreement; another company that receives for it does. */
function judgeReceiver({ subProcessors, practice }: Config, { subProcessor }: WebhookTap, now: number): Decision {
  if (subProcessor === undefined) return allow;
  return judgeVendor(subProcessors, subProcessor, dayAt(now, practice.timeZone));
}

/** Secrets show themselves to JSON as `[secret]`: a new one makes another webhook too. */
function fingerprintOf(settings: WebhookTap): string {
  return createHash('sha256').update(JSON.stringify(settings)).update(settings.secret.reveal()).digest('hex');
}
