import { Socket } from 'node:net';
import type { Config } from '../config.ts';
import { faultFacts, type Log } from '../logger.ts';
import { usableMemoryBytes } from '../overload.ts';
import type { ReasonCode } from '../../policy/reason.ts';
import { Switchboard } from '../switchboard.ts';
import { TwilioRest } from '../twilio/rest.ts';
import { unpack } from './carried-config.ts';
import { workerCount } from './count.ts';
import type { PrimaryMessage, WorkerMessage } from './messages.ts';
import { WorkerLog } from './worker-log.ts';
import { WorkerTranscripts } from './worker-transcripts.ts';

const internalFault = 70;
const logFault = 74;

/** One of `workers` processes that carry calls and nothing else. */
export class CallWorker {
  readonly #log: Log;
  readonly #audit = new WorkerLog(sendToPrimary);
  readonly #transcripts = new WorkerTranscripts(sendToPrimary);
  readonly #switchboard: Switchboard;
  #hindrance: ReasonCode | undefined;
  #take: ((connection: Socket) => void) | undefined;
  #ending = false;

  constructor(config: Config, log: Log) {
    this.#log = log;
    this.#switchboard = new Switchboard(shareOf(config), {
      audit: this.#audit,
      log,
      rest: new TwilioRest(),
      follow: (call) => this.#transcripts.follow(call),
      onHandedOver: (call) => sendToPrimary({ type: 'handed-over', call }),
      auditHindrance: () => (this.#audit.failed ? 'AUDIT_UNAVAILABLE' : this.#hindrance),
    });
  }

  async run(): Promise<void> {
    this.#take = await this.#switchboard.attend();
    // Alone, nothing it does is on record.
    process.on('disconnect', () => void this.#abandon(logFault));
    if (!process.connected) return this.#abandon(logFault); // Lost while this was starting.
    const abort = (fault: unknown): void => {
      this.#log.error('A fault ends this worker; its calls go to a human', { fault: faultFacts(fault) });
      void this.#abandon(internalFault);
    };
    process.once('uncaughtException', abort).once('unhandledRejection', abort);
    // A signal to the whole group is for the primary to act on.
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
    sendToPrimary({ type: 'ready' });
  }

  async hear(message: PrimaryMessage, connection: unknown): Promise<void> {
    if (connection instanceof Socket) this.#take?.(connection);
    switch (message.type) {
      case 'durable':
      case 'untaken':
        return this.#audit.hear(message);
      case 'failed':
        this.#audit.hear(message);
        return this.#abandon(logFault);
      case 'hindered':
        this.#hindrance = message.reason;
        return;
      case 'configuration':
        return this.#switchboard.reload(shareOf(unpack(message.config)));
      case 'drain':
        return this.#drain();
      case 'wanted':
        return this.#transcripts.want(message.wanted);
      case 'handed-over':
        return this.#switchboard.learnHandedOver(message.call);
      case 'connection':
        return sendToPrimary({ type: 'taken' }); // Also where it was gone before it came.
      case 'figures':
        sendToPrimary({
          type: 'figures',
          request: message.request,
          figures: await this.#switchboard.metrics.figures(),
        });
    }
  }

  async #drain(): Promise<void> {
    if (this.#ending) return;
    this.#ending = true;
    await this.#switchboard.drain();
    await this.#end(0);
  }

  async #abandon(exitCode: number): Promise<void> {
    if (this.#ending) return;
    this.#ending = true;
    await this.#switchboard.abandon();
    await this.#end(exitCode);
  }

  async #end(exitCode: number): Promise<void> {
    await this.#switchboard.close();
    await this.#audit.close().catch(() => undefined); // It has been said why, where the log is.
    process.exit(exitCode);
  }
}

/** The bounds of a process, where several share them. */
function shareOf(config: Config): Config {
  const { limits } = config;
  const workers = workerCount(config);
  const memoryBytes = (limits.overload.memoryBytes ?? usableMemoryBytes()) / workers;
  const calls = Math.ceil(limits.calls / workers);
  return { ...config, limits: { ...limits, calls, overload: { ...limits.overload, memoryBytes } } };
}

function sendToPrimary(message: WorkerMessage, sent: () => void = () => undefined): void {
  // What could not be sent has been lost with the other process: its end is seen by itself.
  if (process.connected) process.send?.(message, undefined, undefined, sent);
}
