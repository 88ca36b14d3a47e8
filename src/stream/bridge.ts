import type { ReasonCode } from '../policy/reason.ts';
import type { JsonObject } from './json.ts';
import type { OpenMessage, ProtocolCodec } from './protocol.ts';

/** Something that a system of the practice does for the agent. `parameters` is a JSON Schema. */
export interface SessionTool {
  readonly name: string;
  readonly description: string;
  readonly parameters: JsonObject;
}

/** Who thinks or speaks behind a vendor that lets one choose: its dialect, its model, and where it is, if not there. */
export interface Provider {
  readonly type: string;
  readonly model: string;
  readonly voice: string | undefined;
  readonly endpoint: { readonly url: string; readonly headers: Readonly<Record<string, string>> } | undefined;
}

/**
 * What a route wants of the sessions that a bridge opens: words of the practice, never of a call. Whom it names is judged
 * when the configuration is loaded and before each call.
 */
export interface Session {
  readonly instructions: string | undefined;
  /** What the agent says first. Without it the caller speaks first. */
  readonly greeting: string | undefined;
  /** Language of the talk, a BCP 47 tag. */
  readonly language: string | undefined;
  readonly voice: string | undefined;
  readonly model: string | undefined;
  /** Model that writes down what the caller says. */
  readonly transcriptionModel: string | undefined;
  readonly thinks: Provider | undefined;
  readonly speaks: Provider | undefined;
  /** Pause after which the caller's turn is over, milliseconds. */
  readonly silenceMs: number | undefined;
  /** After so long the vendor ends a session where that is a setting there, milliseconds. */
  readonly longestMs?: number | undefined;
  /** Of a text model: how freely it chooses its words, 0 to 2. */
  readonly temperature?: number | undefined;
  /** Of a text model: tokens of one answer. */
  readonly answerTokens?: number | undefined;
  readonly tools: readonly SessionTool[];
}

/** Functions that chaperone itself carries out; every vendor that takes tools is told of them. */
export const ownTools = {
  endCall: {
    name: 'end_call',
    description: 'Ends the telephone call. Use it once the caller has said goodbye or nothing is left to do.',
    parameters: { type: 'object', properties: {} },
  },
  transfer: {
    name: 'transfer_to_person',
    description:
      'Gives the call to a person of the practice. Use it whenever the caller asks for one or you cannot help.',
    parameters: { type: 'object', properties: {} },
  },
} as const satisfies Readonly<Record<string, SessionTool>>;

export function toolsOf({ tools }: Session): readonly SessionTool[] {
  return [...Object.values(ownTools), ...tools];
}

/** A function that the agent calls; `input` is JSON as the vendor gave it, judged like every other text of it. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly input: string;
}

/** What the practice's system said to a {@link ToolCall}. */
export interface ToolAnswer {
  readonly id: string;
  readonly output: string;
}

/** Something that is being said, of which the caller has heard only the first `heardMs` milliseconds. */
export interface Unheard {
  readonly item: string;
  readonly heardMs: number;
}

/**
 * The call as the vendor's side of a bridge sees it. Nothing here calls back before it returns. Audio is mu-law, 8,000
 * samples a second, one channel; in text it is base64, bytes `from` to `to` of `data`.
 */
export interface BridgedCall {
  readonly session: Session;
  /** The session is as it was demanded: the voice of the caller may flow, from its beginning. */
  ready(): void;
  /** Audio for the caller; `item` names what is being said. */
  play(item: string, data: Buffer, from: number, to: number): void;
  playBytes(item: string, mulaw: Buffer): void;
  /** All audio of what is being said was given. */
  spoken(): void;
  /** The caller broke in: what was not heard will not be. Empty where all was heard. */
  interrupt(): readonly Unheard[];
  /** Says something of the practice's configuration: judged for whom it names, its words stay as they are. */
  configure(message: JsonObject): void;
  /** Says something of the call: judged and redacted like a message of an app. */
  tell(message: JsonObject): void;
  callTool(call: ToolCall): void;
  /** The vendor no longer wants the answers to these calls. */
  forgetTools(ids: readonly string[]): void;
  /** Calls of tools that wait for their answer. */
  readonly waitingTools: number;
  /** The vendor will end the session in so many milliseconds. */
  expire(inMs: number): void;
  /** The session cannot go on; a human takes the call. */
  fail(reason: ReasonCode): void;
}

/** What one vendor makes of a call: its words for what every vendor can do. */
export interface VendorSide {
  /** The caller's voice as the vendor takes it; undefined when nothing is to be sent yet. */
  carry(data: Buffer, from: number, to: number): Buffer | undefined;
  /** Audio of the vendor that was proven to be nothing else. */
  onAudio(data: Buffer, from: number, to: number): void;
  /** Any other message of the vendor, after the stages. */
  onMessage(message: OpenMessage): void;
  /** The answer to a call of a tool. `speak`: the agent is to speak to it now. */
  answer(answer: ToolAnswer, speak: boolean): void;
  /** Digits that the caller typed, where the vendor may know them. */
  typed(digits: string): void;
  /** Has the agent say this sentence of the practice, as far as the vendor can be made to. */
  say(sentence: string): void;
  /** Every 100 ms or so. `now` is monotonic milliseconds. */
  onTick?(now: number): void;
}

/** What every bridge is. */
interface BridgeBase {
  readonly vendor: ProtocolCodec;
  /** What a configuration must say for it: parameters of the URL, keys of the route and of its session. */
  readonly needs: {
    readonly query: readonly string[];
    readonly route: readonly 'model'[];
    readonly session: readonly ('instructions' | 'think' | 'speak')[];
  };
  /** The messages that open a session. */
  setup(session: Session): readonly JsonObject[];
}

/** How a caller on Twilio Media Streams speaks with one vendor. */
export interface VoiceBridge extends BridgeBase {
  readonly caller: 'twilio-media-streams';
  /** How the vendor is reached: over a socket, or with a request for each answer. */
  readonly over: 'wss';
  /** The caller's voice goes in binary frames. */
  readonly binary: boolean;
  /** The vendor ends a session after so long, milliseconds; infinite where it sets no end. */
  readonly sessionMs: number;
  /** Close codes with which the vendor says that the agent ended the call. */
  readonly goodbyes: ReadonlySet<number>;
  begin(call: BridgedCall): VendorSide;
}

/** One contribution to a talk with a text model, as the model may see it. */
export type Turn =
  | { readonly by: 'caller'; readonly text: string }
  | { readonly by: 'agent'; readonly text: string; readonly calls: readonly ToolCall[] }
  | { readonly by: 'tool'; readonly answer: ToolAnswer };

/** A piece of a call of a tool, in the order of the calls. */
export interface ToolCallPiece {
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly input: string;
}

/** What one message of a text model says. */
export interface ModelPiece {
  /** Names the answer that it belongs to; empty where the model gives none. */
  readonly answer: string;
  /** As the model wrote it, and as the caller may hear it; either may come later than the other. */
  readonly written: string;
  readonly spoken: string;
  readonly calls: readonly ToolCallPiece[];
  /** The answer is complete, was withheld by the vendor, or failed. Undefined: it goes on. */
  readonly end: 'complete' | 'withheld' | 'failed' | undefined;
}

/** How a caller on Twilio ConversationRelay, where speech is text already, speaks with a model of text. */
export interface TextBridge extends BridgeBase {
  readonly caller: 'twilio-conversation-relay';
  readonly over: 'https';
  /** The message that asks for an answer to a talk. */
  ask(session: Session, talk: readonly Turn[]): JsonObject;
  /** The words of the leg for what is no message of the vendor: an answer is given up, an answer has ended. */
  readonly cancel: string;
  readonly done: string;
  /** A message of the vendor after the stages, with the bytes that it came in; undefined where it says nothing. */
  hear(message: OpenMessage, data: Buffer): ModelPiece | undefined;
  /** Where in a message that asks stands what was said last. */
  lastText(message: OpenMessage): string;
}

export type Bridge = VoiceBridge | TextBridge;

/** A bridge, and what the route wants of its sessions. */
export interface BridgedRoute<Kind extends Bridge = Bridge> {
  readonly bridge: Kind;
  readonly session: Session;
}
