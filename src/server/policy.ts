import { createSecureContext, type SecureContext } from 'node:tls';
import type { Approval, ApprovedVendor } from '../policy/vendors.ts';
import { approveRoute, type Config, type Route } from './config.ts';

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

  route(name: string): Route | undefined {
    return this.config.routes.find((route) => route.name === name);
  }

  /** `now` is wall-clock milliseconds. */
  approve(route: Route, now: number): Approval {
    return approveRoute(this.config, route, now);
  }

  trustOf(vendor: ApprovedVendor): SecureContext | undefined {
    return this.#trust.get(vendor.id);
  }
}
