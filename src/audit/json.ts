/** A parsed JSON object, its values still unknown. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The object that a JSON text holds, or undefined for anything else. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True when every named member of the object is a string. */
export function hasStrings<Name extends string>(
  value: JsonObject,
  ...names: readonly Name[]
): value is JsonObject & Readonly<Record<Name, string>> {
  return names.every((name) => typeof value[name] === 'string');
}
