import type { Unheard } from '../bridge.ts';
import { bounds } from '../limits.ts';

/** Bytes of mu-law that last one millisecond. */
const bytesPerMs = 8;

interface Piece {
  readonly item: string;
  /** Where it begins on the line. */
  readonly from: number;
}

/**
 * What the caller has heard. Audio is given faster than it is spoken and waits at the carrier; marks between it come back
 * when they are reached. Positions are milliseconds of audio given since the beginning of the call. Between two marks the
 * clock counts: the carrier plays without a pause what it has.
 */
export class Playback {
  private pieces: Piece[] = [];
  /** Marks on their way, with their positions. */
  private readonly marks = new Map<string, number>();
  private marked = 0;
  private given = 0;
  /** The last position that is known to have been heard, and when that was. */
  private known = 0;
  private knownAt = 0;
  private names = 0;

  /** Takes note of audio for the caller. True: a mark is due after it. */
  add(item: string, bytes: number, now: number): boolean {
    // The line was silent: the clock counts from here.
    if (this.heard(now) >= this.given) this.know(this.given, now);
    if (this.pieces.at(-1)?.item !== item) this.pieces.push({ item, from: this.given });
    if (this.pieces.length > bounds.unheardItems) this.pieces.shift();
    this.given += bytes / bytesPerMs;
    return this.given - this.marked >= bounds.markEveryMs;
  }

  /** The name of a mark for all that was given; undefined where one stands there already or too many are on their way. */
  mark(): string | undefined {
    if (this.marked === this.given || this.marks.size >= bounds.marks) return undefined;
    this.names = (this.names + 1) % (2 * bounds.marks);
    const name = `p${this.names}`;
    this.marks.set(name, this.given);
    this.marked = this.given;
    return name;
  }

  /** A mark of this name is on its way. */
  knows(name: string): boolean {
    return this.marks.has(name);
  }

  /** A mark has come back. Those from before an interruption come back unplayed and mean nothing. */
  reached(name: string, now: number): void {
    const position = this.marks.get(name);
    this.marks.delete(name);
    if (position !== undefined && position >= this.known) this.know(position, now);
  }

  /** What the caller broke into, the piece that was being spoken first; the carrier drops it. */
  interrupt(now: number): readonly Unheard[] {
    const heard = this.heard(now);
    const unheard = this.pieces.flatMap(({ item, from }, index) => {
      const to = this.pieces[index + 1]?.from ?? this.given;
      return to > heard ? [{ item, heardMs: Math.max(0, Math.floor(heard - from)) }] : [];
    });
    this.marks.clear();
    this.pieces = [];
    this.marked = this.given;
    this.know(this.given, now);
    return unheard;
  }

  /** True while the carrier may still have something to speak. */
  isBusy(now: number): boolean {
    return this.marks.size > 0 || this.heard(now) < this.given;
  }

  private heard(now: number): number {
    return Math.min(this.given, this.known + now - this.knownAt);
  }

  private know(position: number, now: number): void {
    this.known = position;
    this.knownAt = now;
    const current = this.pieces.findLastIndex(({ from }) => from <= position);
    this.pieces.splice(0, Math.max(0, current));
  }
}
