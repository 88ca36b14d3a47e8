import { isObject, parseInner, type Json } from './json.ts';

// Text that has a form of its own, in which it has to stay.

/**
 * JSON in a string: arguments and results of tools. Its text is looked at as a whole, for a key says what a value is; but
 * it has to stay JSON, so a number may become a word only as a string, and what escapes hide has to be seen.
 */
export function showJson(text: string, show: (text: string) => string): string | undefined {
  const root = parseInner(text);
  if (root === undefined) return undefined;
  const shown = show(text);
  if (shown === text && !text.includes('\\')) return text;
  const quoted = JSON.stringify(root, (_key, value: Json) => (typeof value === 'number' ? String(value) : value));
  const safe = show(quoted);
  if (safe === quoted) return shown;
  return JSON.stringify(withNumbers(parseInner(safe) ?? eachShown(root, show), root));
}

/** Numbers that nothing was found in are numbers again. */
function withNumbers(shown: Json, original: Json | undefined): Json {
  if (typeof original === 'number') return shown === String(original) ? original : shown;
  if (Array.isArray(shown))
    return shown.map((item, index) => withNumbers(item, Array.isArray(original) ? original[index] : undefined));
  if (!isObject(shown)) return shown;
  return Object.fromEntries(
    Object.entries(shown).map(([key, item]) => [
      key,
      withNumbers(item, isObject(original) ? original[key] : undefined),
    ]),
  );
}

/** Where no JSON is left: every value by itself. */
function eachShown(value: Json, show: (text: string) => string): Json {
  if (Array.isArray(value)) return value.map((item) => eachShown(item, show));
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [show(key), eachShown(item, show)]));
  return typeof value === 'string' || typeof value === 'number' ? show(String(value)) : value;
}

/** The host was judged before; what follows it is text like any other, read as it will be understood. */
export function showAddress(text: string, show: (text: string) => string): string {
  if (!URL.canParse(text)) return show(text);
  const { origin, pathname, search, hash } = new URL(text);
  const rest = readable(`${pathname}${search}${hash}`).replaceAll(/[/?&=#+]/gu, ' ');
  return show(rest) === rest ? text : `${origin}/`;
}

function readable(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
