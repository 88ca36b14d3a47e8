import type { AuditLog } from '../audit/log.ts';
import type { ReasonCode } from '../policy/reason.ts';
import { eventOf, type Call } from '../stream/call.ts';
import type { Way } from '../stream/protocol.ts';
import type { Relay } from '../stream/relay.ts';
import type { Log } from './logger.ts';
import type { LegEvents } from './socket.ts';

interface LegServices {
  readonly audit: AuditLog;
  readonly log: Log;
}

/** What happens on one leg of a call, as its relay is told. `most` is the size of a message in bytes. */
export function legEventsOf(
  { audit, log }: LegServices,
  { relay, call }: { readonly relay: Relay; readonly call: Call },
  { way, from, most }: { readonly way: Way; readonly from: 'caller' | 'vendor'; readonly most: number },
): LegEvents {
  const events: LegEvents = {
    lane: relay.audio[way],
    onMessage: (data: Buffer, binary: boolean) => {
      if (data.length > most) events.onViolation('FRAME_TOO_LARGE');
      else relay.onMessage(way, data, binary, performance.now());
    },
    onDrain: () => relay.onDrain(way),
    onClose: (code: number) => relay.onClose(from, performance.now(), code),
    onViolation: (reason: ReasonCode) => {
      const kind = reason === 'FRAME_TOO_LARGE' ? 'sec.limit' : 'sec.frame';
      audit.record(eventOf(call, kind, { outcome: 'refused', reason, facts: { from } }));
      relay.onFault(reason, performance.now());
    },
    onRefusal: ({ reason, subject }) => {
      log.warn('A vendor did not take a request', { call: call.facts.ref, reason, code: subject });
      relay.onFault(reason, performance.now());
    },
  };
  return events;
}
