import { hasStrings, isObject, parseObject, type JsonObject } from './json.ts';

/** One month's key of a caller. */
export interface Epoch {
  /** `2026-11`. */
  readonly month: string;
  /** Names the key without telling it: first 8 bytes of its SHA-256, hex. */
  readonly kid: string;
  /** Names the key that wraps it. */
  readonly kek: string;
  readonly wrapped: string;
}

/** What the store holds of a caller. Erasing it makes the caller unreadable and unknown for ever. */
export interface SubjectFile {
  /** The random reference that stands in the log. */
  readonly sid: string;
  readonly epochs: readonly Epoch[];
}

/** A key-encryption key of the log, wrapped by the provider. */
export interface WrappedKek {
  readonly id: string;
  readonly wrapped: string;
}

/** What `sys.json` holds: the log's own keys. */
export interface SystemFile {
  readonly version: 1;
  readonly provider: string;
  readonly kek: WrappedKek;
  /** The key before it, while callers' keys are being wrapped anew. */
  readonly before: WrappedKek | undefined;
  readonly system: string;
  readonly index: string;
  readonly signing: string;
  /** The seed that signs next, while the signing key is being replaced. */
  readonly nextSigning: string | undefined;
}

/** The content of a caller's file, or undefined when it is damaged. */
export function parseSubjectFile(content: string): SubjectFile | undefined {
  const file = parseObject(content);
  if (file === undefined || !hasStrings(file, 'sid') || !Array.isArray(file['epochs'])) return undefined;
  const epochs = file['epochs'].filter(isEpoch);
  return epochs.length === file['epochs'].length ? { sid: file.sid, epochs } : undefined;
}

function isEpoch(value: unknown): value is Epoch {
  return isObject(value) && hasStrings(value, 'month', 'kid', 'kek', 'wrapped');
}

/** The content of `sys.json`, or undefined when it is damaged. */
export function parseSystemFile(content: string): SystemFile | undefined {
  const file = parseObject(content);
  if (file?.['version'] !== 1 || !hasStrings(file, 'provider', 'system', 'index', 'signing')) return undefined;
  const { provider, system, index, signing } = file;
  const { kek, before, nextSigning } = file;
  if (nextSigning !== undefined && typeof nextSigning !== 'string') return undefined;
  if (!isKek(kek) || (before !== undefined && !isKek(before))) return undefined;
  return { version: 1, provider, kek, before, system, index, signing, nextSigning };
}

function isKek(value: unknown): value is JsonObject & WrappedKek {
  return isObject(value) && hasStrings(value, 'id', 'wrapped');
}
