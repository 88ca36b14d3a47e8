import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Way } from '../../src/stream/protocol.ts';
import type { Rig, Sent } from '../stream/rig.ts';
import type { Sample } from './books.ts';
import { jsonBytes, mutated } from './plants.ts';

/** A bridge under test: a call that has begun, messages of its legs, and what the caller may be given. */
export interface BridgeCase {
  readonly rig: () => Rig;
  readonly samples: readonly Sample[];
  readonly isForCaller: (frame: Sent) => boolean;
}

/** What every bridge must hold, of voice or of text. */
export function anyBridgeSuite({ rig, samples, isForCaller }: BridgeCase): void {
  test('takes any bytes of either leg without a fault', () => {
    const frames = fc.oneof(fc.uint8Array({ maxLength: 400 }), mutated(samples), jsonBytes());
    fc.assert(
      fc.property(fc.array(fc.tuple(frames, fc.boolean(), fc.boolean()), { maxLength: 8 }), (all) => {
        const made = rig();
        for (const [index, [bytes, fromVendor, binary]] of all.entries())
          made.relay.onMessage(fromVendor ? Way.toCaller : Way.toVendor, Buffer.from(bytes), binary, index);
        made.relay.onTick(5000);
        for (const frame of made.sent.filter(({ way }) => way === Way.toCaller)) expect(isForCaller(frame)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('the end: the caller hangs up, the vendor dies', () => {
    const hungUp = rig();
    hungUp.relay.onClose('caller', 1);
    expect(hungUp.endings).toEqual(['CALLER_CLOSED']);
    const dead = rig();
    dead.relay.onClose('vendor', 1, 1006);
    expect(dead.endings).toEqual(['VENDOR_CLOSED']);
  });
}
