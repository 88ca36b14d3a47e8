import { createSecureContext, type SecureContext } from 'node:tls';
import type { Approval, ApprovedVendor } from '../policy/vendors.ts';
import { approveRoute } from './approval.ts';
import type { Config, Route } from './config.ts';

/** The configuration in force with what is made from it once. Replaced as a whole on reload. */
export class Policy {
  readonly config: Config;
  readonly authTokens: readonly string[];
  readonly #trust = new Map<string, SecureContext>();

  constructor(config: Config) {
    this.config = config;
    this.authTokens = config.twilio.authTokens.map((token) => token.reveal());
    for (const { id, certificateAuthority } of config.subProcessors) {
      if (certificateAuthority !== undefined)
        this.#trust.set(id, createSecureContext({ ca: certificateAuthority, minVersion: 'TLSv1.2' }));
    }
  }

  /** A route of Twilio. */
  route(name: string): Route | undefined {
    return this.config.routes.find((route) => route.name === name && route.app === undefined);
  }

  /** `now` is wall-clock milliseconds. */
  approve(route: Route, now: number): Approval {
    return approveRoute(this.config, route, now);
  }

  /** The route of a live call may have gone, or lead to another vendor now; either way its vendor lost the call. */
  stillApproves({ route, vendor }: { readonly route: Route; readonly vendor: ApprovedVendor }, now: number): boolean {
    const current = this.config.routes.find(({ name }) => name === route.name);
    if (current?.vendor !== vendor.id || (current.app === undefined) !== (route.app === undefined)) return false;
    // What an app asked for stands in the URL of its own call.
    const { url } = route.app === undefined ? current : route;
    return this.approve({ ...current, url }, now).verdict === 'allow';
  }

  trustOf(vendor: ApprovedVendor): SecureContext | undefined {
    return this.#trust.get(vendor.id);
  }
}
