import { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { parseVerifierKey } from '../../../audit/checkpoint.ts';
import { AuditFault } from '../../../audit/log.ts';
import { checkProof } from '../../../audit/prove.ts';
import { checkCertificate } from '../../../audit/certificate.ts';
import { colour, print } from '../../audit-desk.ts';
import { verb } from '../../audit-verb.ts';

const help = `
Exit codes: 0 it holds, 2 it does not.

Examples:
  $ chaperone audit check record-617 --vkey "$(cat audit.vkey)"
  $ chaperone audit check certificate.json --vkey "$(cat audit.vkey)"`;

export function checkCommand(): Command {
  return new Command('check')
    .description('Check a proof or a certificate of erasure without the log')
    .argument('<file>', 'a certificate, or NAME of a pair NAME.json and NAME.tlog-proof')
    .requiredOption('--vkey <key>', 'the public key of the log')
    .addHelpText('after', help)
    .action(verb((file: string, flags: { readonly vkey: string }) => check(file, flags.vkey)));
}

async function check(file: string, vkey: string): Promise<number> {
  const key = parseVerifierKey(vkey);
  if (key === undefined) throw new AuditFault('AUDIT_KEY', 'The key is not a vkey text of an Ed25519 key', 65);
  const holds = file.endsWith('.json')
    ? checkCertificate(await readFile(file, 'utf8'), key)
    : checkProof(await readFile(`${file}.json`, 'utf8'), await readFile(`${file}.tlog-proof`, 'utf8'), [key]);
  print(
    holds ? `${colour('green', 'OK')}  It holds.\n` : `${colour('red', 'FALSE')}  It does not hold for this key.\n`,
  );
  return holds ? 0 : 2;
}
