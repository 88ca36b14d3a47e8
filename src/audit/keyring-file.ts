import { hasStrings, isObject, parseObject } from './json.ts';

/** What a caller's file under `keys/dir` holds. Deleting it makes the caller unreadable and unknown for ever. */
export interface SubjectFile {
  readonly sid: string;
  readonly epochs: readonly { readonly month: string; readonly kid: string; readonly wrapped: string }[];
}

/** What `sys.json` holds: the log's own keys under a key that the provider wrapped. */
export interface SystemFile {
  readonly version: 1;
  readonly provider: string;
  readonly kek: string;
  readonly system: string;
  readonly index: string;
  readonly signing: string;
}

/** The content of a caller's file, or undefined when it is damaged. */
export function parseSubjectFile(content: string): SubjectFile | undefined {
  const file = parseObject(content);
  if (file === undefined || !hasStrings(file, 'sid') || !Array.isArray(file['epochs'])) return undefined;
  const epochs = file['epochs'].filter(isEpoch);
  return epochs.length === file['epochs'].length ? { sid: file.sid, epochs } : undefined;
}

function isEpoch(value: unknown): value is SubjectFile['epochs'][number] {
  return isObject(value) && hasStrings(value, 'month', 'kid', 'wrapped');
}

/** The content of `sys.json`, or undefined when it is damaged. */
export function parseSystemFile(content: string): SystemFile | undefined {
  const file = parseObject(content);
  if (file?.['version'] !== 1 || !hasStrings(file, 'provider', 'kek', 'system', 'index', 'signing')) return undefined;
  const { provider, kek, system, index, signing } = file;
  return { version: 1, provider, kek, system, index, signing };
}
