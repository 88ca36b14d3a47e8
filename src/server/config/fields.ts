import { isIP } from 'node:net';
import { z } from 'zod';
import { phiKinds } from '../../policy/phi/kinds.ts';
import type { Environment } from '../config.ts';

/**
 * Kinds of fields. By convention the error message of every field says what is wanted, so that a fault reads
 * `found ...; wanted ...`. What was found is put in by `faults.ts`, which knows where secrets stand.
 */

const reference = /\$\{([^${}]*)\}/gu;

/** Text taken as it stands. A `${NAME}` in it is a fault: it would look replaced and not be. */
export function text(wanted: string, pattern = /\S/u): z.ZodString {
  return z
    .string({ error: wanted })
    .refine((value) => !value.includes('${'), {
      error: `${wanted}; only secrets, URLs and hosts may take \${NAME} from the environment`,
      abort: true,
    })
    .regex(pattern, { error: wanted });
}

/** Text in which `${NAME}` stands for a variable of the environment. */
export function expandable(environment: Environment, wanted: string): z.ZodType<string, string> {
  return z.string({ error: wanted }).transform((value, context) => {
    const missing = missingVariables(value, environment);
    for (const name of missing) {
      context.addIssue({
        code: 'custom',
        params: { found: `\${${name}}, which is not set` },
        message: `the environment variable ${name} with ${wanted}`,
      });
    }
    if (missing.length > 0) return z.NEVER;
    return value.replaceAll(reference, (_match, name: string) => environment[name] ?? '');
  });
}

/** Names that are referred to but not set; an empty variable counts as not set, and so does a name no shell could set. */
function missingVariables(value: string, environment: Environment): string[] {
  const names = [...value.matchAll(reference)].map((match) => match[1] ?? '');
  return [...new Set(names)].filter((name) => !environment[name]);
}

/** A secret: where it was found is said, what was found is not. */
export function secret(environment: Environment, wanted: string): z.ZodType<string, string> {
  return expandable(environment, wanted).pipe(z.string().regex(/^[^\S\r\n]*\S[^\r\n]*$/u, { error: wanted }));
}

export function url(environment: Environment, schemes: readonly string[], wanted: string): z.ZodType<string, string> {
  const accepts = (value: string): boolean => {
    if (!URL.canParse(value)) return false;
    const { protocol, username, password, hash } = new URL(value);
    return schemes.includes(protocol) && username === '' && password === '' && hash === '';
  };
  // Checks that come after it may rely on a URL.
  return expandable(environment, wanted).pipe(z.string().refine(accepts, { error: wanted, abort: true }));
}

const hostPattern = /^(?:\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::\d{1,5})?$/u;

/** A host name or literal address, with or without a port; an IPv6 address in brackets. No wildcard, no scheme. */
export function host(environment: Environment): z.ZodType<string, string> {
  const wanted = 'a host such as agent.vendor.example, written out: no scheme, no path, no *';
  return expandable(environment, wanted)
    .pipe(z.string().toLowerCase())
    .pipe(z.string().regex(hostPattern, { error: wanted }));
}

export function address(wanted: string): z.ZodString {
  return text(wanted).refine((value) => isIP(value) !== 0, { error: wanted });
}

/** An address or a range in CIDR form. */
export function addressRange(wanted: string): z.ZodString {
  return text(wanted).refine(isRange, { error: wanted });
}

function isRange(value: string): boolean {
  const [network = '', prefix, ...rest] = value.split('/');
  const family = isIP(network);
  if (family === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/u.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}

/** A calendar day that exists. */
export function day(): z.ZodString {
  const wanted = 'a calendar day such as 2026-01-31';
  return text(wanted, /^\d{4}-\d{2}-\d{2}$/u).refine(isCalendarDay, { error: wanted });
}

function isCalendarDay(value: string): boolean {
  const instant = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(value);
}

/** An identifier that is safe in paths, audit events and metric labels. */
export function identifier(wanted: string): z.ZodString {
  return text(`${wanted}: lower-case letters, digits and hyphens`, /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/u);
}

export function whole(least: number, most: number, unit: string): z.ZodInt {
  const wanted = `a whole number of ${unit} from ${least} to ${most}`;
  return z.int({ error: wanted }).min(least, { error: wanted }).max(most, { error: wanted });
}

export function choice<const Names extends readonly [string, ...string[]]>(
  names: Names,
): z.ZodEnum<{ [Name in Names[number]]: Name }> {
  return z.enum(names, { error: `one of ${names.join(', ')}` });
}

export function yesOrNo(): z.ZodBoolean {
  return z.boolean({ error: 'true or false' });
}

/** What one party may see: a clearance for some kinds. */
export function kindClearances() {
  const clearance = choice(['pass', 'mask', 'token']).optional();
  return mapping(Object.fromEntries(phiKinds.map((kind) => [kind, clearance])));
}

/** A mapping that knows all its keys. */
export function mapping<Shape extends z.core.$ZodShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const wanted = `a mapping with the keys ${Object.keys(shape).join(', ')}`;
  // An unknown key keeps zod's own message: `faults.ts` words it, with the nearest known key.
  return z.strictObject(shape, { error: (issue) => (issue.code === 'invalid_type' ? wanted : undefined) });
}

export function list<Item extends z.core.$ZodType>(item: Item, wanted: string): z.ZodArray<Item> {
  return z.array(item, { error: wanted });
}

/** Keys of whatever is reached at a host of its own. */
export function reachFields() {
  return {
    addresses: list(address('an IP address'), 'a list of IP addresses')
      .default([])
      .describe('Private addresses that it may have; public ones need no entry.'),
    certificate_authority: text('the path of a PEM file')
      .optional()
      .describe('The only authority that may vouch for it, PEM; instead of the public ones.'),
  };
}
