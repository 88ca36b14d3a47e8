import { join } from 'node:path';
import { z } from 'zod';
import type { KindClearance } from '../../policy/clearance.ts';
import { operatorRights, purposes, Secret, type Environment, type Operator, type WebhookTap } from '../config.ts';
import { choice, identifier, kindClearances, list, mapping, reachFields, secret, text, url, whole } from './fields.ts';

/** The entries of those who read along: systems that are posted to, and operators who ask. */
export type TapShape = z.output<ReturnType<typeof tapSchema>>;
export type OperatorShape = z.output<ReturnType<typeof operatorSchema>>;

const leastSecret = 32;

export function tapSchema(environment: Environment) {
  const signing = `a secret of at least ${leastSecret} characters`;
  return mapping({
    id: identifier('a short id').describe('Short id; stands in the audit log and the metrics.'),
    kind: choice(['webhook']).describe('The transcripts are posted to url.'),
    url: url(environment, ['https:', 'http:'], 'an https:// URL, without a user name or password in it').describe(
      'Where they are posted; http:// only on this very machine.',
    ),
    secret: secret(environment, signing)
      .pipe(z.string().min(leastSecret, { error: signing }))
      .describe('Signs what is posted. Use ${NAME}, not the secret itself.'),
    events: choice(['final', 'all'])
      .default('final')
      .describe('final: each utterance once. all: also while it is being said.'),
    clearances: kindClearances().optional().describe('Changes to clearances.tap for this one.'),
    purpose: purposeField(),
    sub_processor: identifier('the id of an entry of sub_processors')
      .optional()
      .describe(
        'Where another company receives it: the entry with its agreement. Without one in force it gets nothing.',
      ),
    ...reachFields(),
    queue: mapping({
      directory: text('the path of a folder')
        .default('./taps')
        .describe('Folder of the queues; one below it for each.'),
      megabytes: whole(1, 10_000, 'megabytes').default(64).describe('Beyond it the oldest lines are given up.'),
      hours: whole(1, 720, 'hours').default(72).describe('Lines older than this are given up.'),
    })
      .prefault({})
      .describe('What waits while the receiver takes nothing. Encrypted on the disk.'),
  });
}

export function operatorSchema(environment: Environment) {
  const token = `a token of at least ${leastSecret} letters, digits and -._~+/=`;
  return mapping({
    id: identifier('a short id').describe('Short id; stands in the audit log.'),
    token: secret(environment, token)
      .pipe(z.string().regex(/^(?=.{32})[A-Za-z0-9._~+/-]+=*$/u, { error: token }))
      .describe('Sent as "Authorization: Bearer". Use ${NAME}, not the token itself.'),
    may: list(choice(operatorRights), `a list of ${operatorRights.join(', ')}`)
      .default([])
      .describe('taps: read the live transcripts.'),
    clearances: kindClearances().optional().describe('Changes to clearances.tap for this one.'),
    purpose: purposeField(),
  });
}

function purposeField() {
  return choice(purposes)
    .default('HOPERAT')
    .describe('Why it reads, for the audit log: treatment, payment, operations, coordination of care.');
}

/** The entry of a webhook; `tap` is what a tap may see by default. */
export function webhookOf(
  entry: TapShape,
  tap: KindClearance,
  certificateAuthority: string | undefined,
  path: (name: string) => string,
): WebhookTap {
  const { directory, megabytes, hours } = entry.queue;
  return {
    id: entry.id,
    url: entry.url,
    secret: new Secret(entry.secret),
    events: entry.events,
    clearance: { ...tap, ...entry.clearances },
    purpose: entry.purpose,
    subProcessor: entry.sub_processor,
    addresses: entry.addresses,
    certificateAuthority,
    queue: { directory: join(path(directory), entry.id), bytes: megabytes * 1_000_000, ageMs: hours * 3_600_000 },
  };
}

export function operatorOf({ id, token, may, clearances, purpose }: OperatorShape, tap: KindClearance): Operator {
  return { id, token: new Secret(token), may, clearance: { ...tap, ...clearances }, purpose };
}
