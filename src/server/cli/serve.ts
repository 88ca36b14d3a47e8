import { Command } from 'commander';
import { AuditFault } from '../../audit/log.ts';
import { openAuditLog } from '../audit-log.ts';
import type { Config } from '../config.ts';
import { faultLine } from '../config/faults.ts';
import { loadConfig } from '../config/load.ts';
import { debuggerIsOpen, keepDebuggerClosed } from '../debugger.ts';
import { createLog, faultFacts, type Log } from '../logger.ts';
import { exitCodeOf, Service } from '../service.ts';
import { ConfigWatch } from '../watch.ts';
import { workerCount } from '../workers/count.ts';
import { Fleet } from '../workers/fleet.ts';

const configurationFault = 78;

export function serveCommand(): Command {
  return new Command('serve')
    .description('Take calls: the proxy itself')
    .requiredOption('--config <file>', 'the configuration, chaperone.yaml')
    .addHelpText('after', exitCodes)
    .action(async ({ config }: { config: string }) => serve(config));
}

const exitCodes = `
SIGTERM and SIGINT let live calls end, for limits.drain_s at most, then hand them to a human. SIGHUP reads the configuration again;
so does a change of the file. A configuration with faults is reported and the old one stays in force.

Exit codes: 0 stopped as asked, 70 internal fault, 74 the audit log could not be written, 75 a service that it needs is away: try again, 78 fault of the configuration or a key.
`;

async function serve(file: string): Promise<void> {
  if (debuggerIsOpen()) {
    process.stderr.write('A debugger can read every call: start without --inspect, also in NODE_OPTIONS\n');
    process.exitCode = configurationFault;
    return;
  }
  keepDebuggerClosed();
  const loaded = await loadConfig(file, process.env);
  if ('faults' in loaded) {
    process.stderr.write(`${loaded.faults.map(faultLine).join('\n')}\n`);
    process.exitCode = configurationFault;
    return;
  }
  const log = createLog(loaded.config.log.level);
  try {
    await run(loaded.config, log);
  } catch (fault) {
    // Without a log, or without a port, there is no service. The sentence of an AuditFault is made for an operator.
    if (fault instanceof AuditFault) process.stderr.write(`${fault.message}\n`);
    else log.error('The service could not start', { fault: faultFacts(fault) });
    process.exitCode = exitCodeOf(fault);
  }
}

/** The platform keeps what is written here; `log.level` says how much of the rest, and must not silence it. */
function platformAnchor(): (note: string) => void {
  const log = createLog('info');
  return (checkpoint) => log.info('Audit checkpoint', { checkpoint });
}

function faultSentence({ code }: AuditFault): string {
  if (code.startsWith('KEY_') || code === 'SERVICE_CREDENTIALS')
    return 'The service that holds the audit key did not give it; calls go on for a while';
  return 'The audit log did not take an event';
}

async function run(config: Config, log: Log): Promise<void> {
  let onAuditFault: (fault: AuditFault) => void = () => undefined;
  const audit = await openAuditLog(
    config,
    (fault) => {
      log.error(faultSentence(fault), { code: fault.code });
      onAuditFault(fault);
    },
    config.audit.anchors.log ? platformAnchor() : () => undefined,
  );
  const service = workerCount(config) === 1 ? new Service(config, audit, log) : new Fleet(config, audit, log);
  const watch = new ConfigWatch(config, process.env, {
    onLoaded: (next) => service.reload(next),
    onRejected: (faults) => service.rejectReload(faults),
  });
  const finish = (): void => {
    watch.close();
    void service.drain();
  };
  const abort = (fault: unknown): void => {
    process.exitCode = exitCodeOf(fault);
    void service.fail(fault).finally(() => process.exit());
  };
  // A log that failed stays so: what its disk holds is only known after it was read again, by the next process.
  onAuditFault = (fault) => {
    if (audit.failed) abort(fault);
  };
  process.once('SIGTERM', finish).once('SIGINT', finish);
  process.on('SIGHUP', () => void watch.reload());
  process.once('uncaughtException', abort).once('unhandledRejection', abort);
  await service.listen();
}
