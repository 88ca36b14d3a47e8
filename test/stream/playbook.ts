import type { AuditEvent } from '../../src/audit/event.ts';
import { clearanceOf, type KindClearance } from '../../src/policy/clearance.ts';
import type { NestedScope } from '../../src/policy/nested.ts';
import { isPhiKind, type PhiKind } from '../../src/policy/phi/kinds.ts';
import { reasons, type ReasonCode } from '../../src/policy/reason.ts';
import type { Conversation } from '../../src/policy/phi/stream.ts';
import type { Bridge, BridgedRoute, Session } from '../../src/stream/bridge.ts';
import { createCall, type Call, type CallFacts } from '../../src/stream/call.ts';
import { defaultLimits, type RelayLimits } from '../../src/stream/limits.ts';
import { Way, wayNames, type ProtocolCodec } from '../../src/stream/protocol.ts';
import { createRelay } from '../../src/stream/call-relay.ts';
import type { Relay } from '../../src/stream/relay.ts';
import { nestedOf } from '../suites/books.ts';
import { facts } from './rig.ts';
import { listConversation, type WordList } from './wordlist.ts';

/**
 * The language of the playbooks. A book is a call: what happens, and after it everything that the relay does about it.
 *
 *     words NAME zephyrine quillfeather    settings, before the first step
 *     vendor sees KEYPAD, TREATMENT         beside that it sees nothing; the caller sees all
 *     caller sees nothing
 *     named open_ai  |  model gpt-*  |  pinned agent_1    whom messages may name behind their receiver
 *     region us-*  |  openai model gpt-*  |  openai region us-*    what its agreement covers; a folded name: what that one's does
 *     callSid CA00…  |  host cdn.example  |  parameter lang  |  strict  |  longest 20000  |  idle 20000
 *     session {"greeting":…}               of a bridge: what the route wants, beside a few instructions
 *
 *     @ 5000                               the clock stands at 5,000 ms; deadlines are looked at
 *     >> toVendor {"event":…}              a text frame arrives (`bin` and base64 instead: a binary frame)
 *     -- vendor                            the socket of that leg closes (`-- vendor 1000`: with this code)
 *     ~~ full toVendor | drain toVendor | slow 30 | lag 600 | log full | fault VENDOR_REVOKED
 *     ~~ answer call_1 {…}                 a tool of the practice has answered
 *
 *     << toVendor {"event":…}              goes out, byte for byte
 *     !! phi.redacted {…}                  is recorded
 *     ?? call_1 book_slot {…}              a tool of the practice is asked
 *     || pause toVendor                    the source of that way is paused, or resumed
 *     xx VENDOR_CLOSED                     a human takes the call
 *     ok CALLER_CLOSED                     the call ends as it should
 *
 * The runner writes the book anew from what the relay did; a test compares the two, so nothing can go out unnoticed.
 */
export function replay(book: string, codec: ProtocolCodec, bridge?: Bridge): string {
  const lines = book.split('\n');
  const stage = new PlaybookStage(settingsOf(lines), codec, bridge && { bridge, session: sessionOf(lines) });
  for (const line of lines) stage.play(line);
  return stage.written.join('\n');
}

/** The book without what the relay is expected to do. */
const outputs = /^(<<|!!|\?\?|\|\||xx|ok) /u;
const steps = /^(@|>>|--|~~) /u;

interface Settings {
  readonly words: WordList;
  readonly clearances: { readonly vendor: KindClearance; readonly caller: KindClearance };
  readonly facts: CallFacts;
  readonly nested: NestedScope;
  readonly parameters: ReadonlySet<string>;
  readonly strict: boolean;
  readonly limits: RelayLimits;
}

function settingsOf(lines: readonly string[]): Settings {
  const words: WordList = new Map();
  const sees: Partial<Record<PhiKind, 'pass'>> = {};
  let caller = clearanceOf('pass');
  const parameters = new Set<string>();
  const limits = { ...defaultLimits };
  let strict = false;
  let expectedCallSid: string | undefined;
  for (const line of lines) {
    const [name = '', first = '', ...rest] = line.split(' ');
    if (name === 'words' && isPhiKind(first)) words.set(rest.join(' '), first);
    else if (name === 'vendor') for (const kind of rest.join('').split(',')) if (isPhiKind(kind)) sees[kind] = 'pass';
    if (name === 'caller') caller = clearanceOf('mask');
    if (name === 'callSid') expectedCallSid = first;
    if (name === 'parameter') parameters.add(first);
    if (name === 'strict') strict = true;
    if (name === 'longest') limits.callMs = Number(first);
    if (name === 'idle') limits.idleMs = Number(first);
  }
  const clearances = { vendor: clearanceOf('mask', sees), caller };
  return {
    words,
    clearances,
    facts: { ...facts, expectedCallSid },
    nested: nestedOf(lines),
    parameters,
    strict,
    limits,
  };
}

/** What the route of a bridge wants: the settings of a session, over those of a plain one. */
const plainSession: Session = {
  instructions: 'You book appointments.',
  greeting: undefined,
  language: undefined,
  voice: undefined,
  model: undefined,
  transcriptionModel: undefined,
  thinks: undefined,
  speaks: undefined,
  silenceMs: undefined,
  tools: [],
};

export function sessionOf(lines: readonly string[]): Session {
  const said = lines.filter((line) => line.startsWith('session ')).map((line) => line.slice('session '.length));
  return said.reduce((session, text) => ({ ...session, ...(JSON.parse(text) as object) }), plainSession);
}

class PlaybookStage {
  readonly written: string[] = [];
  private readonly call: Call;
  private readonly relay: Relay;
  private now = 0;
  private clock = 0;
  private slowness = 0;
  private logIsFull = false;
  private readonly full = new Set<Way>();

  constructor(settings: Settings, codec: ProtocolCodec, bridge: BridgedRoute | undefined) {
    this.call = createCall(settings.facts);
    this.relay = createRelay({
      ...settings,
      hosts: new Set(),
      call: this.call,
      codec,
      ...(bridge === undefined ? {} : { bridge }),
      conversation: this.slowed(listConversation(settings.words)),
      now: 0,
      ports: {
        send: (way, data, binary) => {
          this.written.push(`<< ${wayNames[way]} ${binary ? `bin ${data.toString('base64')}` : data.toString()}`);
          return !this.full.has(way);
        },
        forward: {
          [Way.toVendor]: () => !this.full.has(Way.toVendor),
          [Way.toCaller]: () => !this.full.has(Way.toCaller),
        },
        pause: (way) => this.written.push(`|| pause ${wayNames[way]}`),
        resume: (way) => this.written.push(`|| resume ${wayNames[way]}`),
        close: (reason) => this.written.push(`ok ${reason}`),
        handoff: (reason) => this.written.push(`xx ${reason}`),
        audit: (event) => this.record(event),
        callTool: ({ id, name, input }) => this.written.push(`?? ${id} ${name} ${input}`),
        clock: () => this.clock,
      },
    });
  }

  play(line: string): void {
    if (outputs.test(line)) return;
    this.written.push(line);
    if (steps.test(line)) this.step(line.slice(0, 2).trim(), line.slice(2).trim());
  }

  private step(sign: string, rest: string): void {
    const [first = '', ...more] = rest.split(' ');
    if (sign === '@') this.tick(Number(first));
    else if (sign === '>>') this.arrive(first, more.join(' '));
    else if (sign === '--')
      this.relay.onClose(first === 'vendor' ? 'vendor' : 'caller', this.now, Number(more[0] ?? 1006));
    else this.happen(first, more.join(' '));
  }

  private tick(now: number): void {
    this.now = now;
    this.relay.onTick(now);
  }

  private arrive(way: string, text: string): void {
    const binary = text === 'bin' || text.startsWith('bin ');
    const data = binary ? Buffer.from(text.slice(4), 'base64') : Buffer.from(text);
    this.relay.onMessage(wayOf(way), data, binary, this.now);
  }

  private happen(what: string, argument: string): void {
    if (what === 'full') this.full.add(wayOf(argument));
    else if (what === 'drain') {
      this.full.delete(wayOf(argument));
      this.relay.onDrain(wayOf(argument));
    } else if (what === 'slow') this.slowness = Number(argument);
    else if (what === 'lag') this.relay.onAuditLag(Number(argument), this.now);
    else if (what === 'log') this.logIsFull = argument === 'full';
    else if (what === 'fault' && isReasonCode(argument)) this.relay.onFault(argument, this.now);
    else if (what === 'answer') this.answer(argument);
    else throw new Error(`The playbook says: ~~ ${what} ${argument}`);
  }

  private answer(argument: string): void {
    const [id = '', ...output] = argument.split(' ');
    this.relay.onToolAnswer({ id, output: output.join(' ') }, this.now);
  }

  private record(event: AuditEvent): boolean {
    if (this.logIsFull) return false;
    const { reason, counts, facts, totals } = event;
    this.written.push(`!! ${event.kind} ${JSON.stringify({ reason, counts, facts, totals })}`);
    return true;
  }

  /** Looking at text takes the time that the book says. */
  private slowed(conversation: Conversation): Conversation {
    return {
      ...conversation,
      utterance: (speaker, clearance) => {
        this.clock += this.slowness;
        return conversation.utterance(speaker, clearance);
      },
      aside: (text, clearance) => {
        this.clock += this.slowness;
        return conversation.aside(text, clearance);
      },
    };
  }
}

function wayOf(name: string): Way {
  if (name === 'toVendor') return Way.toVendor;
  if (name === 'toCaller') return Way.toCaller;
  throw new Error(`The playbook says: ${name} where a way is wanted`);
}

function isReasonCode(name: string): name is ReasonCode {
  return Object.hasOwn(reasons, name);
}
