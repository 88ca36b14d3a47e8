import { userInfo } from 'node:os';
import { styleText } from 'node:util';
import type { Custody } from '../audit/custody.ts';
import type { KeyProvider } from '../audit/key-provider.ts';
import { openKeyVariable } from '../audit/keys/env.ts';
import { openKeyFile } from '../audit/keys/file.ts';
import { AuditFault } from '../audit/log.ts';
import { withCustody } from '../audit/open-custody.ts';
import type { PlaceName } from '../audit/place.ts';
import { isDatabaseAddress } from '../audit/postgres/address.ts';
import { isDatabaseWritten } from '../audit/postgres/place.ts';
import { cannotRecord, recordable, refuseWhileWritten, strangerDesk } from '../audit/stranger.ts';
import { openAuditKey } from './audit-key.ts';
import { openAddress, placeOfSettings } from './audit-place.ts';
import type { AuditSettings } from './audit-settings.ts';
import { faultLine } from './config/faults.ts';
import { loadAudit } from './config/load.ts';

/** Where the log and its key are: a configuration, or a directory with a key file or the name of a variable. */
export interface KeyFlags {
  readonly config?: string;
  readonly keys?: string;
  readonly keyEnv?: string;
}

/** A log that a verb is about. */
export interface Log extends PlaceName {
  /** Undefined: nothing that is encrypted can be opened, and nothing written. */
  readonly keys: KeyProvider | undefined;
}

/** Who acts, and for which purpose of use. */
export interface ActorFlags {
  readonly as?: string;
  readonly why?: string;
}

/**
 * The log that the argument and the flags name; `keyless`: without the key of the configuration. Rejects with an AuditFault
 * where they name none.
 */
export async function logOf(
  directory: string | undefined,
  flags: KeyFlags & { readonly keyless?: boolean },
): Promise<Log> {
  const settings = flags.config === undefined ? undefined : await settingsOf(flags.config);
  const place = await placeOf(directory, settings);
  const keys = await keyOf(flags);
  if (keys !== undefined || settings === undefined || flags.keyless === true) return { ...place, keys };
  return { ...place, keys: await openAuditKey(settings.key) };
}

async function placeOf(given: string | undefined, settings: AuditSettings | undefined): Promise<PlaceName> {
  if (given === undefined) {
    if (settings !== undefined) return placeOfSettings(settings);
    throw new AuditFault('AUDIT_DIRECTORY', 'Give the directory of the log, or its configuration with --config', 64);
  }
  if (!isDatabaseAddress(given)) return { directory: given };
  const address = await openAddress(given);
  if (address.password === undefined) return { directory: '', address };
  // Every user of a machine can see the arguments of its processes.
  throw new AuditFault('AUDIT_ADDRESS', 'Give the password in PGPASSWORD or the configuration, not as an argument', 64);
}

/** For verbs that work on files. Rejects for a log in a database. */
export function assertDirectory({ address }: PlaceName, why: string): void {
  if (address !== undefined) throw new AuditFault('AUDIT_PLACE', `This log is in PostgreSQL: ${why}`, 64);
}

/** The same, with its key. Rejects with `KEY_MISSING` when the flags name none. */
export async function keyedLogOf(
  directory: string | undefined,
  flags: KeyFlags,
): Promise<Log & { readonly keys: KeyProvider }> {
  const log = await logOf(directory, flags);
  if (log.keys !== undefined) return { ...log, keys: log.keys };
  throw new AuditFault(
    'KEY_MISSING',
    'This needs the key of the log: give --config FILE, --keys FILE or --key-env NAME',
    78,
  );
}

/** The key of a configuration. */
export async function configuredKey(config: string): Promise<KeyProvider> {
  return openAuditKey((await settingsOf(config)).key);
}

/** The settings of a configuration. Rejects with its faults. */
export async function settingsOf(config: string): Promise<AuditSettings> {
  const loaded = await loadAudit(config, process.env);
  if ('audit' in loaded) return loaded.audit;
  throw new AuditFault('AUDIT_CONFIG', loaded.faults.map(faultLine).join('\n'), 78);
}

async function keyOf({ keys, keyEnv }: KeyFlags): Promise<KeyProvider | undefined> {
  if (keys !== undefined) return openKeyFile(keys);
  return keyEnv === undefined ? undefined : openKeyVariable(keyEnv, process.env[keyEnv]);
}

export function actorOf({ as: name }: ActorFlags): string {
  return `user:${name ?? userInfo().username}`;
}

/** Does work on a log: in this process where no other holds it, else through the one that does. */
export async function atDesk<T>(
  { directory, address, keys }: Log & { readonly keys: KeyProvider },
  work: (custody: Custody) => Promise<T>,
): Promise<T> {
  return withCustody({ directory, address, keys, now: Date.now, monotonic: () => performance.now() }, work);
}

/**
 * Records a reading before anything of it is shown. Without the key the process that writes the log is told. Rejects with
 * `READ_UNRECORDED` where neither can be, unless that was asked for and nobody writes this log.
 */
export async function onRecord(
  log: Log,
  { unrecorded }: { readonly unrecorded?: true },
  record: (desk: Pick<Custody, 'gate'>) => Promise<unknown>,
): Promise<void> {
  const { address, keys } = log;
  const place = { directory: log.directory, now: Date.now };
  if (unrecorded === true) {
    if (address === undefined) await refuseWhileWritten(place);
    else if (await isDatabaseWritten(address)) throw recordable();
    process.stderr.write('Not recorded: nothing was written to this log, and no other log knows of this reading.\n');
  } else if (keys !== undefined) await atDesk({ ...log, keys }, record).catch(unrecordable);
  else if (address === undefined) await record(strangerDesk(place));
  else throw cannotRecord('without its key nothing can be written to a log in PostgreSQL');
}

function unrecordable(fault: unknown): never {
  if (!(fault instanceof AuditFault) || fault.code !== 'AUDIT_DISK') throw fault;
  throw cannotRecord(fault.message);
}

/** Says how far long work is, on a terminal only. */
export function showProgress(what: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${what}`);
}

export function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
}

/** Colours on a terminal only. */
export function colour(name: 'green' | 'red' | 'yellow' | 'dim', text: string): string {
  return process.stdout.isTTY ? styleText(name, text) : text;
}

export function print(text: string): void {
  process.stdout.write(text);
}
