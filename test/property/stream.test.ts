import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clearanceOf } from '../../src/policy/clearance.ts';
import { createEngine } from '../../src/policy/phi/engine.ts';
import type { Conversation } from '../../src/policy/phi/stream.ts';
import { Way, ways, type ProtocolCodec } from '../../src/stream/protocol.ts';
import { protocols, type ProtocolName } from '../../src/stream/protocols/index.ts';
import { RelayState } from '../../src/stream/relay.ts';
import { startRelay, type Rig } from '../stream/rig.ts';
import { listConversation } from '../stream/wordlist.ts';
import { samplesOf } from '../suites/books.ts';

/** One thing that can happen to a relay, and how much time passes before it. */
interface Happening {
  readonly what: string;
  readonly after: number;
  readonly run: (rig: Rig, now: number) => void;
}

const happening = (what: string, run: Happening['run']) => ({ what, run });
const fixed = [
  happening('tick', (rig, now) => rig.relay.onTick(now)),
  happening('caller closes', (rig, now) => rig.relay.onClose('caller', now)),
  happening('vendor closes', (rig, now) => rig.relay.onClose('vendor', now)),
  happening('log lags', (rig, now) => rig.relay.onAuditLag(600, now)),
  happening('log has caught up', (rig, now) => rig.relay.onAuditLag(0, now)),
  happening('vendor full', (rig) => rig.full.add(Way.toVendor)),
  happening('caller full', (rig) => rig.full.add(Way.toCaller)),
  happening('fault', (rig, now) => rig.relay.onFault('VENDOR_SILENT', now)),
  ...ways.map((way) =>
    happening(`drain ${way}`, (rig) => {
      rig.full.delete(way);
      rig.relay.onDrain(way);
    }),
  ),
];

function arrival(way: Way, data: Buffer, binary: boolean): Omit<Happening, 'after'> {
  return happening(`${way} ${data.toString('latin1')}`, (rig, now) => rig.relay.onMessage(way, data, binary, now));
}

/** A script: mostly frames of the playbooks, some bytes of no protocol, some events, time in steps. */
function scripts(name: ProtocolName): fc.Arbitrary<readonly Happening[]> {
  const frames = samplesOf(name).map(({ way, text }) => arrival(way, Buffer.from(text), false));
  const noise = fc
    .tuple(fc.constantFrom(...ways), fc.uint8Array({ maxLength: 60 }), fc.boolean())
    .map(([way, bytes, binary]) => arrival(way, Buffer.from(bytes), binary));
  const step = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...frames) },
    { weight: 1, arbitrary: noise },
    { weight: 2, arbitrary: fc.constantFrom(...fixed) },
  );
  const after = fc.oneof(fc.constant(0), fc.nat({ max: 300 }), fc.nat({ max: 40_000 }));
  const steps = fc.array(fc.tuple(step, after), { maxLength: 40 });
  const opening = frames.slice(0, 3).map((frame) => ({ ...frame, after: 0 }));
  return fc
    .tuple(fc.boolean(), steps)
    .map(([opened, rest]) => [...(opened ? opening : []), ...rest.map(([one, time]) => ({ ...one, after: time }))]);
}

/** What a script shows to be wrong, by the step that showed it. */
function faultsOf(codec: ProtocolCodec, conversation: Conversation, script: readonly Happening[]): readonly string[] {
  const rig = startRelay(codec, { conversation, caller: clearanceOf('mask') });
  const faults: string[] = [];
  let now = 0;
  for (const { what, after, run } of script) {
    now += after;
    const before = { state: rig.relay.state, traces: tracesOf(rig), sent: rig.sent.length };
    run(rig, now);
    const { state } = rig.relay;
    if (rig.endings.length !== (state >= RelayState.handoff ? 1 : 0)) faults.push(`${what}: told its end otherwise`);
    if (before.state >= RelayState.handoff && (state !== before.state || tracesOf(rig) !== before.traces))
      faults.push(`${what}: did something after the end`);
    if (state === RelayState.hold && before.state === RelayState.hold && rig.sent.length !== before.sent)
      faults.push(`${what}: sent something on hold`);
  }
  rig.relay.onClose('caller', now);
  if (rig.endings.length !== 1) faults.push('did not end');
  return faults;
}

/** Everything that a relay has done, as one number. */
function tracesOf({ sent, events, endings }: Rig): number {
  return sent.length + events.length + endings.length;
}

describe.each(Object.entries(protocols))('%s', (name, codec) => {
  const script = scripts(protocolName(name));

  test('any script ends once, never comes back, and sends nothing on hold or after its end', () => {
    fc.assert(
      fc.property(script, (steps) => {
        const conversation = listConversation(new Map([['zephyrine', 'NAME']]));
        expect(faultsOf(codec, conversation, steps)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test('with the real engine as well', () => {
    const engine = createEngine();
    fc.assert(
      fc.property(script, (steps) => {
        expect(faultsOf(codec, engine.conversation(), steps)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

function protocolName(name: string): ProtocolName {
  for (const known of Object.keys(protocols)) if (known === name && isProtocol(known)) return known;
  throw new Error(`${name} is no protocol`);
}

function isProtocol(name: string): name is ProtocolName {
  return Object.hasOwn(protocols, name);
}

/** An answer in tokens, cut anywhere, with whatever Twilio sends in between. */
describe('[C9] words in tokens', () => {
  const secret = 'zephyrine quillfeather';
  const between = [
    { type: 'info', name: 'agentSpeaking', value: 'on', ts: 1 },
    { type: 'prompt', voicePrompt: secret, lang: 'en-US', last: false },
    { type: 'prompt', voicePrompt: `so ${secret} it is`, lang: 'en-US', last: true },
    { type: 'info', name: 'tokensPlayed', value: `for ${secret}` },
  ];
  const turn = fc.tuple(
    fc.constantFrom('hi ', `hi ${secret} `, `${secret}${secret} `, `for ${secret.toUpperCase()}, ok `),
    fc.array(fc.nat({ max: 40 }), { maxLength: 6 }),
    fc.constantFrom(...between),
    fc.nat({ max: 1400 }),
  );

  test('give the same answer for every cut, and never the secret to anybody', () => {
    fc.assert(
      fc.property(fc.array(turn, { minLength: 1, maxLength: 5 }), (turns) => {
        const words = new Map([[secret, 'NAME' as const]]);
        const options = { conversation: listConversation(words), caller: clearanceOf('mask') };
        const rig = startRelay(protocols['twilio-conversation-relay'], options);
        const give = (way: Way, message: object): void =>
          rig.relay.onMessage(way, Buffer.from(JSON.stringify(message)), false, 1);
        give(Way.toVendor, { type: 'setup', sessionId: 'VX1', callSid: 'CA1', direction: 'inbound' });
        for (const [text, cuts, other] of turns) {
          const ends = [...new Set([...cuts.filter((cut) => cut < text.length), text.length])].toSorted(
            (a, b) => a - b,
          );
          for (const [index, end] of ends.entries()) {
            const token = text.slice(ends[index - 1] ?? 0, end);
            give(Way.toCaller, { type: 'text', token, last: end === text.length });
            give(Way.toVendor, other);
          }
        }
        const spoken = rig.sent.filter(({ way }) => way === Way.toCaller).map(({ data }) => tokenOf(data));
        const whole = turns.map(([text]) => text.replaceAll(new RegExp(secret, 'giu'), '[NAME]'));
        expect(spoken.join('')).toBe(whole.join(''));
        expect(rig.sent.map(({ data }) => data.toString().toLowerCase()).join('')).not.toContain(secret);
      }),
      { numRuns: 500 },
    );
  });
});

function tokenOf(data: Buffer): string {
  const message: unknown = JSON.parse(data.toString());
  return typeof message === 'object' && message !== null && 'token' in message ? String(message.token) : '';
}
