import { join } from 'node:path';
import { readAt, type FileLayer } from '../../audit/durable.ts';
import { seal, unseal } from '../../audit/seal.ts';
import { bounds } from './limits.ts';

/** A line that waits for a webhook. */
export interface StoredLine {
  /** Reference of the call. */
  readonly call: string;
  readonly json: string;
}

/** A line by its index, and where it stands in the oldest file. */
export interface Position {
  readonly index: number;
  readonly offset: number;
}

/** A file of a queue: sealed lines, one a text line, named after the index of its first. */
export interface Segment {
  readonly first: number;
  lines: number;
  /** Up to the end of its last whole line. */
  bytes: number;
  /** When its newest line came, wall-clock milliseconds. */
  newestAt: number;
}

/** The key of a queue and its name, which is bound to every line: a line of another queue is no line of this one. */
export interface LineSeal {
  readonly key: Buffer;
  readonly name: string;
}

const segmentName = /^(\d{16})\.queue$/u;
const lineFeed = 0x0a;

/** An index as it stands in names: their order is the order of the lines. */
export function indexText(index: number): string {
  return String(index).padStart(16, '0');
}

export function segmentPath(directory: string, { first }: Pick<Segment, 'first'>): string {
  return join(directory, `${indexText(first)}.queue`);
}

/** What an earlier process left. A line that was cut off at the end is none; a file without a line is removed. */
export async function readSegments(files: FileLayer, directory: string): Promise<Segment[]> {
  const segments: Segment[] = [];
  for (const name of (await files.list(directory)).sort()) {
    const first = Number(segmentName.exec(name)?.[1]);
    if (Number.isNaN(first)) continue;
    const path = segmentPath(directory, { first });
    const content = await files.readFile(path);
    const newestAt = (await files.facts(path))?.changed ?? 0;
    const [lines, bytes] = [lineEnds(content).length, content.lastIndexOf(lineFeed) + 1];
    if (lines === 0) await files.unlink(path);
    else segments.push({ first, lines, bytes, newestAt });
  }
  return segments;
}

export async function readSegment(files: FileLayer, path: string, offset: number, length: number): Promise<Buffer> {
  const file = await files.open(path, 'read');
  try {
    return await readAt(file, offset, length);
  } finally {
    await file.close();
  }
}

function lineEnds(bytes: Buffer): number[] {
  const ends: number[] = [];
  for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, end + 1)) ends.push(end);
  return ends;
}

/** Where line number `line` begins, counted from 0. */
export function offsetOfLine(bytes: Buffer, line: number): number {
  return (lineEnds(bytes)[line - 1] ?? -1) + 1;
}

/**
 * The position in the file that says up to where lines are delivered. One that was lost, or is of a time before or after
 * the files, becomes one that leaves nothing out.
 */
export function deliveredTo(content: Buffer | undefined, segments: readonly Segment[]): number {
  const written = content?.toString('latin1').trim() ?? '';
  const index = /^\d{16}$/u.test(written) ? Number(written) : 0;
  const [oldest] = segments;
  const newest = segments.at(-1);
  if (oldest === undefined || newest === undefined) return index;
  return Math.min(Math.max(index, oldest.first), newest.first + newest.lines);
}

export function sealLine({ key, name }: LineSeal, { call, json }: StoredLine, index: number, nonce: Buffer): string {
  return `${seal(key, nonce, `${call} ${json}`, `${name}:${index}`)}\n`;
}

/** The oldest lines, up to the bounds of one delivery. */
export interface Batch {
  readonly lines: readonly StoredLine[];
  /** Where the queue begins when they are delivered. */
  readonly next: Position;
}

/** What stands at a position. A line that cannot be opened is counted and left out. */
interface Opened extends Batch {
  readonly damaged: number;
}

export function openLines({ key, name }: LineSeal, bytes: Buffer, from: Position): Opened {
  const lines: StoredLine[] = [];
  let damaged = 0;
  let start = 0;
  let { index } = from;
  for (const end of lineEnds(bytes)) {
    if (index - from.index >= bounds.batchLines || start > bounds.batchBytes) break;
    const plain = unseal(key, bytes.toString('latin1', start, end), `${name}:${index}`)?.toString('utf8');
    if (plain === undefined) damaged += 1;
    else lines.push({ call: plain.slice(0, plain.indexOf(' ')), json: plain.slice(plain.indexOf(' ') + 1) });
    index += 1;
    start = end + 1;
  }
  return { lines, damaged, next: { index, offset: from.offset + start } };
}

/** Lines in pieces of at most so many bytes, one line at least: no file becomes larger than its share of the queue. */
export function piecesOf(sealed: readonly string[], bytes: number): string[][] {
  const pieces: string[][] = [];
  let room = 0;
  for (const line of sealed) {
    const last = pieces.at(-1);
    if (last === undefined || line.length > room) {
      pieces.push([line]);
      room = bytes;
    } else last.push(line);
    room -= line.length;
  }
  return pieces;
}
