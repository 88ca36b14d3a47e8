import { readFrame, writeFrame } from '../../../src/audit/frame.ts';
import { segmentStarts } from '../../../src/audit/layout.ts';
import type { VerifyOptions } from '../../../src/audit/verify.ts';
import type { Disk } from './disk.ts';

/** The log that is forged: several closed segments, and records behind the newest checkpoint. */
export interface Target {
  readonly disk: Disk;
  /** The disk when the log held fewer records. */
  readonly older: Disk;
  /** The same log after a repair, with a segment aside and records behind the break. */
  readonly repaired: Disk;
  /** The same log after its signing key was replaced. */
  readonly rotated: Disk;
  /** The newest note, kept outside. */
  readonly anchor: string;
  readonly vkey: string;
  /** Signs as the log does: for notes that were truly signed and then misused. */
  readonly sign: (size: number, root: Buffer) => string;
}

export interface Forgery {
  readonly name: string;
  /** What `verify` must say. */
  readonly sentence: RegExp;
  readonly exitCode: 2 | 3 | 4 | 5;
  /** Which log is forged; else the one of {@link Target.disk}. */
  readonly of?: 'repaired' | 'rotated';
  forge(target: Target): void;
  /** What the verifier was given beside the log. */
  readonly given?: (target: Target) => VerifyOptions;
}

export const directory = '/log';
export const notesPath = `${directory}/checkpoints.log`;
export const notePath = `${directory}/checkpoint`;
export const descriptionPath = `${directory}/log.json`;

/** Paths of the segments, in order. */
export function segmentPaths(disk: Disk): string[] {
  const names = disk.paths().filter((path) => path.startsWith(`${directory}/seg/`));
  const starts = segmentStarts(names.map((path) => path.slice(`${directory}/seg/`.length)));
  return starts.map((first) => `${directory}/seg/${first.toString(16).padStart(16, '0')}.cal`);
}

/** The segment number `at`; negative from the end. */
export function segmentPath(disk: Disk, at: number): string {
  const path = segmentPaths(disk).at(at);
  if (path === undefined) throw new Error(`There is no segment ${at}`);
  return path;
}

/** The JSON texts of a segment. */
export function bodiesOf(bytes: Buffer): string[] {
  const bodies: string[] = [];
  for (let offset = 0; offset < bytes.length;) {
    const frame = readFrame(bytes, offset);
    if (typeof frame === 'string') throw new Error(frame);
    bodies.push(frame.body.toString('utf8'));
    offset = frame.next;
  }
  return bodies;
}

/** Frames of these bodies, whatever they say. */
export function framed(bodies: readonly string[]): Buffer {
  return Buffer.concat(bodies.map((body) => writeFrame(body).bytes));
}

const previous = /"p":"[A-Za-z0-9+/]{43}="/;

/** Frames of these bodies, numbers and hashes put right from the first on: what someone without a key can do. */
export function rechained(bodies: readonly string[], first: number): Buffer {
  const frames: Buffer[] = [];
  let before = previous.exec(bodies[0] ?? '')?.[0] ?? '';
  for (const [at, body] of bodies.entries()) {
    const placed = body.replace(/^\{"n":\d+/, `{"n":${first + at}`).replace(previous, () => before);
    const { bytes, leaf } = writeFrame(placed);
    frames.push(bytes);
    before = `"p":"${leaf.toString('base64')}"`;
  }
  return Buffer.concat(frames);
}

/** Changes the bodies of one segment and frames them as `how` says. */
export function changeBodies(
  disk: Disk,
  at: number,
  how: (bodies: readonly string[], first: number) => Buffer,
  change: (bodies: string[]) => readonly string[],
): void {
  const path = segmentPath(disk, at);
  const first = Number.parseInt(path.slice(-20, -4), 16);
  disk.put(path, how(change(bodiesOf(disk.bytes(path))), first));
}

/** Changes one body of a list. */
export function changeOne(at: number, change: (body: string) => string): (bodies: string[]) => readonly string[] {
  return (bodies) => bodies.map((body, index) => (index === at ? change(body) : body));
}

/** Changes bytes of a file. */
export function changeBytes(disk: Disk, path: string, change: (bytes: Buffer) => Buffer): void {
  disk.put(path, change(disk.bytes(path)));
}

/** Changes the newest note in both of its places. */
export function changeNewestNote(disk: Disk, change: (note: string) => string): void {
  const newest = disk.bytes(notePath).toString('utf8');
  const all = disk.bytes(notesPath).toString('utf8');
  disk.put(notePath, Buffer.from(change(newest)));
  disk.put(notesPath, Buffer.from(all.slice(0, all.length - newest.length) + change(newest)));
}

/** Where a record of a segment begins. */
export function startOf(all: Buffer, record: number): number {
  let at = 0;
  for (let line = 0; line < record; line += 1) at = all.indexOf('\n', at) + 1;
  return at;
}
