import { createEngine } from '../../src/policy/phi/engine.ts';
import type { TextStream } from '../../src/policy/phi/stream.ts';
import { profiles } from '../../src/policy/profiles/index.ts';
import { FrameContent } from '../../src/stream/frame-content.ts';
import { Way } from '../../src/stream/protocol.ts';
import { protocols } from '../../src/stream/protocols/index.ts';
import { textFrames } from './texts.ts';
import { frameFromCaller, frameFromVendor, promptFrame, prompts, streamOpening } from './frames.ts';
import { Samples } from './ledger.ts';

/** Time of one operation in this process, without sockets. */
export interface Timing {
  readonly what: string;
  readonly meanUs: number;
  readonly p50Us: number;
  readonly p99Us: number;
  /** Heap taken for each operation; the resolution of the heap counter is a few bytes. */
  readonly bytesPerRun: number;
}

interface Operation {
  readonly what: string;
  /** Operations timed as one, where a single one is too short for the clock. Quantiles are then of such groups. */
  readonly group: number;
  readonly run: (index: number) => void;
}

export function timings(short: boolean): Timing[] {
  const groups = short ? 500 : 5000;
  const small = [...audioOperations(), ...textOperations()].map((operation) => timed(operation, groups));
  const messages = textFrames().map(({ what, send }) => timed({ what, group: 1, run: send }, groups / 5));
  return [...small, ...messages];
}

/** What happens to a media frame on its way, against what a proxy that parses does to it. */
function audioOperations(): Operation[] {
  const { streamSid } = streamOpening(0);
  const prover = protocols['twilio-media-streams'].prover();
  prover.bind(streamSid);
  const [toVendor, toCaller] = [frameFromCaller(streamSid, 411, 0), frameFromVendor(streamSid, 411, 0)];
  const prove = (way: Way, frame: Buffer) => (): void => {
    if (!prover.proves(way, frame, false)) throw new Error('A media frame was not proven audio');
  };
  const mask = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);
  const wire = Buffer.concat([Buffer.alloc(4), mask, toVendor.map((byte, index) => byte ^ (mask[index % 4] ?? 0))]);
  const content = new FrameContent();
  const proveWire = (): void => {
    content.hold(wire, 8, wire.length, true);
    if (!prover.provesFrame(Way.toVendor, content, false)) throw new Error('A media frame was not proven audio');
  };
  const sizes = { toVendor: toVendor.length, toCaller: toCaller.length };
  return [
    {
      what: `media frame to the vendor, ${sizes.toVendor} bytes: proven audio`,
      group: 100,
      run: prove(Way.toVendor, toVendor),
    },
    {
      what: `media frame to the caller, ${sizes.toCaller} bytes: proven audio`,
      group: 100,
      run: prove(Way.toCaller, toCaller),
    },
    { what: 'the first of them as it lies on the wire, like the one before', group: 100, run: proveWire },
    { what: 'the first of them parsed and serialised instead', group: 100, run: () => reserialise(toVendor) },
  ];
}

function reserialise(frame: Buffer): void {
  const again = Buffer.from(JSON.stringify(JSON.parse(frame.toString('utf8'))));
  if (again.length !== frame.length) throw new Error('A frame changed its length');
}

/** The text path without its sockets, at the clearance of a med spa's vendor. */
function textOperations(): Operation[] {
  const engine = createEngine();
  const clearance = profiles.medspa.clearances.vendor;
  const turn = (): TextStream => engine.conversation().utterance('caller', clearance);
  return [
    { what: 'a turn of 300 characters, final', group: 1, run: (index) => void turn().restate(promptAt(index), true) },
    {
      what: 'a growing partial of it, 150 characters',
      group: 1,
      run: (index) => void turn().restate(promptAt(index).slice(0, 150), false),
    },
    { what: 'one word of it as a delta', group: 1, run: wordByWord(turn) },
    { what: 'its frame parsed and sealed again, nothing redacted', group: 1, run: parseAndSeal },
  ];
}

function promptAt(index: number): string {
  return prompts[index % prompts.length] ?? '';
}

/** Each run pushes the next word; the run after the last one ends the turn and begins another. */
function wordByWord(begin: () => TextStream): () => void {
  let [open, words, turns] = [begin(), wordsOf(0), 0];
  return () => {
    const word = words.shift();
    if (word === undefined) {
      open.flush();
      turns++;
      [open, words] = [begin(), wordsOf(turns)];
    } else open.push(word);
  };
}

function wordsOf(index: number): string[] {
  return promptAt(index).match(/\S+\s*/gu) ?? [];
}

const promptFrames = prompts.map((_, index) => promptFrame(index));

function parseAndSeal(index: number): void {
  const frame = promptFrames[index % promptFrames.length];
  const message = frame && protocols['twilio-conversation-relay'].open(Way.toVendor, frame, false);
  if (typeof message !== 'object') throw new Error('A prompt could not be read');
  message.seal();
}

function timed({ what, group, run }: Operation, groups: number): Timing {
  for (let index = 0; index < groups; index++) run(index);
  const samples = new Samples();
  for (let at = 0; at < groups; at++) {
    const startedAt = performance.now();
    for (let index = 0; index < group; index++) run(at * group + index);
    samples.add(((performance.now() - startedAt) / group) * 1000);
  }
  const { p50, p99 } = samples.spread();
  return { what, meanUs: samples.mean(), p50Us: p50, p99Us: p99, bytesPerRun: allocated(run, group * 20) };
}

/** The least of a few tries in which nothing was collected. */
function allocated(run: (index: number) => void, count: number): number {
  const tries = Array.from({ length: 10 }, () => {
    const before = process.memoryUsage().heapUsed;
    for (let index = 0; index < count; index++) run(index);
    return process.memoryUsage().heapUsed - before;
  });
  return Math.min(...tries.filter((bytes) => bytes >= 0)) / count;
}
