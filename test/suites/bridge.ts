import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { clearanceOf } from '../../src/policy/clearance.ts';
import { demandsOf } from '../../src/policy/training.ts';
import type { Session, VoiceBridge } from '../../src/stream/bridge.ts';
import { Kind, Way } from '../../src/stream/protocol.ts';
import { protocols } from '../../src/stream/protocols/index.ts';
import { RelayState } from '../../src/stream/relay.ts';
import { startRelay, type Rig, type Sent } from '../stream/rig.ts';
import { sessionOf } from '../stream/playbook.ts';
import { listConversation } from '../stream/wordlist.ts';
import { anyBridgeSuite } from './any-bridge.ts';
import { booksOf, nestedOfAll, samplesOf, type Sample } from './books.ts';
import { parse, planted } from './plants.ts';

const canary = 'Zephyrine Quillfeather';
const streamSid = 'MZ00000000000000000000000000000a11';
const caller = protocols['twilio-media-streams'];

/** What every bridge of voice must hold. A new one joins by being in the index and having a folder of playbooks. */
export function voiceBridgeSuite(name: string, bridge: VoiceBridge): void {
  const book = readFileSync(booksOf(name, 'bridges').find(({ title }) => title === 'call')?.file ?? '', 'utf8');
  const session = sessionOf(book.split('\n'));
  const vendorSamples = samplesOf(bridge.vendor.name).filter(
    ({ way, text }) => way === Way.toCaller && parse(text) !== undefined,
  );
  const callerSamples = samplesOf(caller.name).filter(
    ({ way, text }) => way === Way.toVendor && parse(text) !== undefined,
  );

  /** A call whose session is ready, in which the canary is known. */
  const rig = (wanted: Session = session): Rig => {
    const made = startRelay(caller, {
      conversation: listConversation(new Map([[canary.toLowerCase(), 'NAME' as const]])),
      vendor: clearanceOf('mask'),
      nested: nestedOfAll(bridge.vendor.name, name),
      bridge: { bridge, session: wanted },
    });
    for (const { way, data, binary } of openingOf(book)) made.relay.onMessage(way, data, binary, 0);
    expect(made.relay.state).toBe(RelayState.forward);
    made.sent.length = 0;
    return made;
  };

  test('a session is a message that the table of its protocol knows, with every switch against keeping and training', () => {
    const messages = bridge
      .setup(session)
      .map((message) => bridge.vendor.open(Way.toVendor, Buffer.from(JSON.stringify(message)), false));
    for (const message of messages) expect(typeof message === 'string' ? message : message.kind).toBe(Kind.Config);
    const made = startRelay(caller, {
      conversation: listConversation(new Map()),
      nested: nestedOfAll(bridge.vendor.name, name),
      bridge: { bridge, session },
    });
    for (const { way, data } of openingOf(book).slice(0, 2)) made.relay.onMessage(way, data, false, 0);
    const sent = made.sent.map(({ data }) => bridge.vendor.open(Way.toVendor, data, false));
    for (const { message: type, at, must, when } of demandsOf(bridge.vendor.name).fields)
      for (const message of sent)
        if (typeof message !== 'string' && message.type === type)
          expect(message.field(at) ?? (when === 'always' ? undefined : must)).toBe(must);
  });

  test('nothing goes to the vendor before the start of the stream, and no audio before the session is ready', () => {
    const made = startRelay(caller, {
      conversation: listConversation(new Map()),
      nested: nestedOfAll(bridge.vendor.name, name),
      bridge: { bridge, session },
    });
    const [connected, start] = openingOf(book);
    made.relay.onMessage(Way.toVendor, connected?.data ?? Buffer.alloc(0), false, 0);
    expect(made.sent).toEqual([]);
    made.relay.onMessage(Way.toVendor, start?.data ?? Buffer.alloc(0), false, 0);
    expect(made.sent.length).toBeGreaterThan(0);
    made.sent.length = 0;
    for (let index = 0; index < 10; index += 1)
      made.relay.onMessage(Way.toVendor, mediaOf(Buffer.alloc(160, index)), false, 1);
    expect(made.sent).toEqual([]);
  });

  test('to the caller go audio, marks and clear, and never a word of the vendor', () => {
    for (const sample of vendorSamples.flatMap((each) => [each, ...planted(each, canary)])) {
      const made = rig();
      deliver(made, sample);
      made.relay.onTick(3000);
      for (const frame of made.sent.filter(({ way }) => way === Way.toCaller)) expect(isForCarrier(frame)).toBe(true);
      expect(textOf(made.sent)).not.toMatch(/zephyrine|quillfeather/iu);
    }
  });

  test('nothing that the caller side says in words goes to the vendor', () => {
    for (const sample of callerSamples.flatMap((each) => [each, ...planted(each, canary)])) {
      const made = rig();
      deliver(made, sample);
      made.relay.onTick(3000);
      expect(textOf(made.sent)).not.toMatch(/zephyrine|quillfeather/iu);
    }
  });

  anyBridgeSuite({ rig, samples: [...vendorSamples, ...callerSamples], isForCaller: isForCarrier });
}

/** The frames of the call book up to the line that says that the session is ready. */
export function openingOf(book: string): readonly Sent[] {
  const lines = book.split('\n');
  const end = lines.indexOf('# Ready.');
  if (end < 0) throw new Error('call.call must say "# Ready." where the session is');
  return lines
    .slice(0, end)
    .filter((line) => line.startsWith('>> '))
    .map((line) => {
      const [, way = '', ...rest] = line.split(' ');
      const binary = rest[0] === 'bin';
      const data = binary ? Buffer.from(rest[1] ?? '', 'base64') : Buffer.from(rest.join(' '));
      return { way: way === 'toVendor' ? Way.toVendor : Way.toCaller, data, binary };
    })
    .toSorted((first, second) => first.way - second.way);
}

export function mediaOf(audio: Buffer): Buffer {
  const media = { track: 'inbound', chunk: '2', timestamp: '40', payload: audio.toString('base64') };
  return Buffer.from(JSON.stringify({ event: 'media', sequenceNumber: '3', streamSid, media }));
}

function deliver({ relay }: Rig, { way, text }: Sample): void {
  relay.onMessage(way, Buffer.from(text), false, 1);
}

/** A frame that Twilio knows, of this stream, in which nothing can be hidden. */
function isForCarrier({ data, binary }: Sent): boolean {
  const prover = caller.prover();
  prover.bind(streamSid);
  if (binary) return false;
  if (prover.proves(Way.toCaller, data, false)) return true;
  const text = data.toString();
  return text === JSON.stringify({ event: 'clear', streamSid }) || isMark(text);
}

function isMark(text: string): boolean {
  const name = /"name":"(p\d{1,3})"/u.exec(text)?.[1] ?? '';
  return text === JSON.stringify({ event: 'mark', streamSid, mark: { name } });
}

function textOf(sent: readonly Sent[]): string {
  return sent.map(({ data }) => `${data.toString()} ${decoded(data)}`).join('\n');
}

/** Base64 may hide words as well. */
function decoded(data: Buffer): string {
  return (data.toString().match(/[A-Za-z0-9+/]{8,}={0,2}/gu) ?? [])
    .map((text) => Buffer.from(text, 'base64').toString('latin1'))
    .join(' ');
}
