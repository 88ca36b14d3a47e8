import { isObject, type JsonObject } from '../json.ts';
import type { KeyProvider } from '../key-provider.ts';
import { answered, askKeyService } from '../key-service.ts';

export interface VaultOptions {
  /** `https://vault.example:8200`. */
  readonly address: string;
  /** Name of an aes256-gcm96 key of the transit engine. */
  readonly key: string;
  /** Where the engine is mounted. */
  readonly mount?: string;
  readonly token: () => Promise<string>;
  readonly namespace?: string;
  /** ms. */
  readonly timeout?: number;
}

/** HashiCorp Vault's transit engine. The log's origin is the associated data of the encryption. */
export function openVaultKey(options: VaultOptions): KeyProvider {
  const { address, key, mount = 'transit', namespace, timeout = 5_000 } = options;
  const source = `the Vault transit key ${mount}/${key}`;
  const ask = async (action: 'encrypt' | 'decrypt', content: object): Promise<JsonObject> => {
    const url = new URL(`/v1/${mount}/${action}/${encodeURIComponent(key)}`, address);
    const headers = {
      'content-type': 'application/json',
      'x-vault-token': await options.token(),
      ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }),
    };
    const { data } = await askKeyService({ source, url, headers, body: Buffer.from(JSON.stringify(content)), timeout });
    return isObject(data) ? data : {};
  };
  const bound = (context: string): object => ({ associated_data: Buffer.from(context).toString('base64') });
  return {
    name: 'vault',
    source,
    remote: true,
    wrap: async (plain, context) =>
      answered(await ask('encrypt', { plaintext: plain.toString('base64'), ...bound(context) }), 'ciphertext', source),
    unwrap: async (wrapped, context) =>
      Buffer.from(
        answered(await ask('decrypt', { ciphertext: wrapped, ...bound(context) }), 'plaintext', source),
        'base64',
      ),
  };
}
