import type { Secret } from './secret.ts';

/** Where the audit log is, who holds its key, who vouches for it elsewhere, and how long it is kept. */
export interface AuditSettings {
  readonly directory: string;
  /** A database that several replicas write to, instead of the directory. */
  readonly store: StoreSettings | undefined;
  /** Undefined: that of the log which is there; of a new log, made from the public host. */
  readonly origin: string | undefined;
  readonly key: AuditKey;
  readonly anchors: AnchorSettings;
  readonly retention: RetentionSettings;
}

export interface StoreSettings {
  /** `postgres://…`: holds a password. */
  readonly url: Secret;
  /** The name of this replica: its log is that of the deployment's name, a slash and this. */
  readonly replica: string;
}

/** Where the key that seals the log comes from. */
export type AuditKey =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'env'; readonly name: string; readonly value: Secret }
  | (KmsKey & Away)
  | (VaultKey & Away);

/** A key of AWS KMS. */
export interface KmsKey extends AwsPlace {
  readonly kind: 'kms';
  /** Id, ARN or alias. */
  readonly keyId: string;
}

/** A key of Vault's transit engine. */
export interface VaultKey {
  readonly kind: 'vault';
  readonly address: string;
  readonly name: string;
  readonly mount: string;
  readonly namespace: string | undefined;
  /** Itself, or the file that holds it: read again for each request, so that an agent may renew it. */
  readonly token: Secret | { readonly file: string };
}

interface Away {
  /** How long new calls are taken while the service does not answer. */
  readonly awayMs: number;
}

/** A service of AWS, and as whom it is asked. */
export interface AwsPlace {
  readonly region: string;
  /** Another address than that of the region. */
  readonly endpoint: string | undefined;
  readonly credentials: AwsSource;
}

/** Where credentials for AWS come from. All but the environment are asked again for each request. */
export type AwsSource =
  | {
      readonly kind: 'environment';
      readonly accessKeyId: string;
      readonly secretAccessKey: Secret;
      readonly sessionToken: Secret | undefined;
    }
  | { readonly kind: 'file'; readonly file: string; readonly profile: string }
  /** The endpoint that ECS and EKS give a container, and what it wants to be shown. */
  | {
      readonly kind: 'container';
      readonly url: string;
      readonly token: Secret | { readonly file: string } | undefined;
    };

/** Who keeps checkpoints outside of this machine. */
export interface AnchorSettings {
  /** The platform's own log. */
  readonly log: boolean;
  readonly s3: S3Anchor | undefined;
  readonly witness: { readonly url: string; readonly key: string } | undefined;
  /** Shortest time between two checkpoints for one anchor. */
  readonly everyMs: number;
  /** An anchor that kept nothing for longer is reported. */
  readonly alarmMs: number;
  /** Then no new call is taken either. */
  readonly strict: boolean;
}

export interface S3Anchor extends AwsPlace {
  readonly bucket: string;
  /** Ends with `/`; undefined: the origin of the log, so that two logs never share one. */
  readonly prefix: string | undefined;
  readonly retainDays: number;
}

/** What is forgotten when, by a run each day. */
export interface RetentionSettings {
  readonly recordsYears: number;
  /** Undefined: encrypted content is kept as long as its record. */
  readonly contentDays: number | undefined;
  /** Hour of the day at the practice. */
  readonly hour: number;
}
