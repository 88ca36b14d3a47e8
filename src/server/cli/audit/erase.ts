import { Command } from 'commander';
import { writeFile } from 'node:fs/promises';
import { certify } from '../../../audit/certificate.ts';
import type { EraseReceipt } from '../../../audit/erase.ts';
import { AuditFault } from '../../../audit/log.ts';
import { withPlace } from '../../../audit/place.ts';
import { isDeskOrigin } from '../../../audit/postgres/desk.ts';
import type { LogSource } from '../../../audit/reader.ts';
import { actorOf, atDesk, keyedLogOf, print } from '../../audit-desk.ts';
import { onLog, verb, type VerbFlags } from '../../audit-verb.ts';

const help = `
Destroys the keys of one caller: the records stay, so that the log stays provable, but nobody can read them or tell whose
they are. A legal hold forbids it; a call that is going on delays it. Runs beside a running chaperone.

Exit codes: 0 erased, or waiting for the end of a call; 1 the log knows no such caller; 3 held.

Example:
  $ chaperone audit erase audit --caller +15125550143 --keys /etc/chaperone/audit.key --certificate erased.json`;

interface Flags extends VerbFlags {
  readonly caller: string;
  readonly note?: string;
  readonly certificate?: string;
}

export function eraseCommand(): Command {
  const command = new Command('erase')
    .description('Make one caller unreadable for ever')
    .requiredOption('--caller <number>', 'the number, in E.164')
    .option('--note <text>', 'who asked and how that was checked; encrypted; must not hold the number')
    .option('--certificate <file>', 'write a certificate with a proof that can be checked without the log')
    .addHelpText('after', help);
  return onLog(command, ['as', 'json']).action(verb(erase));
}

/** The log that tells of the erasure. */
function ownOf(sources: readonly LogSource[]): LogSource | undefined {
  return sources.find(({ description }) => isDeskOrigin(description.origin)) ?? sources[0];
}

const exitCodes = { erased: 0, waiting: 0, unknown: 1, held: 3 } as const;

async function erase(directory: string | undefined, flags: Flags): Promise<number> {
  const { caller, note, certificate, json } = flags;
  const digits = caller.replaceAll(/\D/g, '');
  if (!/^\+\d{7,15}$/.test(caller))
    throw new AuditFault('AUDIT_CALLER', 'The number must be in E.164, as +15125550143', 64);
  if (note?.replaceAll(/\D/g, '').includes(digits) === true) {
    throw new AuditFault('AUDIT_NOTE', 'The note must not hold the number: it would outlive the erasure', 64);
  }
  const by = actorOf(flags);
  const log = await keyedLogOf(directory, flags);
  const receipt = await atDesk(log, async (desk) => {
    const result = await desk.erase({ caller, by, ...(note === undefined ? {} : { note }) });
    if (result.outcome !== 'erased' || certificate === undefined) return result;
    const own = await withPlace(log, async ({ sources }) => ownOf(sources));
    const made = await certify(desk, result, own?.description.keys.at(-1)?.vkey ?? '', Date.now());
    await writeFile(certificate, `${JSON.stringify(made, undefined, 2)}\n`);
    return result;
  });
  print(json === true ? `${JSON.stringify(receipt)}\n` : `${sentence(receipt)}\n`);
  return exitCodes[receipt.outcome];
}

function sentence(receipt: EraseReceipt): string {
  if (receipt.outcome === 'erased') {
    return `Erased: ${receipt.records} records (${receipt.first} to ${receipt.last}) can be read by nobody any more.`;
  }
  if (receipt.outcome === 'held') {
    return `Not erased: a legal hold is in force (${receipt.hold.matter}, id ${receipt.hold.id}).`;
  }
  const waiting = 'The caller is on a call: it will be done when that ends.';
  return receipt.outcome === 'waiting' ? waiting : 'The log knows no such caller.';
}
