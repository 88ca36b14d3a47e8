import type { KeyProvider } from '../audit/key-provider.ts';
import { openKeyVariable } from '../audit/keys/env.ts';
import { openKeyFile } from '../audit/keys/file.ts';
import { openKmsKey } from '../audit/keys/kms.ts';
import { openVaultKey } from '../audit/keys/vault.ts';
import type { AuditKey, KmsKey, VaultKey } from './audit-settings.ts';
import { awsCredentials, revealed } from './service-credentials.ts';

/** The key over all keys of this deployment. Rejects with an AuditFault; a service is first asked when the log opens. */
export async function openAuditKey(key: AuditKey): Promise<KeyProvider> {
  if (key.kind === 'file') return openKeyFile(key.file);
  if (key.kind === 'env') return openKeyVariable(key.name, key.value.reveal());
  return key.kind === 'kms' ? openKms(key) : openVault(key);
}

function openKms({ keyId, region, endpoint, credentials }: KmsKey): KeyProvider {
  const place = { keyId, region, ...(endpoint === undefined ? {} : { endpoint }) };
  return openKmsKey({ ...place, credentials: () => awsCredentials(credentials), now: Date.now });
}

function openVault({ address, name, mount, namespace, token }: VaultKey): KeyProvider {
  const place = { address, key: name, mount, ...(namespace === undefined ? {} : { namespace }) };
  return openVaultKey({ ...place, token: () => revealed(token) });
}

/** The key in a few words, for `check` and for people. */
export function describeKey(key: AuditKey): string {
  if (key.kind === 'file') return `file ${key.file}`;
  if (key.kind === 'env') return `environment variable ${key.name}`;
  const away = `without it calls go on for ${key.awayMs / 60_000} minutes`;
  if (key.kind === 'kms') return `AWS KMS ${key.keyId} in ${key.region}; ${away}`;
  return `Vault ${key.address}, ${key.mount}/${key.name}; ${away}`;
}
