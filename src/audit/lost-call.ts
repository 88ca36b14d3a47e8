import type { AuditEvent } from './event.ts';

/** The end of a call whose process ended before it did: nobody else can record it. */
export function lostCall(call: string): AuditEvent {
  const facts = { cause: 'the process ended before the call did' };
  return { kind: 'call.end', call, actor: 'system', role: 'recovery', outcome: 'failed', facts };
}
