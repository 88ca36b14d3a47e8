import { openingOf } from './closed.ts';
import type { EventKind } from './event.ts';
import { isAbsent, readAt, type FileLayer, type OpenFile } from './durable.ts';
import { headerLength, readFrame, type Frame } from './frame.ts';
import { segmentPath, segmentStarts, type Layout } from './layout.ts';
import { readRecord, type RecordText } from './record.ts';
import { nextStart } from './tail.ts';
import { callKey, indexPath, kindKey, lookUp, subjectKey } from './segment-index.ts';

/** Which records are asked for: at least one of these. */
export interface Wanted {
  /** The random reference of a caller. */
  readonly subject?: string;
  readonly call?: string;
  /** One of the kinds that are not about a call. */
  readonly kind?: EventKind;
}

/** What most records take; a longer one is read a second time. */
const usualFrame = 1024;

/**
 * The records of one caller or call, in order, without reading the others: closed segments have an index, the open one
 * is searched. An index only says where to look; what is found there must be what was asked for.
 */
export async function* findRecords(files: FileLayer, layout: Layout, wanted: Wanted): AsyncGenerator<RecordText> {
  const starts = segmentStarts(await files.list(layout.segments));
  for (const [at, first] of starts.entries()) yield* findInSegment(files, layout, first, starts[at + 1], wanted);
}

/** The records of one segment. `next`: where the one after it starts; undefined for the open one. */
export async function* findInSegment(
  files: FileLayer,
  layout: Layout,
  first: number,
  next: number | undefined,
  wanted: Wanted,
): AsyncGenerator<RecordText> {
  const offsets = next === undefined ? undefined : await indexed(files, layout, first, next, wanted);
  const frames = offsets === undefined ? search(files, layout, first, wanted) : pick(files, layout, first, offsets);
  for await (const frame of frames) {
    const record = readRecord(frame.body);
    if (typeof record !== 'string' && isWanted(record, wanted) && isBefore(record, next)) yield record;
  }
}

/** A repair may have given up what stands at the end of a segment: the numbers go on with the next one. */
function isBefore({ members: { n: index } }: RecordText, next: number | undefined): boolean {
  return next === undefined || (typeof index === 'number' && index < next);
}

/** A stretch of time, ms UTC: from `from` on, before `to`. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** Every record of a time, in order; segments that are wholly older are not read. Stops where the bytes are no record. */
export async function* allRecords(
  files: FileLayer,
  layout: Layout,
  { from, to }: Period = { from: 0, to: Number.POSITIVE_INFINITY },
): AsyncGenerator<RecordText> {
  const starts = segmentStarts(await files.list(layout.segments));
  for (const [at, first] of starts.entries()) {
    const next = starts[at + 1];
    const after = next === undefined ? undefined : await openingOf(files, layout, next);
    if (typeof after === 'object' && after.time < from) continue;
    const bytes = await files.readFile(segmentPath(layout, first));
    for (const body of bodiesIn(bytes, next !== undefined)) {
      const record = readRecord(body);
      if (typeof record !== 'string' && isWithin(record, from, to) && isBefore(record, next)) yield record;
    }
  }
}

/** The whole records of a segment. Goes on behind what cannot be read only where nothing is written any more. */
function* bodiesIn(bytes: Buffer, isClosed: boolean): Generator<Buffer> {
  for (let offset = 0; offset < bytes.length;) {
    const frame = readFrame(bytes, offset);
    if (typeof frame !== 'string') yield frame.body;
    else if (!isClosed) return;
    offset = typeof frame === 'string' ? nextStart(bytes, offset) : frame.next;
  }
}

/** The JSON text of one record, or undefined where it is not in the log. */
export async function readBody(
  files: FileLayer,
  layout: Layout,
  starts: readonly number[],
  index: number,
): Promise<Buffer | undefined> {
  const at = starts.findLastIndex((start) => start <= index);
  const first = starts[at];
  if (first === undefined) return undefined;
  const bytes = await files.readFile(segmentPath(layout, first));
  const mark = `{"n":${index},`;
  for (const body of bodiesIn(bytes, starts[at + 1] !== undefined)) {
    if (body.toString('latin1', 0, mark.length) === mark) return body;
  }
  return undefined;
}

function isWithin({ members: { t: time } }: RecordText, from: number, to: number): boolean {
  return typeof time === 'number' && time >= from && time < to;
}

/** True for a record that is what was asked for. */
export function isWanted({ members }: RecordText, { subject, call, kind }: Wanted): boolean {
  return (
    (subject === undefined || members['s'] === subject) &&
    (call === undefined || members['c'] === call) &&
    (kind === undefined || members['k'] === kind)
  );
}

/** The narrowest of what is asked for, as the index names it and as it stands in a record. */
function narrowest({ subject, call, kind = 'log.genesis' }: Wanted): { readonly key: string; readonly mark: string } {
  if (subject !== undefined) return { key: subjectKey(subject), mark: `"s":${JSON.stringify(subject)}` };
  if (call !== undefined) return { key: callKey(call), mark: `"c":${JSON.stringify(call)}` };
  return { key: kindKey(kind), mark: `"k":${JSON.stringify(kind)}` };
}

async function indexed(
  files: FileLayer,
  layout: Layout,
  first: number,
  next: number,
  wanted: Wanted,
): Promise<number[] | undefined> {
  const opening = await openingOf(files, layout, next);
  if (typeof opening === 'string') return undefined;
  const file = await openIfPresent(files, indexPath(layout, first));
  if (file === undefined) return undefined;
  try {
    return await lookUp(file, opening.fileBefore, narrowest(wanted).key);
  } finally {
    await file.close();
  }
}

async function openIfPresent(files: FileLayer, path: string): Promise<OpenFile | undefined> {
  try {
    return await files.open(path, 'read');
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

async function* pick(
  files: FileLayer,
  layout: Layout,
  first: number,
  offsets: readonly number[],
): AsyncGenerator<Frame> {
  if (offsets.length === 0) return;
  const file = await files.open(segmentPath(layout, first), 'read');
  try {
    for (const offset of offsets) {
      const frame = await frameAt(file, offset);
      if (frame !== undefined) yield frame;
    }
  } finally {
    await file.close();
  }
}

async function frameAt(file: OpenFile, offset: number): Promise<Frame | undefined> {
  const bytes = await readAt(file, offset, usualFrame);
  const length = Number.parseInt(bytes.toString('latin1', 0, 8), 16);
  const whole =
    length + headerLength + 1 > bytes.length ? await readAt(file, offset, length + headerLength + 1) : bytes;
  const frame = readFrame(whole, 0);
  return typeof frame === 'string' ? undefined : frame;
}

/** Finds the lines that hold what is asked for, without reading the others as records. */
async function* search(files: FileLayer, layout: Layout, first: number, wanted: Wanted): AsyncGenerator<Frame> {
  const bytes = await files.readFile(segmentPath(layout, first));
  const { mark } = narrowest(wanted);
  for (let at = bytes.indexOf(mark); at >= 0;) {
    const start = bytes.lastIndexOf(0x0a, at) + 1;
    const frame = readFrame(bytes, start);
    if (typeof frame !== 'string') yield frame;
    at = bytes.indexOf(mark, typeof frame === 'string' ? at + 1 : frame.next);
  }
}
