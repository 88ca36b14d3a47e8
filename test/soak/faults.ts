import { canary } from '../../src/server/demo/booking.ts';

import { closePayload, Opcode } from '../conformance/support/frames.ts';
import type { Peer } from '../conformance/support/peer.ts';

/** A number from 0 to 1, always the same for the same seed. */
export type Random = () => number;

export function pick<Item>(random: Random, items: readonly Item[]): Item | undefined {
  return items[Math.floor(random() * items.length)];
}

/** What a caller does in the middle of a call. Mostly what callers do. */
export interface CallerFault {
  readonly name: string;
  /** The caller is gone by it: nobody is left who needs a human. */
  readonly leaves?: true;
  /** Whoever does it may be cut off without a word: the carrier goes on with the human all the same. */
  readonly isCutOff?: true;
  act(peer: Peer, streamSid: string, again: readonly string[]): void;
}

const unknown = JSON.stringify({ event: 'inject', say: canary.name });

export const callerFaults: readonly CallerFault[] = [
  ...Array.from({ length: 8 }, () => ({
    name: 'hangs up',
    leaves: true as const,
    act: (peer: Peer) => peer.send(closePayload(1000), { opcode: Opcode.close }),
  })),
  { name: 'is cut off', leaves: true, act: (peer) => peer.socket.destroy() },
  { name: 'ends its stream', leaves: true, act: (peer) => peer.socket.end() },
  { name: 'cuts a frame', leaves: true, act: (peer) => cutShort(peer) },
  { name: 'sends a reserved bit', act: (peer) => peer.send(unknown, { rsv: 4 }) },
  { name: 'sends no mask', act: (peer) => peer.send(unknown, { mask: undefined }) },
  { name: 'sends no UTF-8', act: (peer) => peer.send(Buffer.from([0x22, 0xff, 0x22])) },
  { name: 'sends too much', act: (peer) => peer.send(canary.name.repeat(4_000)) },
  { name: 'sends what nobody knows', act: (peer) => [1, 2, 3].forEach(() => peer.send(unknown)) },
  { name: 'sends broken JSON', act: (peer) => [1, 2, 3].forEach(() => peer.send(`{"${canary.name}`)) },
  { name: 'starts again', act: (peer, _sid, again) => again.forEach((text) => peer.send(text)) },
  { name: 'floods with pings', isCutOff: true, act: (peer) => flood(peer) },
  {
    name: 'says who it is where nobody described it',
    leaves: true,
    act: (peer, streamSid) => {
      for (let at = 0; at < 3; at += 1)
        peer.send(
          JSON.stringify({ event: 'mark', streamSid, mark: { name: canary.name }, note: `i am ${canary.name}` }),
        );
      peer.send(closePayload(1000), { opcode: Opcode.close });
    },
  },
];

export interface VendorFault {
  readonly name: string;
  act(peer: Peer): void;
}

/** What a vendor does in the middle of a call; mostly nothing. */
export const vendorFaults: readonly VendorFault[] = [
  ...Array.from({ length: 8 }, () => ({ name: 'nothing', act: () => undefined })),
  { name: 'closes', act: (peer) => peer.send(closePayload(1011, canary.name), { opcode: Opcode.close }) },
  { name: 'is cut off', act: (peer) => peer.socket.destroy() },
  { name: 'ends its stream', act: (peer) => peer.socket.end() },
  { name: 'cuts a frame', act: (peer) => cutShort(peer) },
  { name: 'sends a mask', act: (peer) => peer.send(unknown, { mask: Buffer.from('01020304', 'hex') }) },
  { name: 'sends binary', act: (peer) => [1, 2, 3].forEach(() => peer.send('x', { opcode: Opcode.binary })) },
  { name: 'sends broken JSON', act: (peer) => [1, 2, 3].forEach(() => peer.send('[')) },
  { name: 'sends no UTF-8', act: (peer) => peer.send(Buffer.from([0xc0, 0xaf])) },
  { name: 'sends too much', act: (peer) => peer.send(Buffer.alloc(1_100_000, 0x20)) },
  { name: 'floods with pings', act: (peer) => flood(peer) },
  { name: 'floods with audio', act: (peer) => [...Array(200).keys()].forEach(() => peer.send('{"event":"clear"}')) },
];

/** How a vendor answers the upgrade; undefined: it takes the call. `silence`: not at all. */
export const vendorAnswers: readonly (number | 'silence' | undefined)[] = [
  ...Array.from({ length: 17 }, () => undefined),
  429,
  503,
  302,
  'silence',
];

function cutShort(peer: Peer): void {
  peer.send(unknown, { claims: 4_000n });
  peer.socket.destroy();
}

function flood(peer: Peer): void {
  for (let at = 0; at < 300; at += 1) peer.send(canary.name, { opcode: Opcode.ping });
}
