import type { NestedName } from '../policy/nested.ts';
import { demandsOf } from '../policy/training.ts';
import type { ProtocolCodec } from './protocol.ts';

/**
 * The URL under which a vendor is dialled is its first configuration message: some vendors have no other. Its parameters
 * name sub-processors, carry words of the call and credentials. Nothing of it may be logged but the names of parameters.
 */

/** Whom the parameters name; to be judged like the names of a message. */
export function namesInQuery(codec: ProtocolCodec, parameters: URLSearchParams): readonly NestedName[] {
  return [...parameters].flatMap(([name, value]): NestedName[] => {
    const rule = ruleOf(codec, name);
    if (rule === 'secret' || rule === 'text' || rule === 'wordless') return [];
    return [{ at: `?${name}`, form: rule, value }];
  });
}

/** Makes the parameters say what keeps calls out of storage and training. Gives back the names of those it set. */
export function demandInQuery(codec: ProtocolCodec, parameters: URLSearchParams): readonly string[] {
  const missing = demandsOf(codec.name).query.filter(
    ({ name, must }) => parameters.getAll(name).length !== 1 || parameters.get(name) !== must,
  );
  for (const { name, must } of missing) parameters.set(name, must);
  return missing.map(({ name }) => name);
}

/** Rewrites the parameters that hold words, and those of which nothing is known. */
export function redactQuery(codec: ProtocolCodec, parameters: URLSearchParams, show: (text: string) => string): void {
  const shown = [...parameters].map(([name, value]): [string, string] => [
    name,
    ruleOf(codec, name) === 'text' ? show(value) : value,
  ]);
  for (const name of new Set(parameters.keys())) parameters.delete(name);
  for (const [name, value] of shown) parameters.append(name, value);
}

function ruleOf(codec: ProtocolCodec, name: string) {
  return Object.hasOwn(codec.query, name) ? (codec.query[name] ?? 'text') : 'text';
}
