import { join } from 'node:path';
import { readIfPresent, replaceFile, type FileLayer } from '../../audit/durable.ts';
import type { KeyProvider } from '../../audit/key-provider.ts';
import { keyLength, systemRandom } from '../../audit/seal.ts';

/**
 * The key of a queue: random, made at the first start, kept beside the lines under the key of the audit log. Rejects with
 * an AuditFault where that key is not the one that it was kept under.
 */
export async function queueKey(
  files: FileLayer,
  directory: string,
  name: string,
  provider: KeyProvider,
): Promise<Buffer> {
  const path = join(directory, 'key');
  const context = `chaperone queue ${name}`;
  const wrapped = await readIfPresent(files, path);
  if (wrapped !== undefined) return provider.unwrap(wrapped.toString('latin1').trim(), context);
  const key = systemRandom(Buffer.alloc(keyLength));
  await replaceFile(files, path, Buffer.from(`${await provider.wrap(key, context)}\n`));
  return key;
}
