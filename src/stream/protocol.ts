import type { NameForm, NestedName } from '../policy/nested.ts';
import type { PhiKind } from '../policy/phi/kinds.ts';
import type { Speaker } from '../policy/phi/recognizer.ts';
import type { ReasonCode } from '../policy/reason.ts';
import type { FrameContent } from './frame-content.ts';
import type { Json } from './json.ts';

/** The two ways of a call. Never in/out/up/down. */
export const Way = { toVendor: 0, toCaller: 1 } as const;
export type Way = (typeof Way)[keyof typeof Way];
export const ways = [Way.toVendor, Way.toCaller] as const;
export const wayNames = ['toVendor', 'toCaller'] as const;

/** What a frame is, as far as the relay has to know. Only `Audio` is forwarded as it came. */
export const Kind = { Audio: 0, Control: 1, Text: 2, Config: 3, Unknown: 4 } as const;
export type Kind = (typeof Kind)[keyof typeof Kind];
export const kindNames = ['audio', 'control', 'text', 'config', 'unknown'] as const;

/**
 * How the text of a slot relates to the text before it with the same `key`:
 * `delta` is appended until `last`; `finish` gives the whole of what came as deltas and ends it; `cumulative` replaces
 * until `last`; `whole` is a complete utterance; `repeat` is a copy of finished text; `history` is one of many finished
 * texts that are sent again; `aside` stands outside the dialogue; `echo` is a label that comes back to the party that
 * chose it; `address` is a URL that the config stage judges; `hint` is a term to listen for.
 */
export type SlotMode =
  'delta' | 'finish' | 'cumulative' | 'whole' | 'repeat' | 'history' | 'aside' | 'echo' | 'address' | 'hint';

/**
 * What the protocol itself says of a string, so that nothing has to be recognised. Where the receiving party is not
 * cleared for `kind`, the string is replaced by a placeholder or by an alias of the same format, or the message is not sent.
 * `parameter` is a custom parameter: its name decides the kind.
 */
export interface Known {
  readonly kind: PhiKind | 'parameter';
  readonly instead: 'placeholder' | 'callAlias' | 'accountAlias' | 'nothing';
  /** It is the number of whoever the call is with, where the field at this path says so. */
  readonly callerWhen?: { readonly at: string; readonly is: string };
  /** It is only base64, of something that is let go, where one of these fields beside it begins so: the type of a sound. */
  readonly unless?: { readonly beside: readonly string[]; readonly begins: string };
}

/** One string of a message that may hold words, with where it stands. */
export interface Slot {
  /** Path as the table writes it, `channel.alternatives[].transcript`; empty for what the table does not name. */
  readonly path: string;
  /** The last key of the path: the name of a custom parameter. Never logged either. */
  readonly name: string;
  readonly mode: SlotMode;
  readonly speaker: Speaker;
  /** Names the utterance: slots with the same way and key belong together. */
  readonly key: string;
  /** The utterance ends with this message. */
  readonly last: boolean;
  /** The slot stands in no array, or at the end of it: where the text of a history may still change. */
  readonly atEnd: boolean;
  readonly known: Known | undefined;
  /** A message whose slot became empty because all of it is held says nothing any more and is not sent. */
  readonly silentWhenEmpty: boolean;
  /** A long pause ends the utterance. */
  readonly endsWithSilence: boolean;
  read(): string;
  write(text: string): void;
}

/** A parsed message. Whatever is sent is re-serialised from what was parsed: no parser difference can hide words. */
export interface OpenMessage {
  /** Name of the message in the protocol's table, or `unknown`: never a string of the peer. */
  readonly type: string;
  readonly kind: Kind;
  /** The strings that the protocol's table declares, in the order of the table. */
  readonly slots: readonly Slot[];
  /** Every other string that is not under a key known to hold no words, each as an `aside` slot. */
  sweep(): readonly Slot[];
  /** The facts a `start` or `setup` message brings, else undefined. */
  readonly start: StartFacts | undefined;
  /** The stream that the message names, where the protocol has such a field and the message bears it. */
  readonly stream: string | undefined;
  /** Running number that the peer gave the message; -1 where there is none. */
  readonly sequence: number;
  /** True for what a peer may send before the start of the stream. */
  readonly early: boolean;
  /** True where the protocol says with this message that the session ends as it should. */
  readonly ends: boolean;
  /** Names of the utterances that this message cuts short. */
  readonly cuts: readonly string[];
  /** Names of the utterances, of the same way, that end here without more text. */
  readonly finishes: readonly string[];
  /** Words and characters that repeat a text in pieces. */
  readonly lists: readonly PieceList[];
  /** Whom the message names behind its receiver, with the path where each stands. */
  readonly names: readonly NestedName[];
  /** True where it repeats text in a form that can only be dropped. */
  readonly repeats: boolean;
  /** The opcode that it came with and goes out with. */
  readonly binary: boolean;
  /** True when nothing is left to send; no refusal. */
  readonly withheld: boolean;
  withhold(): void;
  /** Empties what {@link repeats}. */
  drop(): void;
  /** Makes a field say what it must; with `always` also where the message lacks it. True: it did not. */
  demand(path: string, must: string | boolean | null, always: boolean): boolean;
  /** Takes a field out of the message itself. */
  remove(key: string): void;
  /** What stands at a plain path now, so after the stages what they have made of it. */
  field(path: string): Json | undefined;
  seal(): Buffer;
  /** A message of the same kind with this text in this slot and no other text. */
  solo(slot: Slot, text: string): Buffer;
}

/** A text in pieces, in order. `of` is the whole where the message has it as well. */
export interface PieceList {
  readonly of: Slot | undefined;
  readonly pieces: readonly Slot[];
}

/** What the first message says of the call. All of it identifies; none of it is logged in clear. */
export interface StartFacts {
  readonly callSid: string;
  readonly accountSid: string;
  readonly streamSid: string;
  readonly caller: string | undefined;
}

/** Proves audio frames of one call by walking their bytes. Allocates nothing for a frame. */
export interface AudioProver {
  /**
   * True where the bytes are exactly one audio frame of this call: only keys of the table, each once, only values of the
   * proven form. False says nothing about the frame: it is then parsed.
   */
  proves(way: Way, data: Buffer, binary: boolean): boolean;
  /** The same of a frame as it lies on the wire. Where the audio stands is not told. */
  provesFrame(way: Way, content: FrameContent, binary: boolean): boolean;
  /** From now on a frame must bear this stream id; before, no frame of a protocol with stream ids is proven. */
  bind(streamSid: string): void;
  /** Running number of the frame proven last; -1 where the protocol has none. */
  readonly sequence: number;
  /** Where the audio of the frame proven last begins and ends: base64 in a text frame, all of a binary one. */
  readonly payloadFrom: number;
  readonly payloadTo: number;
}

/**
 * A parameter of the vendor's URL: who it names; or that it is a key of the vendor, a secret that the vendor needs for somebody
 * else, free text, terms to listen for, or none of these.
 */
export type QueryRule = NameForm | 'secret' | 'passed' | 'text' | 'hint' | 'wordless';

/**
 * How the SDKs of a vendor reach it: what a route whose caller is an app of the practice takes from them. A header or a
 * parameter of the query that stands in no list is not passed on.
 */
export interface Entrance {
  /**
   * Paths of the upgrade. `{voice}` is any letters, digits, `_` and `-` inside one segment. A `{token}` is the token of whoever
   * comes, who can say it nowhere else: then only `{call}` goes on, as the last segment of the route's own path.
   */
  readonly paths: readonly string[];
  /** Where the vendor takes its key; undefined where the path itself is the secret. */
  readonly credential: CredentialPlace | undefined;
  /** Fields of a message in which an app may put the key. */
  readonly inMessages: readonly string[];
  /**
   * Parameters that an app has to give where they would say whom the vendor takes otherwise: the agent; a model that no message
   * names, where the agreement limits models.
   */
  readonly needs: readonly string[];
  /** Names of headers whose values the vendor is told: versions and variants of the protocol. Lower case. */
  readonly headers: readonly string[];
}

/** Where a call goes whose AI is done with it. */
export interface Onward {
  /** What is said first. */
  readonly say: string;
  /** E.164; undefined: nobody is dialled, and the call ends. */
  readonly dial: string | undefined;
}

/**
 * What chaperone itself says on the caller's leg of one call, where whoever is there holds the telephone call and moves it when it
 * is told to. It follows the call from its beginning: its words have to answer what was asked last.
 */
export interface Parting {
  /** A message of the caller's side that was understood. */
  heard(message: OpenMessage): void;
  /** A message that went to the caller's side. */
  told(message: OpenMessage): void;
  /** What is said when a human has to take the call. */
  begin(onward: Onward): Buffer;
  /** The answer to a message that comes after that; undefined: it wants none. */
  answer(message: OpenMessage, onward: Onward): Buffer | undefined;
}

/** A header, its value begun by the word of a scheme where there is one; or a parameter of the query. */
export type CredentialPlace = { readonly header: string; readonly scheme?: string } | { readonly parameter: string };

/** A protocol, compiled from its table at start. It does no I/O and never throws on any bytes. */
export interface ProtocolCodec {
  readonly name: string;
  /** True where a call begins with a message that names it, and nothing may be forwarded before. */
  readonly starts: boolean;
  /** True where the caller's side sends audio all the time, so that silence of 30 seconds is a fault. */
  readonly continuous: boolean;
  /** True where the voice of a caller goes to the vendor. */
  readonly hears: boolean;
  /** Types of the messages that the table knows, by way. */
  readonly messages: Readonly<Record<Way, readonly string[]>>;
  /** Paths at which messages may name somebody behind their receiver, by way. */
  readonly names: Readonly<Record<Way, readonly string[]>>;
  /** Parameters of the URL under which the vendor is dialled. */
  readonly query: Readonly<Record<string, QueryRule>>;
  /** How apps reach the vendor; undefined where none can. */
  readonly entrance: Entrance | undefined;
  /** How the caller's side is told to move a call; undefined where it is closed, and whoever is there sees to it. */
  readonly parting: (() => Parting) | undefined;
  prover(): AudioProver;
  /** Parses a frame that is not proven audio, within the limits of depth and size, or says why it cannot be. */
  open(way: Way, data: Buffer, binary: boolean): OpenMessage | ReasonCode;
}
