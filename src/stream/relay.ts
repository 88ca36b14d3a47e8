import type { ReasonCode } from '../policy/reason.ts';
import type { AudioPath } from './audio-path.ts';
import type { ToolAnswer } from './bridge.ts';
import type { Way } from './protocol.ts';

/** Where a call stands. Only `forward` and `hold` alternate; from `handoff` and `ended` nothing leads back. */
export const RelayState = { forward: 0, hold: 1, handoff: 2, ended: 3 } as const;
export type RelayState = (typeof RelayState)[keyof typeof RelayState];

/**
 * The machine between the two legs of one call. It is told what happened and when (`now`, monotonic milliseconds) and
 * acts through {@link Ports} alone. It never throws on any input of a peer.
 *
 * It records `phi.redacted`, `phi.allowed`, `phi.blocked`, `sec.frame`, `vendor.refuse` and `route.human`; the events of
 * the legs themselves (connect, close, totals) belong to whoever holds the sockets.
 */
export interface Relay {
  readonly state: RelayState;
  onMessage(way: Way, data: Buffer, binary: boolean, now: number): void;
  /** Where frames come that may be audio, before they are messages. */
  readonly audio: Readonly<Record<Way, AudioPath>>;
  /** The receiver of this way has emptied its buffer. */
  onDrain(way: Way): void;
  /** The socket of that leg is closed. A caller who hung up ends the call; held text is dropped. */
  onClose(from: 'caller' | 'vendor', now: number, code?: number): void;
  /** Every 100 ms or so, for all deadlines. */
  onTick(now: number): void;
  /** Age of the oldest audit event that is not yet durable; asked for with every tick. */
  onAuditLag(lagMs: number, now: number): void;
  /** What a tool of the practice said, which the agent of a bridged call asked for. */
  onToolAnswer(answer: ToolAnswer, now: number): void;
  /** Whoever holds the sockets, the policy or the process ends the call toward a human. */
  onFault(reason: ReasonCode, now: number): void;
}
