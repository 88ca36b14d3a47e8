import type { KindClearance } from '../../policy/clearance.ts';
import { phiKinds } from '../../policy/phi/kinds.ts';
import type { Speaker } from '../../policy/phi/recognizer.ts';
import { undecided } from '../../policy/phi/redact.ts';
import type { Call } from '../../stream/call.ts';
import { bounds } from './limits.ts';

/** How a tap is read. */
export const tapKinds = ['sse', 'websocket', 'webhook'] as const;
export type TapKind = (typeof tapKinds)[number];

/** A call as those need it who read along. */
export interface HeardCall {
  readonly ref: string;
  readonly route: string;
  /** E.164, once it is known; never shown. */
  readonly caller: string | undefined;
}

/** The same of a call that is carried here: it may learn its caller later. */
export function heardCall(call: Call): HeardCall {
  const { ref, route } = call.facts;
  return {
    ref,
    route,
    get caller() {
      return call.caller;
    },
  };
}

/** Something said in a call. */
export interface Heard {
  /** Counts the utterances of a call from 1. */
  readonly number: number;
  readonly speaker: Speaker;
  readonly stream: {
    /** What a clearance lets through; undefined where nobody had asked for this one yet. */
    shownTo(clearance: KindClearance): string | undefined;
  };
}

/** One line of a transcript, as parties of one clearance may see it. */
export interface TapLine {
  /** Counts the lines of this process; the same line has the same number for every clearance. */
  readonly number: number;
  /** Names the line for ever: it is the same when the line is delivered again. */
  readonly id: string;
  readonly call: HeardCall;
  readonly final: boolean;
  readonly json: string;
}

/** Where a line stands among all others. */
export interface LinePlace {
  readonly number: number;
  readonly id: string;
  /** Counts the lines of the call from 1. */
  readonly sequence: number;
  /** Wall-clock milliseconds. */
  readonly at: number;
}

/** The line of something said: nothing of it comes from the signalling, all of it is `shown`, what a clearance lets through. */
export function lineOf(
  call: HeardCall,
  { number: utterance, speaker }: Heard,
  final: boolean,
  shown: string,
  place: LinePlace,
): TapLine {
  const { number, id, sequence: seq, at } = place;
  const text = shortened(shown);
  const { ref, route } = call;
  const kind = final ? 'final' : 'interim';
  const json = JSON.stringify({
    id,
    call: ref,
    route,
    utterance,
    speaker,
    kind,
    text,
    at: new Date(at).toISOString(),
    seq,
  });
  return { number, id, call, final, json };
}

function shortened(text: string): string {
  return text.length <= bounds.lineCharacters ? text : `${text.slice(0, bounds.lineCharacters)}${undecided}`;
}

/** The same text for the same clearance. */
export function clearanceKey(clearance: KindClearance): string {
  return phiKinds.map((kind) => clearance[kind]).join();
}
