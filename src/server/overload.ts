import { totalmem } from 'node:os';
import { performance } from 'node:perf_hooks';
import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8';

/** When new calls go to a human because those in progress need what is left. */
export interface OverloadLimits {
  /** Share of its one core that this process may be busy, 0 to 1. At 1 it never counts as too busy. */
  readonly busy: number;
  /** Lateness of its timers, milliseconds: a frame that waits as long has been heard as a gap. */
  readonly lagMs: number;
  /** Memory of the process, bytes; left out: most of its container, or of the machine. */
  readonly memoryBytes: number | undefined;
}

/**
 * How often the lateness of a timer is looked at, milliseconds. Each look wakes up the process, and what holds it up may
 * come at round times.
 */
const lookMs = 70;
/** After so many looks, about once a second, the load is judged. */
const looksPerSample = 14;

/** So many samples in a row must be too high: a burst of a second is no overload, and the start of a process is one. */
const samplesInARow = 3;

/** Node collects garbage late; the rest is for the buffers of the calls in progress. */
const usableShare = 0.85;

/** What a process may use where nobody says: most of its container, or of the machine. */
export function usableMemoryBytes(): number {
  const constrained = process.constrainedMemory();
  const total = totalmem();
  return Math.floor(usableShare * (constrained > 0 ? Math.min(constrained, total) : total));
}

/** Of the room for lasting objects: above the first, no new calls; above the second, calls in progress are given up. */
const fullHeap = 0.95;
const exhaustedHeap = 0.98;

/**
 * Share of the room for lasting objects that is taken, 0 to 1. At 1 Node ends the process, and every call with it. The heap
 * limit that V8 tells counts the room for young objects in, which nothing lasting can use: in a small container that is a
 * good part of it.
 */
function heapShare(): number {
  const youngUsed = getHeapSpaceStatistics().reduce(
    (sum, { space_name: name, space_used_size: used }) => (name.startsWith('new_') ? sum + used : sum),
    0,
  );
  return (getHeapStatistics().used_heap_size - youngUsed) / lastingBytes();
}

/** Room for lasting objects: what `--max-old-space-size` sets. */
export function lastingBytes(): number {
  return getHeapStatistics().heap_size_limit - youngBytes;
}

const mebibyte = 2 ** 20;

/** V8 keeps three semi-spaces for young objects, and does not tell how large: 16 MiB each, from its version 13 on 64. */
const youngBytes = 3 * semiSpaceMiB() * mebibyte;

function semiSpaceMiB(): number {
  const flags = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' ');
  const asked = /--max[-_]semi[-_]space[-_]size[= ](\d+)/u.exec(flags)?.[1];
  return asked === undefined ? (Number.parseInt(process.versions.v8, 10) < 13 ? 16 : 64) : Number(asked);
}

/**
 * What a second may add in new calls: half of those for which there seems to be room, for placing one costs more than
 * carrying it; and so many in any case, for what a call costs is not known of the first ones.
 */
const shareOfRoom = 0.5;
const newCallsInAnyCase = 50;

export interface LoadSources {
  /** Calls in progress, and those that are being admitted. */
  readonly calls: () => number;
  readonly heapShare: () => number;
  /** Called once a second while the heap is nearly exhausted. */
  readonly onExhausted: () => void;
}

/** Looks once a second at how busy the process is, and at how many calls. */
export class LoadGauge {
  readonly #limits: () => OverloadLimits;
  readonly #sources: LoadSources;
  /** How late each look since the last sample was, milliseconds. */
  readonly #lateMs: number[] = [];
  #lookedAt = 0;
  readonly #usableBytes = usableMemoryBytes();
  #last = performance.eventLoopUtilization();
  #tooHigh = 0;
  #busy = 0;
  /** Calls at the last look, and how many there may be until the next one. */
  #calls = 0;
  #mostCalls = newCallsInAnyCase;
  #timer: NodeJS.Timeout | undefined;

  constructor(limits: () => OverloadLimits, sources: Partial<LoadSources> = {}) {
    this.#limits = limits;
    this.#sources = { calls: () => 0, heapShare, onExhausted: () => undefined, ...sources };
  }

  /** Share of the last second in which the process did something, 0 to 1. */
  get busy(): number {
    return this.#busy;
  }

  /** True while a new call would be heard in the calls in progress. */
  get overloaded(): boolean {
    const memoryBytes = this.#limits().memoryBytes ?? this.#usableBytes;
    if (this.#tooHigh >= samplesInARow || process.memoryUsage.rss() > memoryBytes) return true;
    if (this.#limits().busy < 1 && this.#sources.calls() >= this.#mostCalls) return true;
    return this.#sources.heapShare() > fullHeap;
  }

  start(): void {
    this.#lookedAt = performance.now();
    this.#timer = setInterval(() => this.#look(performance.now()), lookMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(now: number): void {
    this.#lateMs.push(Math.max(0, now - this.#lookedAt - lookMs));
    this.#lookedAt = now;
    if (this.#lateMs.length === looksPerSample) this.#sample();
  }

  #sample(): void {
    const { busy, lagMs } = this.#limits();
    const now = performance.eventLoopUtilization();
    this.#busy = performance.eventLoopUtilization(now, this.#last).utilization;
    this.#last = now;
    const lateMs = this.#lateMs.splice(0).toSorted((one, other) => one - other)[looksPerSample / 2] ?? 0;
    this.#expect(busy);
    const tooHigh = (busy < 1 && this.#busy > busy) || lateMs > lagMs;
    this.#tooHigh = tooHigh ? this.#tooHigh + 1 : 0;
    if (this.#sources.heapShare() > exhaustedHeap) this.#sources.onExhausted();
  }

  /** How many calls may be there before the next look: a crowd is inside before it is heard. */
  #expect(busy: number): void {
    const calls = this.#sources.calls();
    const meanCalls = (this.#calls + calls) / 2;
    const room = meanCalls === 0 ? 0 : ((busy - this.#busy) / this.#busy) * meanCalls;
    this.#calls = calls;
    this.#mostCalls = calls + Math.max(newCallsInAnyCase, shareOfRoom * room);
  }
}
