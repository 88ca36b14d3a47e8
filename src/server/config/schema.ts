import { z } from 'zod';
import { stateCodes } from '../../policy/notices.ts';
import { phiKinds } from '../../policy/phi/kinds.ts';
import type { ProfileName } from '../../policy/profiles/index.ts';
import { logLevels, type Environment } from '../config.ts';
import { isUsablePattern } from '../matchers.ts';
import { auditSchema } from './audit.ts';
import { routeSchema, subProcessorSchema } from './entries.ts';
import {
  addressRange,
  choice,
  expandable,
  kindClearances,
  list,
  mapping,
  secret,
  text,
  url,
  whole,
  yesOrNo,
} from './fields.ts';
import { appSchema } from './apps.ts';
import { operatorSchema, tapSchema } from './readers.ts';

/** The file `chaperone.yaml`, field by field. A description is what an editor shows and the reference says. */
export type FileShape = z.output<ReturnType<typeof fileSchema>>;

export interface Schemas {
  readonly file: ReturnType<typeof fileSchema>;
  /** Of the file, the block `audit` alone. */
  readonly audit: z.ZodObject<{ audit: ReturnType<typeof auditSchema> }>;
  readonly subProcessor: ReturnType<typeof subProcessorSchema>;
  readonly route: ReturnType<typeof routeSchema>;
  readonly tap: ReturnType<typeof tapSchema>;
  readonly operator: ReturnType<typeof operatorSchema>;
  readonly app: ReturnType<typeof appSchema>;
}

const made = new WeakMap<Environment, Schemas>();

/** The schemas whose references are looked up in `environment`. Made once: zod compiles them, while calls are running. */
export function schemasFor(environment: Environment): Schemas {
  const before = made.get(environment);
  if (before !== undefined) return before;
  const entries = {
    subProcessor: subProcessorSchema(environment),
    route: routeSchema(environment),
    tap: tapSchema(environment),
    operator: operatorSchema(environment),
    app: appSchema(environment),
  };
  const audit = z.object({ audit: auditSchema(environment) });
  const schemas = { ...entries, audit, file: fileSchema(environment, entries) };
  made.set(environment, schemas);
  return schemas;
}

function fileSchema(environment: Environment, entries: Omit<Schemas, 'file' | 'audit'>) {
  return mapping({
    version: z.literal(1, { error: '1' }).describe('Version of this format.'),
    practice: practiceSchema(),
    listen: listenSchema(environment),
    twilio: twilioSchema(environment).optional(),
    sub_processors: list(entries.subProcessor, 'a list of approved sub-processors')
      .default([])
      .describe('The approved list. A vendor that is not on it, or has no agreement in force, gets nothing.'),
    routes: list(entries.route, 'a list of routes')
      .default([])
      .describe('Which calls go to which vendor. A route of Twilio answers at /twilio/voice/<name>.'),
    apps: list(entries.app, 'a list of apps')
      .default([])
      .describe('Programs of the practice that open routes with caller app, by a token or a certificate.'),
    clearances: clearancesSchema(),
    handoff: handoffSchema(),
    redaction: redactionSchema(),
    taps: list(entries.tap, 'a list of webhooks')
      .default([])
      .describe('Systems of the practice that are sent the transcripts of all calls, identifiers removed.'),
    operators: list(entries.operator, 'a list of operators')
      .default([])
      .describe('Who may ask on the admin listener, by a token.'),
    audit: auditSchema(environment),
    workers: z
      .union([choice(['auto']), whole(1, 64, 'processes')], {
        error: 'auto, or a whole number of processes from 1 to 64',
      })
      .default(1)
      .describe('Processes that carry calls on one listener; auto: one for each core.'),
    limits: limitsSchema(),
    log: mapping({ level: choice(logLevels).default('info').describe('How much is logged.') })
      .prefault({})
      .describe('The log of the process; it never holds words of a call.'),
  });
}

const profileNames = ['medspa', 'therapy', 'cosmetic'] as const satisfies readonly ProfileName[];

function practiceSchema() {
  return mapping({
    name: text('the name of the practice').describe('Name of the practice, as callers know it.'),
    profile: choice(profileNames).describe('Kind of practice: chooses what is masked and when a human takes over.'),
    time_zone: text('an IANA time zone such as America/Chicago')
      .refine(isTimeZone, { error: 'an IANA time zone such as America/Chicago' })
      .describe('Where the practice is; decides which day it is for an agreement.'),
    states: list(choice(stateCodes), 'a list of states such as [CA, TX]')
      .default([])
      .describe('States from which it is called: `check` compares the notices with their laws.'),
  }).describe('The practice for which calls are taken.');
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function listenSchema(environment: Environment) {
  const tls = mapping({
    certificate: text('the path of a PEM file').describe('Certificate chain, PEM.'),
    key: text('the path of a PEM file').describe('Private key, PEM.'),
    client_authority: text('the path of a PEM file')
      .optional()
      .describe('Authorities that vouch for the certificates of apps, PEM. Without it no client is asked for one.'),
  }).describe('Our own TLS. The files are read again when they change.');
  const proxies = list(addressRange('an address or range such as 10.0.0.5 or 10.1.0.0/16'), 'a list of addresses');
  const endedBy = mapping({
    proxies: proxies.min(1, { error: 'at least one address' }).describe('Addresses or CIDR ranges of the proxy.'),
  }).describe('A proxy in front ends TLS. Plain HTTP and X-Forwarded-* count only from its addresses.');
  const calls = mapping({
    host: listenHost(environment).default('0.0.0.0').describe('Address to listen on.'),
    port: whole(0, 65_535, 'a port').default(8443).describe('Port to listen on; 0 takes a free one.'),
    public_url: url(environment, ['https:'], 'the https:// address that Twilio calls, without a path')
      .refine((value) => new URL(value).pathname === '/' && new URL(value).search === '', {
        error: 'the https:// address that Twilio calls, without a path',
      })
      .describe('Address that Twilio calls, such as https://calls.example.com. Signatures are computed over it.'),
    tls: tls.optional(),
    tls_ended_by: endedBy.optional(),
  }).describe('Where Twilio reaches chaperone.');
  const admin = mapping({
    host: listenHost(environment).default('127.0.0.1').describe('Address to listen on; loopback unless you must.'),
    port: whole(0, 65_535, 'a port').default(9464).describe('Port to listen on; 0 takes a free one.'),
  });
  return mapping({
    calls,
    admin: admin.prefault({}).describe('Health and metrics, for your own network only.'),
  }).describe('Where chaperone listens.');
}

function listenHost(environment: Environment): z.ZodType<string, string> {
  return expandable(environment, 'an address to listen on').pipe(
    z.string().regex(/^[a-z0-9.:-]+$/iu, { error: 'an address to listen on' }),
  );
}

function twilioSchema(environment: Environment) {
  const token = secret(environment, 'an auth token of the Twilio account');
  const sid = 'the account SID: AC and 32 hexadecimal digits';
  return mapping({
    account_sid: expandable(environment, sid)
      .pipe(z.string().regex(/^AC[0-9a-f]{32}$/iu, { error: sid }))
      .describe('Account SID of the Twilio account.'),
    auth_tokens: list(token, 'a list of one or two auth tokens')
      .min(1, { error: 'at least one auth token' })
      .max(2, { error: 'at most two auth tokens: the current one and, while rotating, the other' })
      .describe('Auth token; two while you rotate it. Use ${TWILIO_AUTH_TOKEN}, not the token itself.'),
  }).describe('The Twilio account whose calls are taken.');
}

function handoffSchema() {
  return mapping({
    crisis: yesOrNo().optional().describe('Words of suicide, self-harm or harm to others.'),
    emergency: yesOrNo().optional().describe('Words of danger to a body now.'),
    person: yesOrNo().optional().describe('A caller who asks for a person, or an agent who announces one.'),
    zero_key: yesOrNo().optional().describe('The key 0, pressed alone: as person, unless it says otherwise.'),
    therapeutic_talk: yesOrNo().optional().describe('Symptoms disclosed, advice asked for; on in the profile therapy.'),
  })
    .prefault({})
    .describe('What in the words of a call sends it to a human; changes to the defaults of the profile.');
}

function clearancesSchema() {
  const kinds = kindClearances();
  return mapping({
    vendor: kinds.optional().describe('What the AI vendor may see.'),
    caller: kinds.optional().describe('What the caller may hear.'),
    app: kinds.optional().describe('What the own app of the practice may see.'),
    tap: kinds.optional().describe('What a live transcript may show.'),
  })
    .prefault({})
    .describe('Changes to the defaults of the profile: pass the words, mask them, or replace them by a pseudonym.');
}

function redactionSchema() {
  const kind = z.enum(phiKinds, { error: `one of ${phiKinds.join(', ')}` }).describe('The kind that it is masked as.');
  const term = mapping({ text: text('a word or a phrase').describe('Found in any case, as whole words.'), kind });
  const wanted = 'a pattern that the linear-time engine RE2 takes and that does not match nothing';
  const pattern = mapping({
    pattern: text(wanted)
      .refine(isUsablePattern, { error: wanted })
      .describe('RE2 syntax, any case, matched where a word begins: (?:gc|club)-[0-9]{6}'),
    kind,
  });
  return mapping({
    terms: list(term, 'a list of terms').default([]).describe('Words of this practice that identify somebody.'),
    patterns: list(pattern, 'a list of patterns')
      .max(32, { error: 'at most 32 patterns' })
      .default([])
      .describe('Numbers with a form of their own.'),
    vocabulary: list(text('a word or a phrase'), 'a list of terms')
      .default([])
      .describe('Terms of your trade that are no names: they pass in hints to a recogniser (keyterm).'),
  })
    .prefault({})
    .describe('What is removed beside what the redactor knows by itself.');
}

function limitsSchema() {
  return mapping({
    calls: whole(1, 100_000, 'calls').default(200).describe('Simultaneous calls; one more goes to a human.'),
    busy_percent: whole(10, 100, 'percent')
      .default(75)
      .describe('Share of its core that a process may be busy; above it new calls go to a human. 100: no limit.'),
    lag_ms: whole(10, 10_000, 'milliseconds').default(100).describe('Lateness of its timers, in the same way.'),
    memory_mib: whole(128, 1_048_576, 'MiB').optional().describe('Memory of a process, in the same way.'),
    frame_budget_ms: whole(1, 1000, 'milliseconds').default(100).describe('Redaction of one frame; over it: masked.'),
    dial_ms: whole(100, 60_000, 'milliseconds').default(5000).describe('Time for the vendor to answer.'),
    idle_s: whole(5, 3600, 'seconds').default(120).describe('Silence of both sides that ends the AI part of a call.'),
    max_call_s: whole(30, 86_400, 'seconds').default(3600).describe('Longest AI part of a call.'),
    drain_s: whole(0, 3600, 'seconds').default(30).describe('Time for running calls after SIGTERM.'),
  })
    .prefault({})
    .describe('Bounds.');
}
