import { Command } from 'commander';
import type { KeyProvider } from '../../../audit/key-provider.ts';
import { openKeyFile } from '../../../audit/keys/file.ts';
import { AuditFault } from '../../../audit/log.ts';
import { recordDestroyed, rotateLog } from '../../../audit/rotate.ts';
import { rotateSigning } from '../../../audit/rotate-signing.ts';
import {
  actorOf,
  assertDirectory,
  clearProgress,
  configuredKey,
  keyedLogOf,
  print,
  showProgress,
} from '../../audit-desk.ts';
import { onLog, verb, type VerbFlags } from '../../audit-verb.ts';

const help = `
Wraps all keys of the log with a new key. When the old key is then destroyed, every copy of the key folder that was made
before is dead: erasures are final in backups too. Stop chaperone first; put the new key into its configuration afterwards.

Examples:
  $ chaperone audit rotate audit --keys old.key --new-keys new.key
  $ shred -u old.key
  $ chaperone audit rotate audit --keys new.key --destroyed 1f0c9a2be7d81344
  $ chaperone audit rotate --config with-key-file.yaml --new-config with-kms.yaml

With --signing it replaces the key that signs checkpoints instead. The old key hands over to the new one in a note that both
sign, so that old notes and proofs hold and whoever knows the old key can follow; a copy of the old key is worth nothing
from there on. Keep the new public key where the old one was kept. --old-key-lost is for a signing key that is damaged: then
nobody believes the new one who was not told it, and \`verify\` asks for --vkey.

  $ chaperone audit rotate audit --signing --keys audit.key --as ann`;

interface Flags extends VerbFlags {
  readonly newKeys?: string;
  readonly newConfig?: string;
  readonly destroyed?: string;
  readonly signing?: true;
  readonly oldKeyLost?: true;
}

export function rotateCommand(): Command {
  const command = new Command('rotate')
    .description('Replace the key that wraps all keys of the log')
    .option('--new-keys <file>', 'the key file to wrap with from now on')
    .option('--new-config <file>', 'the configuration that names the key to wrap with from now on')
    .option('--destroyed <id>', 'record that the old key with this id was destroyed')
    .option('--signing', 'replace the key that signs checkpoints')
    .option('--old-key-lost', 'with --signing: the old one does not open any more')
    .addHelpText('after', help);
  return onLog(command, ['as', 'json']).action(verb(rotate));
}

async function rotate(place: string | undefined, flags: Flags): Promise<number> {
  const by = actorOf(flags);
  const { directory, address, keys } = await keyedLogOf(place, flags);
  const log = { directory, address, keys, now: Date.now, monotonic: () => performance.now() };
  if (flags.destroyed !== undefined) {
    await recordDestroyed(log, flags.destroyed, by);
    print(`Recorded that the key ${flags.destroyed} was destroyed.\n`);
    return 0;
  }
  if (flags.signing === true) {
    assertDirectory(
      { directory, address },
      'its writers derive their signing keys; rotate the key over all keys instead',
    );
    const { from, to, size } = await rotateSigning({ ...log, by, lost: flags.oldKeyLost === true });
    const said = `Trees of more than ${size} records are signed by the new key from now on. Keep it where the old one was kept:\n${to}\n`;
    print(flags.json === true ? `${JSON.stringify({ from, to, size })}\n` : said);
    return 0;
  }
  const next = await nextKey(flags);
  const onProgress = (done: number, all: number): void => showProgress(`${done} of ${all} callers`);
  const { from, to, subjects } = await rotateLog({ ...log, next, by, onProgress });
  clearProgress();
  if (flags.json === true) print(`${JSON.stringify({ from, to, subjects })}\n`);
  else
    print(
      `The keys of ${subjects} callers are wrapped with ${to} now.\n` +
        `Destroy the old key, then record it: chaperone audit rotate ${place ?? directory} --destroyed ${from}\n`,
    );
  return 0;
}

async function nextKey({ newKeys, newConfig }: Flags): Promise<KeyProvider> {
  if (newKeys !== undefined) return openKeyFile(newKeys);
  if (newConfig !== undefined) return configuredKey(newConfig);
  throw new AuditFault(
    'KEY_MISSING',
    'Give the new key: --new-keys FILE, or --new-config with a configuration that names it',
    64,
  );
}
