import type { NameForm } from '../policy/nested.ts';
import type { JsonObject } from './json.ts';
import type { Shape } from './shape.ts';
import { Kind, type CredentialPlace, type Known, type Parting, type QueryRule, type Way } from './protocol.ts';
import type { Condition, NameRule, TextRule, Wordless } from './rules.ts';

type ByWay<Value> = Readonly<Record<keyof typeof Way, Value>>;
type ByPath<Value> = Readonly<Record<string, Value>>;

/**
 * A protocol as a table. Paths are written `channel.alternatives[].transcript`, `start.customParameters.*`; what no rule
 * names is scanned as text, so an incomplete table costs time and never words.
 */
export interface ProtocolSpec {
  readonly name: string;
  readonly tell: ByWay<Tell>;
  /** Path of the stream's id and of the running number, where messages bear them. */
  readonly stream?: string;
  readonly sequence?: string;
  readonly starts?: true;
  readonly continuous?: true;
  /** Keys may come in camel case, as the table has them, or in snake case. */
  readonly snake?: true;
  /** What a binary frame is, by way. */
  readonly binary: ByWay<'refused' | 'audio' | 'json'>;
  /** What audio in text frames looks like, by way. */
  readonly audio?: Partial<ByWay<readonly Shape[]>>;
  /** Keys that hold no words wherever they stand. */
  readonly wordless: Readonly<Record<string, Wordless>>;
  readonly messages: ByWay<Readonly<Record<string, MessageSpec>>>;
  /** Text frames that are no JSON: bare words of command. */
  readonly commands?: Partial<ByWay<readonly string[]>>;
  /** Parameters of the URL under which the vendor is dialled. What stands in no list is text. */
  readonly query?: Readonly<Record<string, QueryRule>>;
  /** Where the SDKs of the vendor go, for routes whose caller is an app of the practice. */
  readonly entrance?: EntranceSpec;
  /** The one part that is no table: what is said at the end by whoever takes the call from the AI. */
  readonly parting?: () => Parting;
}

export interface EntranceSpec {
  readonly paths: readonly string[];
  readonly credential?: CredentialPlace;
  readonly needs?: readonly string[];
  readonly headers?: readonly string[];
  readonly inMessages?: readonly string[];
}

/**
 * How messages are told apart: by the string under `field`; where that is missing, by a key of `keys` that is there, or
 * as `otherwise`. In a `union` every key is a message of its own and several may come in one frame, or one `beside` them.
 */
export type Tell =
  | { readonly field: string; readonly keys?: readonly string[]; readonly otherwise?: string }
  | { readonly union: true; readonly beside: readonly string[] };

export interface MessageSpec {
  readonly kind: Kind;
  /** Strings that hold words, in the order in which they are to be read. */
  readonly text?: ByPath<TextRule>;
  /** Strings of which the protocol says what they are. */
  readonly known?: ByPath<Known>;
  readonly wordless?: ByPath<Wordless>;
  /** Values that name somebody behind the receiver: judged, not recognised. */
  readonly names?: ByPath<NameForm | NameRule>;
  /** Lists that repeat words in a form that cannot be redacted; emptied unless the receiver may see everything. */
  readonly dropped?: readonly string[];
  /** Objects whose keys an app or a model has chosen: there, no key is known to hold no words. */
  readonly free?: readonly string[];
  readonly start?: StartSpec;
  readonly early?: true;
  readonly ends?: true;
  /** Utterances that this message cuts short; what is held of them is dropped. */
  readonly cuts?: readonly string[];
  /** Utterances of this way that end with this message, if the condition holds. */
  readonly finishes?: readonly FinishRule[];
}

export interface FinishRule {
  readonly keys: readonly string[];
  /** All of the keys' utterances where it is missing. */
  readonly when?: Condition;
}

/** Where the facts of a start message stand. `caller` chooses by the direction of the call. */
export interface StartSpec {
  readonly callSid: string;
  readonly accountSid: string;
  readonly streamSid: string;
  readonly caller?: (message: JsonObject) => string | undefined;
}

/** Messages without words. */
export function controls(...types: readonly string[]): Readonly<Record<string, MessageSpec>> {
  return Object.fromEntries(types.map((type) => [type, { kind: Kind.Control }]));
}
