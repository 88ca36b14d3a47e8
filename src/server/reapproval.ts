import { judgeNested, type NestedScope } from '../policy/nested.ts';
import type { ReasonCode } from '../policy/reason.ts';
import type { NamedParties } from '../stream/named.ts';
import { nestedScopeOf } from './approval.ts';
import type { LiveParties, Policy } from './policy.ts';

/** Judges live calls by the policy in force at one moment; what many calls have in common is judged once. */
export class Reapproval {
  readonly #policy: Policy;
  readonly #now: number;
  readonly #parties = new Map<string, ReasonCode | undefined>();
  readonly #scopes = new Map<string, NestedScope>();

  /** `now` is wall-clock milliseconds. */
  constructor(policy: Policy, now: number) {
    this.#policy = policy;
    this.#now = now;
  }

  /** Why a live call may not go on: who takes part in it, or whom its messages have named, is not approved any more. */
  reasonAgainst(parties: LiveParties, named: NamedParties): ReasonCode | undefined {
    return this.#againstParties(parties) ?? this.#againstNamed(parties, named);
  }

  #againstParties(parties: LiveParties): ReasonCode | undefined {
    const { app = '', route } = parties;
    const key = `${app} ${route.name} ${route.url}`;
    if (!this.#parties.has(key)) this.#parties.set(key, this.#policy.revocationOf(parties, this.#now));
    return this.#parties.get(key);
  }

  #againstNamed({ route }: LiveParties, named: NamedParties): ReasonCode | undefined {
    const names = named.all;
    if (names.length === 0) return undefined;
    const scope = this.#scopes.get(route.vendor) ?? nestedScopeOf(this.#policy.config, route, this.#now);
    this.#scopes.set(route.vendor, scope);
    return names.every((name) => judgeNested(scope, name).verdict === 'allow') ? undefined : 'VENDOR_REVOKED';
  }
}
