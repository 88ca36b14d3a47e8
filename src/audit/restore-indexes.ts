import type { Breaks } from './breaks.ts';
import type { FileLayer } from './durable.ts';
import { segmentPath, type Layout } from './layout.ts';
import { indexPath, IndexBuilder, writeIndex } from './segment-index.ts';
import { sha256 } from './tree.ts';

/** Makes the indexes of closed segments anew that are missing: a search would else read those segments whole. */
export async function restoreIndexes(
  files: FileLayer,
  layout: Layout,
  starts: readonly number[],
  breaks: Breaks,
): Promise<void> {
  const present = new Set(await files.list(layout.indexes));
  for (const first of starts.slice(0, -1)) {
    const name = indexPath(layout, first).slice(layout.indexes.length + 1);
    // Where records are lost the segment itself is searched.
    if (present.has(name) || breaks.damageOf(first) !== undefined) continue;
    const bytes = await files.readFile(segmentPath(layout, first));
    const index = new IndexBuilder();
    index.addSegment(bytes);
    await writeIndex(files, layout, first, index.bytes(sha256(bytes).toString('hex')));
  }
}
