import { AuditFault } from '../log.ts';
import { localKey, parseKey, type KeyProvider } from '../key-provider.ts';

/**
 * The key in the value of an environment variable (32 bytes as base64 or hex). The environment of a process can be
 * read by whoever may read its memory: for tests and CI. Throws `KEY_MISSING` or `KEY_LENGTH`.
 */
export function openKeyVariable(name: string, value: string | undefined): KeyProvider {
  const source = `the variable ${name}`;
  if (value === undefined || value === '') {
    throw new AuditFault('KEY_MISSING', `The variable ${name} is not set: it must hold the audit key`, 78);
  }
  return localKey('env', source, parseKey(value, source));
}
