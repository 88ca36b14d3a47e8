import { parseObject, type JsonObject } from './json.ts';
import { AuditFault } from './log.ts';

export interface ServiceCall {
  /** What the service is called in messages. */
  readonly source: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** ms. */
  readonly timeout: number;
}

/**
 * Asks a key service. Rejects with `KEY_AWAY` when it does not answer or cannot, `KEY_WRONG` when it says that the key is
 * another, `KEY_REFUSED` for every other no. No message holds what was sent or what came back but the status.
 */
export async function askKeyService({ source, url, headers, body, timeout }: ServiceCall): Promise<JsonObject> {
  const signal = AbortSignal.timeout(timeout);
  const init = { method: 'POST', headers, body: new Uint8Array(body), redirect: 'error', signal } as const;
  const answer = await fetch(url, init).then(
    async (response) => ({ status: response.status, text: await response.text() }),
    (error: unknown) => {
      throw new AuditFault('KEY_AWAY', `${source} does not answer`, 75, error);
    },
  );
  const content = parseObject(answer.text);
  if (answer.status === 200 && content !== undefined) return content;
  if (answer.status >= 500 || answer.status === 429) {
    throw new AuditFault('KEY_AWAY', `${source} cannot answer now (status ${answer.status})`, 75);
  }
  if (isWrongKey(answer.text)) {
    throw new AuditFault('KEY_WRONG', `The key of ${source} does not open this log: give the key it was made with`, 78);
  }
  throw new AuditFault(
    'KEY_REFUSED',
    `${source} refuses (status ${answer.status}): check the key, its policy and the credentials`,
    78,
  );
}

/** AWS KMS names the fault by type; Vault writes a sentence. */
function isWrongKey(text: string): boolean {
  return /InvalidCiphertextException|IncorrectKeyException|message authentication failed|invalid ciphertext/.test(text);
}

/** The named string of an answer. Rejects with `KEY_REFUSED` when it is not there. */
export function answered(content: JsonObject, name: string, source: string): string {
  const value = content[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new AuditFault('KEY_REFUSED', `${source} answered without ${name}`, 78);
}
