import type { AuditLog } from '../audit/log.ts';
import type { ReasonCode } from '../policy/reason.ts';
import { classOf } from './address.ts';
import type { Operator, OperatorRight } from './config.ts';
import { digestOf, sameDigest } from './digest.ts';
import type { StrangerLog } from './strangers.ts';

/** The operators of the configuration. Tokens are compared as digests, all of them, in a time that tells nothing. */
export class Operators {
  readonly #entries: readonly { readonly operator: Operator; readonly digest: Buffer }[];

  constructor(operators: readonly Operator[]) {
    this.#entries = operators.map((operator) => ({ operator, digest: digestOf(operator.token.reveal()) }));
  }

  /** Whose token an `Authorization` header bears (RFC 6750 section 2.1). */
  identify(authorization: string | undefined): Operator | undefined {
    const presented = digestOf(/^bearer +([^ ]+) *$/iu.exec(authorization ?? '')?.[1] ?? '');
    let found: Operator | undefined;
    for (const { operator, digest } of this.#entries) if (sameDigest(digest, presented)) found = operator;
    return found;
  }

  /** The entry as it is now of somebody who came in with an earlier one; undefined when it is gone or has another token. */
  current(operator: Operator): Operator | undefined {
    const digest = digestOf(operator.token.reveal());
    return this.#entries.find((entry) => entry.operator.id === operator.id && sameDigest(entry.digest, digest))
      ?.operator;
  }
}

/** A request as far as it says who asks. */
export interface OperatorRequest {
  readonly authorization: string | undefined;
  /** Address of the peer. */
  readonly address: string;
  readonly encrypted: boolean;
}

export interface DoorServices {
  readonly audit: Pick<AuditLog, 'record'>;
  readonly strangers: StrangerLog;
  readonly operators: () => Operators;
}

/**
 * Who may ask for what on the admin listener; refusals are recorded as `access.denied`. In plain text a token is only
 * taken from this very machine: it would be read on the way.
 */
export function admitOperator(
  { audit, strangers, operators }: DoorServices,
  request: OperatorRequest,
  right: OperatorRight,
): Operator | ReasonCode {
  const denied = { kind: 'access.denied', outcome: 'refused', facts: { right } } as const;
  if (!request.encrypted && classOf(request.address) !== 'loopback') {
    strangers.record({ ...denied, actor: 'system', reason: 'PLAINTEXT_REFUSED' });
    return 'PLAINTEXT_REFUSED';
  }
  const operator = operators().identify(request.authorization);
  if (operator === undefined) {
    strangers.record({ ...denied, actor: 'system', reason: 'OPERATOR_UNKNOWN' });
    return 'OPERATOR_UNKNOWN';
  }
  if (operator.may.includes(right)) return operator;
  audit.record({ ...denied, actor: `user:${operator.id}`, reason: 'OPERATOR_NOT_ALLOWED' });
  return 'OPERATOR_NOT_ALLOWED';
}
