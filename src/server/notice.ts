import { createHash } from 'node:crypto';

/** What the log keeps of a notice: which words they were, never the words. */
export function noticeDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The facts of `notice.given`: before the stream, or after the AI's part of the call. `sha256` is in hex. */
export function noticeFacts(route: string, at: 'start' | 'end', sha256: string): Readonly<Record<string, string>> {
  return { route, at, sha256 };
}
