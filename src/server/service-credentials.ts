import { readFile } from 'node:fs/promises';
import type { AwsCredentials } from '../audit/aws-signature.ts';
import { AuditFault } from '../audit/log.ts';
import type { AwsSource } from './audit-settings.ts';
import { Secret } from './secret.ts';

/** ms. */
const patience = 5_000;

/**
 * As whom AWS is asked. A file and the endpoint of a container are asked anew each time: what they give is short-lived.
 * Rejects with `SERVICE_CREDENTIALS`; no message holds what was read.
 */
export async function awsCredentials(source: AwsSource): Promise<AwsCredentials> {
  if (source.kind === 'file') return fromFile(source.file, source.profile);
  if (source.kind === 'container') return fromContainer(source.url, source.token);
  const { accessKeyId, secretAccessKey, sessionToken } = source;
  return credentials(accessKeyId, secretAccessKey.reveal(), sessionToken?.reveal());
}

async function fromFile(file: string, profile: string): Promise<AwsCredentials> {
  const content = await readFile(file, 'utf8').catch((error: unknown) => {
    const wanted = 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a credentials_file';
    throw refused(`There are no AWS credentials in the environment, and ${file} cannot be read: ${wanted}`, error);
  });
  const entries = profileOf(content, profile);
  const [id, secret] = [entries.get('aws_access_key_id'), entries.get('aws_secret_access_key')];
  if (id !== undefined && secret !== undefined) return credentials(id, secret, entries.get('aws_session_token'));
  throw refused(`The file ${file} has no profile [${profile}] with aws_access_key_id and aws_secret_access_key`);
}

/** The entries of one section of an INI file, as the tools of AWS write it. */
function profileOf(content: string, profile: string): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  let section = '';
  for (const line of content.split('\n').map((raw) => raw.trim())) {
    const equals = line.indexOf('=');
    const [name, value] = [line.slice(0, equals).trimEnd(), line.slice(equals + 1).trimStart()];
    if (line.startsWith('[') && line.endsWith(']')) section = line.slice(1, -1).trim();
    else if (section === profile && equals > 0 && /^[a-z_]+$/u.test(name) && /^\S*$/u.test(value))
      entries.set(name, value);
  }
  return entries;
}

async function fromContainer(
  url: string,
  token: Secret | { readonly file: string } | undefined,
): Promise<AwsCredentials> {
  const authorization = token === undefined ? undefined : await revealed(token);
  const answer: unknown = await fetch(url, {
    headers: authorization === undefined ? {} : { authorization },
    redirect: 'error',
    signal: AbortSignal.timeout(patience),
  }).then(
    (response) => (response.ok ? response.json() : undefined),
    (error: unknown) => {
      throw refused('The endpoint that gives this container its AWS credentials does not answer', error);
    },
  );
  const [id, secret, session] = ['AccessKeyId', 'SecretAccessKey', 'Token'].map((name): unknown =>
    Reflect.get(Object(answer), name),
  );
  if (typeof id === 'string' && typeof secret === 'string') {
    return credentials(id, secret, typeof session === 'string' ? session : undefined);
  }
  throw refused('The endpoint that gives this container its AWS credentials gave none');
}

/** A secret, or what stands in the file that holds it now. Rejects with `SERVICE_CREDENTIALS` where it cannot be read. */
export async function revealed(secret: Secret | { readonly file: string }): Promise<string> {
  if (secret instanceof Secret) return secret.reveal();
  const content = await readFile(secret.file, 'utf8').catch((error: unknown) => {
    throw refused(`The token file ${secret.file} cannot be read`, error);
  });
  return content.trim();
}

function credentials(accessKeyId: string, secretAccessKey: string, sessionToken: string | undefined): AwsCredentials {
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

function refused(sentence: string, cause?: unknown): AuditFault {
  return new AuditFault('SERVICE_CREDENTIALS', sentence, 78, cause);
}
