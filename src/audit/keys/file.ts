import { dirname } from 'node:path';
import { errorCode, isAbsent, nodeFiles, writeAll, type FileLayer } from '../durable.ts';
import { AuditFault } from '../log.ts';
import { keyLength, systemRandom } from '../seal.ts';
import { localKey, parseKey, type KeyProvider } from '../key-provider.ts';

/**
 * The key of a file that holds 32 random bytes as base64 or hex and that only its owner can read. Rejects with
 * `KEY_MISSING`, `KEY_UNREADABLE`, `KEY_EXPOSED` or `KEY_LENGTH`.
 */
export async function openKeyFile(path: string, files: FileLayer = nodeFiles): Promise<KeyProvider> {
  const source = `the key file ${path}`;
  const facts = await files.facts(path).catch((error: unknown) => unreadable(path, error));
  if (facts === undefined) {
    throw new AuditFault('KEY_MISSING', `There is no key file ${path}: \`chaperone init\` makes one`, 78);
  }
  if ((facts.mode & 0o077) !== 0) {
    const mode = facts.mode.toString(8).padStart(4, '0');
    throw new AuditFault('KEY_EXPOSED', `The key file ${path} has mode ${mode}: others can use it; set it to 0400`, 78);
  }
  const content = await files.readFile(path).catch((error: unknown) => unreadable(path, error));
  return localKey('file', source, parseKey(content.toString('latin1'), source));
}

function unreadable(path: string, error: unknown): never {
  if (isAbsent(error))
    throw new AuditFault('KEY_MISSING', `There is no key file ${path}: \`chaperone init\` makes one`, 78);
  throw new AuditFault('KEY_UNREADABLE', `The key file ${path} cannot be read (${errorCode(error)})`, 78, error);
}

/** Makes a key file of 32 random bytes, mode 0400. Rejects with `KEY_EXISTS` rather than replace a key. */
export async function createKeyFile(path: string, files: FileLayer = nodeFiles): Promise<void> {
  const file = await files.open(path, 'create', 0o400).catch((error: unknown) => {
    if (errorCode(error) !== 'EEXIST') throw error;
    throw new AuditFault('KEY_EXISTS', `The key file ${path} exists; a key is never overwritten`, 78);
  });
  try {
    const key = systemRandom(Buffer.alloc(keyLength)).toString('base64');
    await writeAll(file, Buffer.from(`${key}\n`), 0);
    await file.datasync();
  } finally {
    await file.close();
  }
  await files.syncDirectory(dirname(path));
}
