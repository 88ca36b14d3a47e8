import { signAwsRequest, type AwsCredentials } from '../aws-signature.ts';
import type { KeyProvider } from '../key-provider.ts';
import { answered, askKeyService } from '../key-service.ts';

export interface KmsOptions {
  /** Id, ARN or alias of a symmetric key. */
  readonly keyId: string;
  readonly region: string;
  readonly credentials: () => Promise<AwsCredentials>;
  /** Another address than that of the region, for VPC endpoints. */
  readonly endpoint?: string;
  /** ms UTC. */
  readonly now: () => number;
  /** ms. */
  readonly timeout?: number;
}

/**
 * AWS KMS. The encryption context is the log's origin: it is bound to the ciphertext and shows in CloudTrail in clear,
 * so it never holds PHI.
 */
export function openKmsKey(options: KmsOptions): KeyProvider {
  const { keyId, region, endpoint = `https://kms.${region}.amazonaws.com`, timeout = 5_000 } = options;
  const source = `the AWS KMS key ${keyId}`;
  const ask = async (action: 'Encrypt' | 'Decrypt', content: object): Promise<Record<string, unknown>> => {
    const url = new URL('/', endpoint);
    const body = Buffer.from(JSON.stringify({ KeyId: keyId, ...content }));
    const plain = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${action}` };
    const scope = { region, service: 'kms', credentials: await options.credentials(), now: options.now() } as const;
    const { host: _host, ...headers } = signAwsRequest({ method: 'POST', url, headers: plain, body }, scope);
    return askKeyService({ source, url, headers, body, timeout });
  };
  return {
    name: 'aws-kms',
    source,
    remote: true,
    wrap: async (key, context) => {
      const answer = await ask('Encrypt', { Plaintext: key.toString('base64'), EncryptionContext: { log: context } });
      return answered(answer, 'CiphertextBlob', source);
    },
    unwrap: async (wrapped, context) => {
      const answer = await ask('Decrypt', { CiphertextBlob: wrapped, EncryptionContext: { log: context } });
      return Buffer.from(answered(answer, 'Plaintext', source), 'base64');
    },
  };
}
