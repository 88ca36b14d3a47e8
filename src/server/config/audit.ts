import { hostname } from 'node:os';
import type { z } from 'zod';
import { isLoopbackHost } from '../../policy/vendors.ts';
import type { AnchorSettings, AuditKey, AuditSettings, AwsPlace, AwsSource } from '../audit-settings.ts';
import type { Environment } from '../config.ts';
import { Secret } from '../secret.ts';
import { mapping, secret, text, url, whole, yesOrNo } from './fields.ts';
import type { NamedFiles } from './files.ts';

/** The block `audit`: the log, its key, who vouches for it elsewhere, how long it is kept. */
export type AuditShape = z.output<ReturnType<typeof auditSchema>>;
type KeyShape = AuditShape['key'];
type AwsShape = Pick<KeyShape, 'region' | 'endpoint' | 'credentials_file' | 'profile'>;

export function auditSchema(environment: Environment) {
  return mapping({
    directory: text('the path of a folder').default('./audit').describe('Folder of the audit log.'),
    store: secret(environment, 'the address of a PostgreSQL database, postgres://...')
      .optional()
      .describe('Several replicas write to this database instead of a folder. Use ${NAME}: it holds a password.'),
    replica: text('a short name', /^[A-Za-z0-9][\w.-]{0,62}$/u)
      .optional()
      .describe('Name of this replica in the database; without it that of the machine. No two may share it.'),
    origin: text('1 to 200 visible characters without +', /^[\u0021-\u002A\u002C-\u007E]{1,200}$/u)
      .optional()
      .describe('Name under which checkpoints are signed; without it that of the log which is there.'),
    key: keySchema(environment).describe('The key that seals what identifies a person. Keep it apart from the log.'),
    anchors: anchorsSchema(environment).describe('Who keeps checkpoints outside of this machine.'),
    retention: retentionSchema().describe('What is forgotten when. A legal hold stops it.'),
  })
    .prefault({})
    .describe('The audit log.');
}

function keySchema(environment: Environment) {
  const name = text('the name of a variable', /^[A-Za-z_]\w*$/u);
  return mapping({
    file: text('the path of a key file').optional().describe('File that holds the key, readable by its owner alone.'),
    env: name.optional().describe('Environment variable with the key.'),
    kms: text('the id, ARN or alias of a key', /^[\w:/-]+$/u)
      .optional()
      .describe('A symmetric key of AWS KMS.'),
    ...awsFields(environment),
    vault: service(environment).optional().describe('Address of HashiCorp Vault.'),
    name: text('the name of a key', /^[\w.-]+$/u)
      .optional()
      .describe('Name of an aes256-gcm96 key of the transit engine.'),
    mount: text('the path of the engine', /^[\w./-]+$/u)
      .optional()
      .describe('Where the transit engine is mounted; transit by default.'),
    namespace: text('a namespace', /^[\w./-]+$/u)
      .optional()
      .describe('Namespace of Vault Enterprise.'),
    token: secret(environment, 'a token of Vault')
      .optional()
      .describe('Use ${NAME}, not the token itself; without it VAULT_TOKEN.'),
    token_file: text('the path of a file')
      .optional()
      .describe('Or the file that holds it, such as the sink of an agent.'),
    away_minutes: whole(0, 1440, 'minutes')
      .optional()
      .describe('How long new calls are taken while the service does not answer; 60 by default.'),
  }).prefault({ file: './keys/chaperone.key' });
}

/** A service that is asked over HTTP: encrypted, but for an agent on this machine. */
function service(environment: Environment): z.ZodType<string, string> {
  const wanted = 'an https:// address without a user name or password in it; http:// only to this very machine';
  return url(environment, ['https:', 'http:'], wanted).refine(
    (value) => new URL(value).protocol === 'https:' || isLoopbackHost(new URL(value).hostname),
    { error: wanted },
  );
}

function awsFields(environment: Environment) {
  return {
    region: text('a region such as us-east-1', /^[a-z]{2}(?:-[a-z]+)+-\d$/u)
      .optional()
      .describe('Region; without it that of the ARN, or AWS_REGION.'),
    endpoint: service(environment)
      .optional()
      .describe('Another address than that of the region, such as a VPC endpoint.'),
    credentials_file: text('the path of a file')
      .optional()
      .describe('File of credentials as AWS tools write it; without it the usual variables and places.'),
    profile: text('the name of a profile')
      .optional()
      .describe('Profile in that file; without it AWS_PROFILE, or default.'),
  };
}

function anchorsSchema(environment: Environment) {
  const s3 = mapping({
    bucket: text('the name of a bucket', /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/u).describe('A bucket with Object Lock.'),
    ...awsFields(environment),
    prefix: text('a prefix such as glow/', /^[\w./-]+\/$/u)
      .optional()
      .describe('Names of the objects start with it; ends with a slash.'),
    retain_days: whole(1, 36_500, 'days')
      .default(2222)
      .describe('Days for which nobody can delete one; it cannot be made shorter afterwards.'),
  });
  const witness = mapping({
    url: service(environment).describe('Where it takes checkpoints.'),
    key: text('the verifier key of a witness: name+id+key').describe('Its public key, as it publishes it.'),
  });
  return mapping({
    log: yesOrNo().default(true).describe("Into the platform's own log, a line each."),
    s3: s3.optional().describe('Objects in compliance mode, which nobody can change.'),
    witness: witness.optional().describe('A C2SP tlog-witness.'),
    every_minutes: whole(1, 1440, 'minutes').default(60).describe('Shortest time between two for one anchor.'),
    alarm_hours: whole(1, 720, 'hours').default(24).describe('An anchor that kept nothing for longer is reported.'),
    strict: yesOrNo().default(false).describe('Then no new call is taken either.'),
  }).prefault({});
}

function retentionSchema() {
  return mapping({
    records_years: whole(6, 100, 'years, for 45 CFR 164.316(b)(2)(i),')
      .default(6)
      .describe('Records are kept so long and 30 days; state law may want more.'),
    content_days: whole(31, 36_500, 'days')
      .optional()
      .describe('What is encrypted becomes unreadable after so long, by whole months; by default with its record.'),
    hour: whole(0, 23, 'hours').default(3).describe('Hour of the day at the practice in which this is done.'),
  }).prefault({});
}

const minuteMs = 60_000;
const hourMs = 3_600_000;
const defaultAwayMinutes = 60;

/** The settings behind a block in which no fault was found. */
export function auditOf(shape: AuditShape, files: NamedFiles, environment: Environment): AuditSettings {
  const { records_years: recordsYears, content_days: contentDays, hour } = shape.retention;
  return {
    directory: files.path(shape.directory),
    store: storeOf(shape),
    origin: shape.origin,
    key: keyOf(shape.key, files, environment),
    anchors: anchorsOf(shape.anchors, files, environment),
    retention: { recordsYears, contentDays, hour },
  };
}

function storeOf({ store, replica }: AuditShape): AuditSettings['store'] {
  return store === undefined ? undefined : { url: new Secret(store), replica: replica ?? hostname() };
}

function keyOf(key: KeyShape, files: NamedFiles, environment: Environment): AuditKey {
  const awayMs = (key.away_minutes ?? defaultAwayMinutes) * minuteMs;
  if (key.kms !== undefined) {
    return { kind: 'kms', keyId: key.kms, ...awsPlace(key, files, environment, key.kms), awayMs };
  }
  if (key.vault !== undefined) {
    const { name = '', mount = 'transit', namespace, token_file: tokenFile } = key;
    const token = new Secret(key.token ?? environment['VAULT_TOKEN'] ?? '');
    const given = tokenFile === undefined ? token : { file: files.path(tokenFile) };
    return { kind: 'vault', address: key.vault, name, mount, namespace, token: given, awayMs };
  }
  if (key.file !== undefined) return { kind: 'file', file: files.path(key.file) };
  const name = key.env ?? '';
  return { kind: 'env', name, value: new Secret(environment[name] ?? '') };
}

function anchorsOf(anchors: AuditShape['anchors'], files: NamedFiles, environment: Environment): AnchorSettings {
  const { log, s3, witness, strict } = anchors;
  return {
    log,
    s3: s3 && {
      bucket: s3.bucket,
      prefix: s3.prefix,
      retainDays: s3.retain_days,
      ...awsPlace(s3, files, environment),
    },
    witness,
    everyMs: anchors.every_minutes * minuteMs,
    alarmMs: anchors.alarm_hours * hourMs,
    strict,
  };
}

function awsPlace(shape: AwsShape, files: NamedFiles, environment: Environment, arn?: string): AwsPlace {
  const region = shape.region ?? regionOf(environment, arn) ?? '';
  return { region, endpoint: shape.endpoint, credentials: awsSource(shape, files, environment) };
}

/** The region that is meant where none is given. */
export function regionOf(environment: Environment, arn = ''): string | undefined {
  const named = /^arn:[^:]+:kms:([a-z0-9-]+):/u.exec(arn)?.[1];
  return named ?? (environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'] || undefined);
}

const containerHost = 'http://169.254.170.2';

/** The order of AWS's own tools: what is named, the environment, the container's endpoint, the file at home. */
function awsSource(shape: AwsShape, files: NamedFiles, environment: Environment): AwsSource {
  const value = (name: string): string | undefined => environment[name] || undefined;
  const profile = shape.profile ?? value('AWS_PROFILE') ?? 'default';
  if (shape.credentials_file !== undefined) return { kind: 'file', file: files.path(shape.credentials_file), profile };
  const [accessKeyId, secretAccessKey] = [value('AWS_ACCESS_KEY_ID'), value('AWS_SECRET_ACCESS_KEY')];
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    const session = value('AWS_SESSION_TOKEN');
    const sessionToken = session === undefined ? undefined : new Secret(session);
    return { kind: 'environment', accessKeyId, secretAccessKey: new Secret(secretAccessKey), sessionToken };
  }
  const path = value('AWS_CONTAINER_CREDENTIALS_RELATIVE_URI');
  const container = value('AWS_CONTAINER_CREDENTIALS_FULL_URI') ?? (path && `${containerHost}${path}`);
  if (container !== undefined) return { kind: 'container', url: container, token: containerToken(environment) };
  const home = `${environment['HOME'] ?? ''}/.aws/credentials`;
  return { kind: 'file', file: value('AWS_SHARED_CREDENTIALS_FILE') ?? home, profile };
}

function containerToken(environment: Environment): Secret | { readonly file: string } | undefined {
  const file = environment['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'];
  if (file) return { file };
  const token = environment['AWS_CONTAINER_AUTHORIZATION_TOKEN'];
  return token ? new Secret(token) : undefined;
}
