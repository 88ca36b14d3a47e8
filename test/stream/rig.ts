import type { AuditEvent } from '../../src/audit/event.ts';
import { clearanceOf, type KindClearance } from '../../src/policy/clearance.ts';
import type { HandoffRules } from '../../src/policy/handoff.ts';
import type { NestedScope } from '../../src/policy/nested.ts';
import type { Conversation } from '../../src/policy/phi/stream.ts';
import type { ReasonCode } from '../../src/policy/reason.ts';
import type { BridgedRoute, ToolCall } from '../../src/stream/bridge.ts';
import { createCall, type Call, type CallFacts } from '../../src/stream/call.ts';
import { defaultLimits, type RelayLimits } from '../../src/stream/limits.ts';
import { Way, type ProtocolCodec } from '../../src/stream/protocol.ts';
import { createRelay } from '../../src/stream/call-relay.ts';
import type { Relay } from '../../src/stream/relay.ts';

export const aliases = { callSid: `CA${'a'.repeat(32)}`, accountSid: `AC${'a'.repeat(32)}` };

export const facts: CallFacts = {
  ref: 'call-1',
  route: 'front-desk',
  vendor: 'acme-voice',
  caller: undefined,
  expectedCallSid: undefined,
  expectedAccountSid: undefined,
  aliases,
  policy: 'p'.repeat(64),
};

export interface Sent {
  readonly way: Way;
  readonly data: Buffer;
  readonly binary: boolean;
}

/** A relay between two legs that keep what they get. */
export interface Rig {
  readonly relay: Relay;
  readonly call: Call;
  readonly sent: Sent[];
  /** Frames that went on as they came. */
  readonly forwarded: { readonly way: Way; readonly frame: Buffer }[];
  readonly events: AuditEvent[];
  readonly endings: ReasonCode[];
  /** What a reader who may see nothing was told: `1 caller: text`, with `...` after what is not final. */
  readonly told: string[];
  /** Tools that were asked for. */
  readonly asked: ToolCall[];
  /** Ways whose source is paused now. */
  readonly paused: Set<Way>;
  /** Ways whose receiver takes no more. */
  readonly full: Set<Way>;
  /** Advances when text is looked at, by whoever sets it. */
  clock: number;
  proves(way: Way, data: Buffer): boolean;
}

export interface RigOptions {
  readonly conversation: Conversation;
  readonly vendor?: KindClearance;
  readonly caller?: KindClearance;
  readonly limits?: Partial<RelayLimits>;
  readonly strict?: boolean;
  readonly nested?: NestedScope;
  readonly facts?: Partial<CallFacts>;
  readonly bridge?: BridgedRoute;
  readonly handoff?: HandoffRules;
}

export function startRelay(codec: ProtocolCodec, options: RigOptions): Rig {
  const call = createCall({ ...facts, ...options.facts });
  const sent: Sent[] = [];
  const events: AuditEvent[] = [];
  const endings: ReasonCode[] = [];
  const told: string[] = [];
  const asked: ToolCall[] = [];
  const forwarded: Rig['forwarded'] = [];
  const paused = new Set<Way>();
  const full = new Set<Way>();
  const forwardOn = (way: Way) => (frame: Buffer) => {
    forwarded.push({ way, frame });
    return !full.has(way);
  };
  const relay = createRelay({
    call,
    codec,
    conversation: options.conversation,
    clearances: { vendor: options.vendor ?? clearanceOf('mask'), caller: options.caller ?? clearanceOf('pass') },
    limits: { ...defaultLimits, ...options.limits },
    strict: options.strict ?? false,
    hosts: new Set(),
    ...(options.nested === undefined ? {} : { nested: options.nested }),
    ...(options.bridge === undefined ? {} : { bridge: options.bridge }),
    ...(options.handoff === undefined ? {} : { handoff: options.handoff }),
    parameters: new Set(),
    now: 0,
    ports: {
      send: (way, data, binary) => {
        sent.push({ way, data, binary });
        return !full.has(way);
      },
      forward: { [Way.toVendor]: forwardOn(Way.toVendor), [Way.toCaller]: forwardOn(Way.toCaller) },
      pause: (way) => paused.add(way),
      resume: (way) => paused.delete(way),
      close: (reason) => endings.push(reason),
      handoff: (reason) => endings.push(reason),
      audit: (event) => events.push(event) > 0,
      transcript: ({ number, speaker, stream }, final) => {
        told.push(`${number} ${speaker}: ${stream.shownTo(clearanceOf('mask'))}${final ? '' : ' ...'}`);
      },
      callTool: (call) => void asked.push(call),
      clock: () => rig.clock,
    },
  });
  const prover = codec.prover();
  const rig: Rig = {
    relay,
    call,
    sent,
    forwarded,
    events,
    endings,
    told,
    asked,
    paused,
    full,
    clock: 0,
    proves: (way, data) => {
      if (call.streamSid !== undefined) prover.bind(call.streamSid);
      return prover.proves(way, data, false);
    },
  };
  return rig;
}
