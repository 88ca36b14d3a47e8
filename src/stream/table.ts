import type { JsonObject } from './json.ts';
import type { Shape } from './peek.ts';
import type { Kind, Known, Way } from './protocol.ts';
import type { TextRule, Wordless } from './slots.ts';

/**
 * A protocol as a table. Paths are written `channel.alternatives[].transcript`, `start.customParameters.*`; what no rule
 * names is scanned as text, so an incomplete table costs time and never words.
 */
export interface ProtocolSpec {
  readonly name: string;
  /** Path of the string that tells messages apart. */
  readonly discriminator: string;
  /** Path of the stream's id and of the running number, where messages bear them. */
  readonly stream?: string;
  readonly sequence?: string;
  readonly starts: boolean;
  readonly continuous: boolean;
  /** What a binary frame is, by way. */
  readonly binary: Readonly<Record<keyof typeof Way, 'refused' | 'audio'>>;
  /** What audio in text frames looks like, by way. */
  readonly audio: Readonly<Record<keyof typeof Way, readonly Shape[]>>;
  /** Keys that hold no words wherever they stand. */
  readonly wordless: Readonly<Record<string, Wordless>>;
  readonly messages: Readonly<Record<keyof typeof Way, Readonly<Record<string, MessageSpec>>>>;
}

export interface MessageSpec {
  readonly kind: Kind;
  /** Strings that hold words, in the order in which they are to be read. */
  readonly text?: Readonly<Record<string, TextRule>>;
  /** Strings of which the protocol says what they are. */
  readonly known?: Readonly<Record<string, Known>>;
  readonly wordless?: Readonly<Record<string, Wordless>>;
  /** Paths of URLs that the receiver loads. They are scanned as well. */
  readonly addresses?: readonly string[];
  readonly start?: StartSpec;
  readonly early?: true;
  readonly ends?: true;
  readonly cuts?: readonly string[];
}

/** Where the facts of a start message stand. `caller` chooses by the direction of the call. */
export interface StartSpec {
  readonly callSid: string;
  readonly accountSid: string;
  readonly streamSid: string;
  readonly caller?: (message: JsonObject) => string | undefined;
}
