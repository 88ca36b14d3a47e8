import type { PhiKind } from '../policy/phi/kinds.ts';
import type { Speaker } from '../policy/phi/recognizer.ts';
import type { ReasonCode } from '../policy/reason.ts';

/** The two ways of a call. Never in/out/up/down. */
export const Way = { toVendor: 0, toCaller: 1 } as const;
export type Way = (typeof Way)[keyof typeof Way];

/** What a frame is, as far as the relay has to know. Only `Audio` is forwarded as it came. */
export const Kind = { Audio: 0, Control: 1, Text: 2, Config: 3, Unknown: 4 } as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/**
 * How the text of a slot relates to the text before it with the same `key`:
 * `delta` is appended until `last`; `cumulative` replaces until `last`; `whole` is complete; `repeat` is a copy of
 * finished text; `history` is an array of finished texts that is sent again.
 */
export type SlotMode = 'delta' | 'cumulative' | 'whole' | 'repeat' | 'history';

/** One string of a message that holds words, with where it stands. */
export interface Slot {
  readonly path: string;
  readonly mode: SlotMode;
  readonly speaker: Speaker;
  /** Names the utterance: slots with the same way and key belong together. */
  readonly key: string;
  readonly last: boolean;
  /** Set where the protocol says what the string is (a `from` is a PHONE): masked whole, without recognition. */
  readonly known: PhiKind | undefined;
  read(): string;
  write(text: string): void;
}

/** A parsed message. Whatever is sent is re-serialised from what was parsed: no parser difference can hide words. */
export interface OpenMessage {
  readonly type: string;
  /** The strings that the protocol's table declares. */
  readonly slots: readonly Slot[];
  /** Every other string that is not under a key known to hold no words, each as a `whole` slot. */
  sweep(): readonly Slot[];
  /** The facts a `start` or `setup` message brings, else undefined. */
  readonly start: StartFacts | undefined;
  /** True where the protocol says with this message that the vendor ends its part (a human or a hang-up follows). */
  readonly ends: boolean;
  seal(): Buffer;
}

/** What the first message says of the call. All of it identifies; none of it is logged in clear. */
export interface StartFacts {
  readonly callSid: string;
  readonly streamSid: string;
  readonly caller: string | undefined;
}

/** A protocol, compiled from its table at start. It does no I/O and never throws on any bytes. */
export interface ProtocolCodec {
  readonly name: string;
  /** `way` is where the frame is going. Proves `Audio` by walking the bytes; allocates nothing on that path. */
  classify(way: Way, data: Buffer, binary: boolean): Kind;
  /** Parses a frame that is not audio, within the limits of depth and size, or says why it cannot be. */
  open(way: Way, data: Buffer): OpenMessage | ReasonCode;
}
