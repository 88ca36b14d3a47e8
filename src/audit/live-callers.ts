import type { AuditEvent, EventKind } from './event.ts';

/** Who is on a call, by what the log was told. */
export class LiveCallers {
  readonly #callerOf = new Map<string, string>();

  /** Takes note of an event; returns the caller whose call it ends. */
  see({ kind, call, caller, actor }: AuditEvent): string | undefined {
    if (call === undefined) return undefined;
    if (isBeginning(kind, actor) && caller !== undefined) this.#callerOf.set(call, caller);
    if (kind !== 'call.end') return undefined;
    const ended = this.#callerOf.get(call);
    this.#callerOf.delete(call);
    return ended;
  }

  has(caller: string): boolean {
    return [...this.#callerOf.values()].includes(caller);
  }
}

/** Some vendors say who is on the call only when it has begun: then its disclosure is recorded once more, for that caller. */
function isBeginning(kind: EventKind, actor: string): boolean {
  return kind === 'call.admit' || (kind === 'disclosure.begin' && actor.startsWith('vendor:'));
}
