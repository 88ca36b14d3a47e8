import type { ReasonCode } from '../policy/reason.ts';
import { parseObject, stringAt } from './json.ts';
import { TableMessage, type CompiledMessage } from './message.ts';
import { compileShape, ShapeProver, type CompiledShape } from './peek.ts';
import { Kind, Way, type OpenMessage, type ProtocolCodec } from './protocol.ts';
import { Reader, RuleTree } from './slots.ts';
import type { MessageSpec, ProtocolSpec } from './table.ts';

function compileMessage(type: string, spec: MessageSpec, protocol: ProtocolSpec): CompiledMessage {
  const rules = new RuleTree();
  for (const [path, form] of Object.entries(spec.wordless ?? {})) rules.add(path, { is: 'wordless', form });
  for (const [path, text] of Object.entries(spec.text ?? {})) rules.add(path, { is: 'text', text });
  for (const [path, known] of Object.entries(spec.known ?? {})) rules.add(path, { is: 'known', known });
  rules.add(protocol.discriminator, { is: 'wordless', form: 'enum' });
  const paths = [...Object.keys(spec.known ?? {}), ...Object.keys(spec.text ?? {})];
  return {
    type,
    spec,
    reader: new Reader(rules, new Map(Object.entries(protocol.wordless))),
    order: new Map(paths.map((path, index) => [path, index])),
    stream: protocol.stream,
    sequence: protocol.sequence,
  };
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

type CompiledMessages = ReadonlyMap<string, CompiledMessage>;

/** Compiles a table. What is wrong with a table shows here, at start. */
export function defineProtocol(spec: ProtocolSpec): ProtocolCodec {
  const messages: Readonly<Record<Way, CompiledMessages>> = {
    [Way.toVendor]: compileAll(spec.messages.toVendor, spec),
    [Way.toCaller]: compileAll(spec.messages.toCaller, spec),
  };
  const shapes: Readonly<Record<Way, readonly CompiledShape[]>> = {
    [Way.toVendor]: spec.audio.toVendor.map(compileShape),
    [Way.toCaller]: spec.audio.toCaller.map(compileShape),
  };
  const binaryIsAudio: Readonly<Record<Way, boolean>> = {
    [Way.toVendor]: spec.binary.toVendor === 'audio',
    [Way.toCaller]: spec.binary.toCaller === 'audio',
  };
  return {
    name: spec.name,
    starts: spec.starts,
    continuous: spec.continuous,
    messages: {
      [Way.toVendor]: [...messages[Way.toVendor].keys()],
      [Way.toCaller]: [...messages[Way.toCaller].keys()],
    },
    prover: () => new ShapeProver(shapes, binaryIsAudio),
    open: (way, data, binary) => openFrame(spec, messages[way], data, binary),
  };
}

function compileAll(table: Readonly<Record<string, MessageSpec>>, spec: ProtocolSpec): CompiledMessages {
  return new Map(Object.entries(table).map(([type, message]) => [type, compileMessage(type, message, spec)]));
}

function openFrame(
  spec: ProtocolSpec,
  messages: CompiledMessages,
  data: Buffer,
  binary: boolean,
): OpenMessage | ReasonCode {
  if (binary) return 'FRAME_WRONG_OPCODE';
  const root = parseObject(data);
  if (typeof root === 'string') return root;
  const compiled = messages.get(stringAt(root, spec.discriminator) ?? '') ?? unknownMessage;
  const reading = compiled.reader.read(root);
  return reading.malformed ? 'FRAME_MALFORMED' : new TableMessage(compiled, root, reading);
}
