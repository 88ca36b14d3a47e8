import { expect, type TestContext } from 'vitest';
import { canary } from '../../src/server/demo/booking.ts';
import { mediaFrame } from '../../src/server/demo/streams.ts';
import type { RawCall } from '../conformance/support/caller.ts';
import { Opcode } from '../conformance/support/frames.ts';
import { eventually } from '../e2e/stage.ts';
import { observe } from './observe.ts';

/** Somebody speaks into a call, and says who they are, until it ends. */
export function keepTalking({ caller, streamSid }: RawCall): void {
  let index = 0;
  const timer = setInterval(() => {
    index += 1;
    caller.send(mediaFrame(streamSid, index, Buffer.alloc(160, index).toString('base64')));
    if (index % 5 === 0) caller.send(JSON.stringify({ event: 'mark', streamSid, mark: { name: canary.name } }));
  }, 20);
  void caller.gone.finally(() => clearInterval(timer));
}

export interface FaultOutcome {
  /** Why the caller's leg was given back to the carrier. */
  readonly reason: string;
  readonly humanMs: number;
  readonly lastByteMs: number;
}

/** A fault that shows at once must not be waited for, on however slow a machine; the table says what it took. */
const humanLimitMs = 15_000;

/**
 * Makes a fault happen in a live call, waits until the caller's leg is closed, and keeps what was seen for the table.
 * `limitMs` is for faults that show only when time has passed.
 */
export async function faultIn(
  context: TestContext,
  call: RawCall,
  act: (call: RawCall) => unknown,
  limitMs = humanLimitMs,
): Promise<FaultOutcome> {
  keepTalking(call);
  await eventually(() => call.vendor.texts.filter((text) => text.includes('"media"')).length > 3, 15_000);
  const at = performance.now();
  await act(call);
  const { reason, code, at: closedAt } = await call.caller.closed;
  const outcome = {
    reason: reason === '' ? String(code) : reason,
    humanMs: closedAt - at,
    lastByteMs: call.vendor.lastDataAt - at,
  };
  expect(outcome.humanMs).toBeLessThan(limitMs);
  // Whoever is told to go is told with the last frame.
  const kinds = call.vendor.frames.map(({ opcode }) => opcode);
  expect(kinds.indexOf(Opcode.close)).toBeOneOf([-1, kinds.length - 1]);
  observe(context, { seen: outcome.reason, humanMs: outcome.humanMs, lastByteMs: outcome.lastByteMs });
  return outcome;
}
