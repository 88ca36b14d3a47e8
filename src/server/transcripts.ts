import { z } from 'zod';
import type { KindClearance } from '../policy/clearance.ts';
import type { Engine } from '../policy/phi/engine.ts';
import type { Conversation, TextStream } from '../policy/phi/stream.ts';

const frame = z.object({
  call: z.string(),
  turn: z.union([z.string(), z.number()]),
  speaker: z.enum(['caller', 'agent']),
  kind: z.enum(['delta', 'interim', 'final']),
  text: z.string(),
  seq: z.number(),
  last: z.boolean().optional(),
});
const end = z.object({ call: z.string(), end: z.literal(true) });
const line = z.union([frame, end]);

type FrameIn = z.output<typeof frame>;

/** A frame that may leave: its text holds no identifier, as far as the engine recognises them. */
export interface FrameOut {
  readonly turn: string | number;
  readonly speaker: FrameIn['speaker'];
  readonly kind: FrameIn['kind'];
  readonly text: string;
  readonly seq: number;
}

interface OpenTurn {
  readonly stream: TextStream;
  frame: FrameIn;
}

interface OpenCall {
  readonly conversation: Conversation;
  readonly turns: Map<string | number, OpenTurn>;
}

/** Calls remembered at once; the one that began first is forgotten for one more. */
const openCalls = 1_000;

/** Transcripts of many calls, frame by frame and in order, through the engine that the relay uses. */
export class TranscriptRedactor {
  readonly #engine: Engine;
  readonly #clearance: KindClearance;
  readonly #calls = new Map<string, OpenCall>();

  constructor(engine: Engine, clearance: KindClearance) {
    this.#engine = engine;
    this.#clearance = clearance;
  }

  /** What may leave after one JSON line; undefined when the line is not what the contract says. */
  take(text: string): readonly FrameOut[] | undefined {
    const parsed = line.safeParse(parse(text));
    if (!parsed.success) return undefined;
    return 'end' in parsed.data ? this.#end(parsed.data.call) : this.#frame(parsed.data);
  }

  #frame(input: FrameIn): FrameOut[] {
    const call = this.#call(input.call);
    const before = this.#closeOthers(call, input);
    const turn = call.turns.get(input.turn) ?? {
      stream: call.conversation.utterance(input.speaker, this.#clearance),
      frame: input,
    };
    call.turns.set(input.turn, turn);
    turn.frame = input;
    const text = redacted(turn.stream, input);
    if (input.kind === 'final' || input.last === true) call.turns.delete(input.turn);
    return [...before, ...shown(input, text)];
  }

  /** A turn that the same speaker left for another one has ended: what it held goes out first. */
  #closeOthers(call: OpenCall, input: FrameIn): FrameOut[] {
    const frames: FrameOut[] = [];
    for (const [turn, open] of call.turns) {
      if (turn === input.turn || open.frame.speaker !== input.speaker) continue;
      frames.push(...rest(open));
      call.turns.delete(turn);
    }
    return frames;
  }

  #call(name: string): OpenCall {
    const known = this.#calls.get(name);
    if (known !== undefined) return known;
    const [oldest] = this.#calls.keys();
    if (oldest !== undefined && this.#calls.size >= openCalls) this.#calls.delete(oldest);
    const call = { conversation: this.#engine.conversation(), turns: new Map<string | number, OpenTurn>() };
    this.#calls.set(name, call);
    return call;
  }

  #end(name: string): FrameOut[] {
    const call = this.#calls.get(name);
    this.#calls.delete(name);
    return call === undefined ? [] : [...call.turns.values()].flatMap(rest);
  }
}

function redacted(stream: TextStream, { kind, text, last }: FrameIn): string {
  if (kind !== 'delta') return stream.restate(text, kind === 'final');
  const released = stream.push(text);
  return last === true ? released + stream.flush() : released;
}

/** What a turn that ends without its last delta still holds. Of an interim nothing is held: its final never came. */
function rest({ stream, frame: input }: OpenTurn): FrameOut[] {
  return input.kind === 'delta' ? shown(input, stream.flush()) : [];
}

/** A delta of which everything is held leaves no frame; an interim or a final always has one. */
function shown({ turn, speaker, kind, seq }: FrameIn, text: string): FrameOut[] {
  return kind === 'delta' && text === '' ? [] : [{ turn, speaker, kind, text, seq }];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
