import type { KeyProvider } from './key-provider.ts';
import type { KeyStore } from './key-store.ts';
import { parseSystemFile, type SystemFile, type WrappedKek } from './keyring-file.ts';
import { fingerprintOf, Keyring, type Kek, type SystemKeys } from './keyring.ts';
import { AuditFault } from './log.ts';
import { keyLength, Nonces, seal, unseal, type Random } from './seal.ts';

export interface KeyringOptions {
  readonly store: KeyStore;
  readonly provider: KeyProvider;
  readonly origin: string;
  readonly random: Random;
}

const systemName = 'sys.json';

/** Opens the keys of a log, or makes them. Rejects with a `KEY_` fault; a wrong key is found by the trial opening. */
export async function openKeyring(options: KeyringOptions, create: boolean): Promise<Keyring> {
  const { store, random } = options;
  const content = await store.read(systemName);
  if (content !== undefined) return new Keyring(await unlock(content.toString('utf8'), options), store, random);
  if (!create) {
    throw new AuditFault(
      'KEY_MISSING',
      `The log has records but no keys/${systemName}: restore the keys of this log`,
      78,
    );
  }
  const keys = {
    kek: newKek(random),
    before: undefined,
    system: random(Buffer.alloc(keyLength)),
    index: random(Buffer.alloc(keyLength)),
    signing: random(Buffer.alloc(keyLength)),
    nextSigning: undefined,
  };
  await store.write(systemName, JSON.stringify(await lockUp(keys, options)));
  return new Keyring(keys, store, random);
}

/**
 * Wraps every key of the log anew: a fresh key-encryption key under the new provider, and each caller's keys under that.
 * When the old provider's key is then destroyed, every older copy of `keys/` is dead. Can be run again after an
 * interruption. Resolves to the names of the old and the new key.
 */
export async function rotateKeys(
  options: KeyringOptions,
  next: KeyProvider,
  onProgress: (done: number, all: number) => void = () => undefined,
): Promise<{ readonly from: string; readonly to: string; readonly subjects: number }> {
  const { store, random } = options;
  const content = await store.read(systemName);
  if (content === undefined) throw new AuditFault('KEY_MISSING', `There is no keys/${systemName}`, 78);
  const underNext = { ...options, provider: next };
  const text = content.toString('utf8');
  const present = await unlock(text, options).catch((error: unknown) => {
    if (error instanceof AuditFault && error.code === 'KEY_WRONG') return unlock(text, underNext);
    throw error;
  });
  // After an interruption the fresh key is there already: go on with it.
  const keys = present.before === undefined ? { ...present, kek: newKek(random), before: present.kek } : present;
  await store.write(systemName, JSON.stringify(await lockUp(keys, underNext)));
  const keyring = new Keyring(keys, store, random);
  const subjects = await keyring.subjects();
  let done = 0;
  for (const [name, file] of subjects) {
    await store.write(name, JSON.stringify(keyring.rewrap(file)));
    done += 1;
    onProgress(done, subjects.size);
  }
  await store.write(systemName, JSON.stringify(await lockUp({ ...keys, before: undefined }, underNext)));
  return { from: keys.before?.id ?? '', to: keys.kek.id, subjects: done };
}

/** Changes the seeds that sign: what becomes of them is durable when it resolves. `isLost`: the present one may not open. */
export async function changeSigning(
  options: KeyringOptions,
  change: (keys: Pick<SystemKeys, 'signing' | 'nextSigning'>) => Pick<SystemKeys, 'signing' | 'nextSigning'>,
  isLost = false,
): Promise<Keyring> {
  const { store, random } = options;
  const content = await store.read(systemName);
  if (content === undefined) throw new AuditFault('KEY_MISSING', `There is no keys/${systemName}`, 78);
  const present = await unlock(content.toString('utf8'), options, isLost ? random(Buffer.alloc(keyLength)) : undefined);
  const keys = { ...present, ...change(present) };
  await store.write(systemName, JSON.stringify(await lockUp(keys, options)));
  return new Keyring(keys, store, random);
}

function newKek(random: Random): Kek {
  const key = random(Buffer.alloc(keyLength));
  return { id: fingerprintOf(key), key };
}

async function lockUp(keys: SystemKeys, { provider, origin, random }: KeyringOptions): Promise<SystemFile> {
  const nonces = new Nonces(random);
  const under = (name: string, key: Buffer): string => seal(keys.kek.key, nonces.next(), key, `${name} ${origin}`);
  const wrap = async ({ id, key }: Kek): Promise<WrappedKek> => ({ id, wrapped: await provider.wrap(key, origin) });
  return {
    version: 1,
    provider: provider.name,
    kek: await wrap(keys.kek),
    before: keys.before === undefined ? undefined : await wrap(keys.before),
    system: under('system', keys.system),
    index: under('index', keys.index),
    signing: under('signing', keys.signing),
    nextSigning: keys.nextSigning === undefined ? undefined : under('signing', keys.nextSigning),
  };
}

/** `instead`: the seed that takes the place of one that does not open. */
async function unlock(content: string, { provider, origin }: KeyringOptions, instead?: Buffer): Promise<SystemKeys> {
  const stored = parseSystemFile(content);
  if (stored === undefined) {
    throw new AuditFault('KEY_CORRUPT', `keys/${systemName} is damaged: restore the keys of this log`, 3);
  }
  const unwrap = async ({ id, wrapped }: WrappedKek): Promise<Kek> => ({
    id,
    key: await provider.unwrap(wrapped, origin),
  });
  const kek = await unwrap(stored.kek);
  const under = (name: 'system' | 'index' | 'signing', sealed = stored[name]): Buffer => {
    const key = unseal(kek.key, sealed, `${name} ${origin}`);
    if (key !== undefined) return key;
    if (name === 'signing' && instead !== undefined) return instead;
    throw new AuditFault('KEY_CORRUPT', `keys/${systemName} is damaged: its ${name} key does not open`, 3);
  };
  return {
    kek,
    before: stored.before === undefined ? undefined : await unwrap(stored.before),
    system: under('system'),
    index: under('index'),
    signing: under('signing'),
    nextSigning: stored.nextSigning === undefined ? undefined : under('signing', stored.nextSigning),
  };
}
