import type { AdmittedCall } from '../opener.ts';
import type { Policy } from '../policy.ts';
import type { GateRefusal, HttpAnswer } from '../refusal.ts';
import { AppGate, type AppGateServices, type AppRequest } from './gate.ts';
import { AppIdentities } from './identity.ts';
import { answerSideRequest } from './side-requests.ts';

/** What the practice's own apps meet. */
export class AppFront {
  readonly #services: AppGateServices & { readonly policy: () => Policy };
  readonly #gate: AppGate;

  constructor(services: Omit<AppGateServices, 'identities'> & { readonly policy: () => Policy }) {
    const identities = new AppIdentities(services.policy().config.apps);
    this.#services = { ...services, identities };
    this.#gate = new AppGate(this.#services);
  }

  /** The policy in force has changed. */
  reload(): void {
    this.#services.identities.useApps(this.#services.policy().config.apps);
  }

  admit(request: AppRequest): Promise<AdmittedCall | GateRefusal> {
    return this.#gate.admit(this.#services.policy(), request);
  }

  /** What somebody gets to hear of a process that takes no call, and why. */
  turnAway(request: AppRequest, refusal: GateRefusal): GateRefusal {
    return this.#gate.turnAway(this.#services.policy(), request, refusal);
  }

  /** The answer to a request that is no upgrade. */
  answer(method: string, request: AppRequest): HttpAnswer {
    const { policy, identities, now } = this.#services;
    return answerSideRequest({ gate: this.#gate, identities, now }, policy(), method, request);
  }
}
