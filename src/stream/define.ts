import type { ReasonCode } from '../policy/reason.ts';
import { parseObject, stringAt, valueAt, type JsonObject } from './json.ts';
import { TableMessage, type CompiledMessage } from './message.ts';
import { ShapeProver } from './peek.ts';
import { Kind, Way, type OpenMessage, type ProtocolCodec } from './protocol.ts';
import { RuleTree, snakeCase } from './rules.ts';
import { compileShape } from './shape.ts';
import { Reader, Reading } from './slots.ts';
import type { MessageSpec, ProtocolSpec, Tell } from './table.ts';

type WayName = keyof typeof Way;

/** Compiles a table. What is wrong with a table shows here, at start. */
export function defineProtocol(spec: ProtocolSpec): ProtocolCodec {
  const opener = { [Way.toVendor]: new Opener(spec, 'toVendor'), [Way.toCaller]: new Opener(spec, 'toCaller') };
  const shapes = {
    [Way.toVendor]: (spec.audio?.toVendor ?? []).map(compileShape),
    [Way.toCaller]: (spec.audio?.toCaller ?? []).map(compileShape),
  };
  const binaryIsAudio = {
    [Way.toVendor]: spec.binary.toVendor === 'audio',
    [Way.toCaller]: spec.binary.toCaller === 'audio',
  };
  return {
    name: spec.name,
    starts: spec.starts ?? false,
    continuous: spec.continuous ?? false,
    hears: spec.binary.toVendor === 'audio' || spec.audio?.toVendor !== undefined,
    messages: {
      [Way.toVendor]: Object.keys(spec.messages.toVendor),
      [Way.toCaller]: Object.keys(spec.messages.toCaller),
    },
    names: { [Way.toVendor]: namesOf(spec, 'toVendor'), [Way.toCaller]: namesOf(spec, 'toCaller') },
    query: spec.query ?? {},
    entrance: spec.entrance && { credential: undefined, needs: [], headers: [], inMessages: [], ...spec.entrance },
    parting: spec.parting,
    prover: () => new ShapeProver(shapes, binaryIsAudio),
    open: (way, data, binary) => opener[way].open(data, binary),
  };
}

function namesOf(spec: ProtocolSpec, way: WayName): readonly string[] {
  return [...new Set(Object.values(spec.messages[way]).flatMap(({ names }) => Object.keys(names ?? {})))];
}

/** An unknown message has no field that is known to hold no words: all of it is scanned. */
const unknownMessage: CompiledMessage = {
  type: 'unknown',
  spec: { kind: Kind.Unknown },
  reader: new Reader(new RuleTree(), new Map(), true),
  order: new Map(),
  stream: undefined,
  sequence: undefined,
};

/** Opens the frames of one way. */
class Opener {
  private readonly binary: 'refused' | 'audio' | 'json';
  private readonly messages: ReadonlyMap<string, CompiledMessage>;
  private readonly commands: ReadonlySet<string>;
  private readonly typeOf: (root: JsonObject) => string;

  constructor(spec: ProtocolSpec, way: WayName) {
    this.binary = spec.binary[way];
    this.messages = compileAll(spec, way);
    this.commands = new Set(spec.commands?.[way]);
    this.typeOf = teller(spec.tell[way], Object.keys(spec.messages[way]), spec.snake ?? false);
  }

  open(data: Buffer, binary: boolean): OpenMessage | ReasonCode {
    if (binary && this.binary !== 'json') return 'FRAME_WRONG_OPCODE';
    const command = this.commandOf(data);
    if (command !== undefined) return command;
    const root = parseObject(data);
    if (typeof root === 'string') return root;
    const compiled = this.messages.get(this.typeOf(root)) ?? unknownMessage;
    const reading = compiled.reader.read(root);
    return reading.malformed ? 'FRAME_MALFORMED' : new TableMessage(compiled, root, reading, binary);
  }

  private commandOf(data: Buffer): OpenMessage | undefined {
    if (this.commands.size === 0 || data.length > longestCommand) return undefined;
    const word = data.toString();
    return this.commands.has(word) ? new CommandMessage(word) : undefined;
  }
}

const longestCommand = 32;

/** A bare word of the protocol. */
class CommandMessage extends TableMessage {
  private readonly word: string;

  constructor(word: string) {
    const compiled = { ...unknownMessage, type: word, spec: { kind: Kind.Control } };
    super(compiled, {}, new Reading({}), false);
    this.word = word;
  }

  override seal(): Buffer {
    return Buffer.from(this.word);
  }
}

/** Several messages of a union in one frame count as the first of them in the table. */
function teller(tell: Tell, types: readonly string[], snake: boolean): (root: JsonObject) => string {
  if ('field' in tell) return (root) => typeByField(root, tell, types);
  const keys = [...types, ...tell.beside];
  const spellings = keys.map((key): [string, string] => [snake ? snakeCase(key) : key, key]);
  const known = new Map([...spellings, ...keys.map((key): [string, string] => [key, key])]);
  return (root) => {
    const present = new Set(Object.keys(root).map((key) => known.get(key)));
    return present.has(undefined) ? '' : (types.find((type) => present.has(type)) ?? '');
  };
}

function typeByField(root: JsonObject, tell: Extract<Tell, { field: string }>, types: readonly string[]): string {
  if (valueAt(root, tell.field) !== undefined) {
    const type = stringAt(root, tell.field) ?? '';
    return types.includes(type) && type !== tell.otherwise ? type : '';
  }
  return tell.keys?.find((key) => Object.hasOwn(root, key)) ?? tell.otherwise ?? '';
}

function compileAll(spec: ProtocolSpec, way: WayName): ReadonlyMap<string, CompiledMessage> {
  const table = Object.entries(spec.messages[way]);
  const tell = spec.tell[way];
  const together = 'union' in tell ? table.map(([, message]) => message) : [];
  return new Map(
    table.map(([type, message]) => {
      const parts = together.length > 0 ? together : [message];
      return [type, compileMessage(type, message, parts, spec, 'field' in tell ? tell.field : undefined)];
    }),
  );
}

/** In a union every message is read by the rules of all, for several may come in one frame. */
function compileMessage(
  type: string,
  message: MessageSpec,
  parts: readonly MessageSpec[],
  spec: ProtocolSpec,
  field: string | undefined,
): CompiledMessage {
  const rules = new RuleTree();
  for (const part of parts) addRules(rules, part, spec.snake ?? false);
  if (field !== undefined) rules.add(field, { is: 'wordless', form: 'enum' });
  const paths = parts.flatMap(({ known, text }) => [...Object.keys(known ?? {}), ...Object.keys(text ?? {})]);
  const finishes = parts.flatMap((part) => part.finishes ?? []);
  const cuts = parts.flatMap((part) => part.cuts ?? []);
  return {
    type,
    spec: { ...message, finishes, cuts },
    // The parameters of a tool are a JSON Schema in every protocol.
    reader: new Reader(rules, new Map(Object.entries({ $schema: 'dialect', ...spec.wordless }))),
    order: new Map(paths.map((path, index) => [path, index])),
    stream: spec.stream,
    sequence: spec.sequence,
  };
}

function addRules(rules: RuleTree, part: MessageSpec, snake: boolean): void {
  for (const [path, form] of Object.entries(part.wordless ?? {})) rules.add(path, { is: 'wordless', form }, snake);
  for (const [path, name] of Object.entries(part.names ?? {}))
    rules.add(path, { is: 'name', ...(typeof name === 'string' ? { form: name, harmless: [] } : name) }, snake);
  for (const [path, text] of Object.entries(part.text ?? {})) rules.add(path, { is: 'text', text }, snake);
  for (const [path, known] of Object.entries(part.known ?? {})) rules.add(path, { is: 'known', known }, snake);
  for (const path of part.dropped ?? []) rules.add(path, { is: 'dropped' }, snake);
  for (const path of part.free ?? []) rules.add(path, { is: 'free' }, snake);
}
