import type { StoredLog } from './anchor.ts';
import { readBreaks } from './breaks.ts';
import { isSigned, parseNote } from './checkpoint.ts';
import type { LogDescription } from './description.ts';
import { readIfPresent, type FileLayer } from './durable.ts';
import type { Layout } from './layout.ts';
import type { Sink } from './sink.ts';

/** What the anchors are asked about. Records that a repair gave up with consent are known to be missing. */
export async function storedLog(
  files: FileLayer,
  layout: Layout,
  { sink, description }: { readonly sink: Sink; readonly description: LogDescription },
): Promise<StoredLog> {
  const note = await readIfPresent(files, layout.checkpoint);
  const breaks = await readBreaks(files, layout, description.keys);
  const givenUp = typeof breaks === 'string' ? [] : breaks.all.map(({ signed }) => signed);
  return {
    size: Math.max(sink.tail.frontier.size, ...givenUp),
    note: note?.toString('utf8'),
    isOwn: (text) => {
      const parsed = parseNote(text);
      return parsed !== undefined && isSigned(parsed, description.keys);
    },
  };
}
