import type { NestedName } from '../policy/nested.ts';
import { demandsOf } from '../policy/training.ts';
import { showAddress, showJson } from './embedded.ts';
import { isObject, parseInner, stringAt } from './json.ts';
import type { ProtocolCodec, QueryRule } from './protocol.ts';

/**
 * The URL under which a vendor is dialled is its first configuration message: some vendors have no other. Its parameters
 * name sub-processors, carry words of the call and credentials. Nothing of it may be logged but the names of parameters.
 */

/** Whom the parameters name; to be judged like the names of a message. */
export function namesInQuery(codec: ProtocolCodec, parameters: URLSearchParams): readonly NestedName[] {
  return [...parameters].flatMap(([name, value]) => named(codec, name, nameIn(value)));
}

/** Whom an app would have to name in the URL and does not: the vendor would choose, and nobody would know whom. */
export function unnamedInQuery(codec: ProtocolCodec, parameters: URLSearchParams): readonly NestedName[] {
  const needs = codec.entrance?.needs ?? [];
  return needs.filter((name) => (parameters.get(name) ?? '') === '').flatMap((name) => named(codec, name, ''));
}

function named(codec: ProtocolCodec, name: string, value: string): NestedName[] {
  const rule = ruleOf(codec, name);
  if (rule === 'secret' || rule === 'passed' || rule === 'text' || rule === 'hint' || rule === 'wordless') return [];
  return [{ at: `?${name}`, form: rule, value }];
}

/** Makes the parameters say what keeps calls out of storage and training. Gives back the names of those it set. */
export function demandInQuery(codec: ProtocolCodec, parameters: URLSearchParams): readonly string[] {
  const missing = demandsOf(codec.name).query.filter(
    ({ name, must }) => parameters.getAll(name).length !== 1 || parameters.get(name) !== must,
  );
  for (const { name, must } of missing) parameters.set(name, must);
  return missing.map(({ name }) => name);
}

/** A parameter may hold a configuration as JSON: then the model stands for whoever runs it. */
function nameIn(value: string): string {
  const inner = parseInner(value);
  if (inner === undefined) return value;
  return isObject(inner) ? (stringAt(inner, 'model') ?? '') : '';
}

/** What a setting looks like: a number, a name, an id, the day of a version; no telephone number. */
const setting = /^(?!\+?\d(?:[-.]?\d){8})[\w.:/,;=-]{0,256}$/u;

/** What of a parameter the vendor may see. A setting and a name go on as they are while they look like one. */
export function shownParameter(
  codec: ProtocolCodec,
  name: string,
  value: string,
  show: (text: string, hint: boolean) => string,
): string {
  const rule = ruleOf(codec, name);
  const look = (text: string): string => show(text, rule === 'hint');
  if (rule === 'secret' || rule === 'passed') return value;
  if (rule === 'url') return showAddress(value, look);
  if (rule !== 'text' && rule !== 'hint' && setting.test(value)) return value;
  return showJson(value, look) ?? look(value);
}

function ruleOf(codec: ProtocolCodec, name: string): QueryRule {
  return Object.hasOwn(codec.query, name) ? (codec.query[name] ?? 'text') : 'text';
}
