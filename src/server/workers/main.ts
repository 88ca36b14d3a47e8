import type { Config } from '../config.ts';
import { createLog } from '../logger.ts';
import { unpack } from './carried-config.ts';
import { isPrimaryMessage } from './messages.ts';
import { CallWorker } from './worker.ts';

/** The program of a worker, started by the process that writes the log. What it hears first is the configuration in force. */
let worker: Promise<CallWorker> | undefined;

process.on('message', (message: unknown, connection: unknown) => {
  if (!isPrimaryMessage(message)) return;
  if (worker !== undefined) void worker.then((begun) => begun.hear(message, connection));
  else if (message.type === 'configuration') worker = begin(unpack(message.config));
});

async function begin(config: Config): Promise<CallWorker> {
  const begun = new CallWorker(config, createLog(config.log.level));
  await begun.run();
  return begun;
}
