import { createHash } from 'node:crypto';

/**
 * SHA-256 over data in one canonical form: keys sorted, no white space, what is undefined left out. Secrets show
 * themselves to JSON as `[secret]`, so that a rotated token changes no hash.
 */
export function policyHash(policy: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(policy, (_key, value: unknown) => (isMapping(value) ? sorted(value) : value)))
    .digest('hex');
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sorted(mapping: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(mapping).sort(([first], [second]) => (first < second ? -1 : 1)));
}
