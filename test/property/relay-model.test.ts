import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clearanceOf } from '../../src/policy/clearance.ts';
import { bounds } from '../../src/stream/limits.ts';
import { Way, ways } from '../../src/stream/protocol.ts';
import { isProtocol } from '../../src/server/config/apps.ts';
import { protocols, type ProtocolName } from '../../src/stream/protocols/index.ts';
import { RelayState } from '../../src/stream/relay.ts';
import { startRelay, type Rig } from '../stream/rig.ts';
import { listConversation } from '../stream/wordlist.ts';
import { samplesOf } from '../suites/books.ts';
import { runs, seeds } from './seeds.ts';

const secret = 'zephyrine quillfeather';

/** What may be known of a call from the outside. */
interface Model {
  state: RelayState;
  now: number;
  /** Frames that came since the hold began. */
  readonly waiting: { frames: number; bytes: number };
  /** Bytes that were sent to a receiver that had said that it is full. */
  readonly excess: Record<Way, number>;
}

interface Real {
  readonly rig: Rig;
}

/** From which state which others may follow. */
const next: Readonly<Record<RelayState, readonly RelayState[]>> = {
  [RelayState.forward]: [RelayState.forward, RelayState.hold, RelayState.handoff, RelayState.ended],
  [RelayState.hold]: [RelayState.hold, RelayState.forward, RelayState.handoff, RelayState.ended],
  [RelayState.handoff]: [RelayState.handoff],
  [RelayState.ended]: [RelayState.ended],
};

abstract class Happening implements fc.Command<Model, Real> {
  readonly #after: number;
  constructor(after: number) {
    this.#after = after;
  }

  check(): boolean {
    return true;
  }

  run(model: Model, { rig }: Real): void {
    model.now += this.#after;
    const sent = rig.sent.length + rig.forwarded.length;
    const before = model.state;
    this.act(rig, model);
    const { state } = rig.relay;
    expect(next[before]).toContain(state);
    expect(rig.endings).toHaveLength(state >= RelayState.handoff ? 1 : 0);
    const sentNow = rig.sent.length + rig.forwarded.length - sent;
    if (before >= RelayState.handoff || (before === RelayState.hold && state === RelayState.hold))
      expect(sentNow).toBe(0);
    this.#measure(rig, model, rig.sent.length - sentNow);
    model.state = state;
  }

  protected abstract act(rig: Rig, model: Model): void;

  /** No queue is without a bound: what waits, and what a full receiver is still given. */
  #measure(rig: Rig, model: Model, from: number): void {
    const { state } = rig.relay;
    if (state !== RelayState.hold) Object.assign(model.waiting, { frames: 0, bytes: 0 });
    for (const { way, data } of rig.sent.slice(Math.max(0, from)))
      if (rig.full.has(way)) model.excess[way] += data.length;
    if (state >= RelayState.handoff) return;
    expect(model.waiting.frames).toBeLessThanOrEqual(bounds.waitingFrames);
    for (const way of ways) expect(model.excess[way]).toBeLessThan(bounds.pausedBytes + 64 * 1024);
  }
}

class Arrives extends Happening {
  readonly #way: Way;
  readonly #text: string;
  readonly #binary: boolean;
  constructor(after: number, way: Way, text: string, binary = false) {
    super(after);
    this.#way = way;
    this.#text = text;
    this.#binary = binary;
  }

  protected override act(rig: Rig, model: Model): void {
    const data = Buffer.from(this.#text, this.#binary ? 'latin1' : 'utf8');
    const isDropped = this.#way === Way.toVendor && rig.proves(this.#way, data);
    if (model.state === RelayState.hold && !isDropped) model.waiting.frames += 1;
    rig.relay.onMessage(this.#way, data, this.#binary, model.now);
  }

  override toString(): string {
    return `arrives(${this.#way}, ${JSON.stringify(this.#text)}, ${this.#binary})`;
  }
}

class Told extends Happening {
  readonly #name: string;
  readonly #tell: (rig: Rig, model: Model) => void;
  constructor(after: number, name: string, tell: (rig: Rig, model: Model) => void) {
    super(after);
    this.#name = name;
    this.#tell = tell;
  }

  protected override act(rig: Rig, model: Model): void {
    this.#tell(rig, model);
  }

  override toString(): string {
    return this.#name;
  }
}

const told: readonly (readonly [name: string, tell: (rig: Rig, model: Model) => void])[] = [
  ['tick', (rig, { now }) => rig.relay.onTick(now)],
  ['log lags', (rig, { now }) => rig.relay.onAuditLag(bounds.auditLagMs + 1, now)],
  ['log lags', (rig, { now }) => rig.relay.onAuditLag(bounds.auditLagMs + 1, now)],
  ['log has caught up', (rig, { now }) => rig.relay.onAuditLag(0, now)],
  ['caller closes', (rig, { now }) => rig.relay.onClose('caller', now)],
  ['vendor closes', (rig, { now }) => rig.relay.onClose('vendor', now)],
  ['fault', (rig, { now }) => rig.relay.onFault('VENDOR_SILENT', now)],
  ...ways.flatMap((way): [string, (rig: Rig, model: Model) => void][] => [
    [`full ${way}`, (rig) => void rig.full.add(way)],
    [
      `drained ${way}`,
      (rig, model) => {
        rig.full.delete(way);
        model.excess[way] = 0;
        rig.relay.onDrain(way);
      },
    ],
  ]),
];

function commandsOf(name: ProtocolName): fc.Arbitrary<Iterable<fc.Command<Model, Real>>> {
  const samples = samplesOf(name);
  const after = fc.oneof(fc.constant(0), fc.nat({ max: 300 }), fc.nat({ max: 6_000 }));
  const known = fc.tuple(after, fc.constantFrom(...samples)).map(([ms, { way, text }]) => new Arrives(ms, way, text));
  const noise = fc
    .tuple(after, fc.constantFrom(...ways), fc.string({ unit: 'binary', maxLength: 200 }), fc.boolean())
    .map(([ms, way, text, binary]) => new Arrives(ms, way, text, binary));
  const burst = fc
    .tuple(fc.constantFrom(...samples), fc.integer({ min: 100, max: 200 }))
    .map(([{ way, text }, size]) => new Arrives(0, way, text.padEnd(text.length + size * 100)));
  const event = fc.tuple(after, fc.constantFrom(...told)).map(([ms, [what, tell]]) => new Told(ms, what, tell));
  return fc.commands([known, known, known, known, noise, burst, event], { maxCommands: 200, size: 'max' });
}

/** What most calls speak gets most of the scripts. */
const mostUsed: ReadonlySet<string> = new Set(['twilio-media-streams', 'twilio-conversation-relay', 'openai-realtime']);

describe.each(Object.keys(protocols).filter(isProtocol))('%s', (name) => {
  test.each(seeds)(
    'any script: states only go forward to their end, no queue without a bound, no word passes (seed %i)',
    (seed) => {
      fc.assert(
        fc.property(commandsOf(name), (commands) => {
          const conversation = listConversation(new Map([[secret, 'NAME' as const]]));
          const rig = startRelay(protocols[name], { conversation, caller: clearanceOf('mask') });
          const [opening] = samplesOf(name);
          if (opening !== undefined) rig.relay.onMessage(opening.way, Buffer.from(opening.text), false, 0);
          const setup = (): { model: Model; real: Real } => ({
            model: { state: rig.relay.state, now: 0, waiting: { frames: 0, bytes: 0 }, excess: [0, 0] },
            real: { rig },
          });
          fc.modelRun(setup, commands);
          for (const { data } of rig.sent) expect(data.toString().toLowerCase()).not.toContain(secret);
        }),
        { seed, numRuns: runs(mostUsed.has(name) ? 60 : 10) },
      );
    },
  );
});
