import { createSecureContext, type SecureContext } from 'node:tls';
import type { Approval, ApprovedVendor } from '../policy/vendors.ts';
import type { ReasonCode } from '../policy/reason.ts';
import { approveRoute } from './approval.ts';
import type { Config, Route } from './config.ts';

/** Who takes part in a live call beside the caller. */
export interface LiveParties {
  readonly route: Route;
  readonly vendor: ApprovedVendor;
  /** Name of the app that opened it; undefined where Twilio did. */
  readonly app: string | undefined;
}

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

  /**
   * Why a live call may not go on. Its route may have gone, or lead to another vendor now: either way its vendor lost the
   * call. The app that opened it may have been struck off.
   */
  revocationOf({ route, vendor, app }: LiveParties, now: number): ReasonCode | undefined {
    const current = this.config.routes.find(({ name }) => name === route.name);
    if (current?.vendor !== vendor.id || (current.app === undefined) !== (app === undefined)) return 'VENDOR_REVOKED';
    if (app !== undefined && !this.#mayUse(app, current)) return 'APP_NOT_ALLOWED';
    // What an app asked for stands in the URL of its own call.
    const { url } = app === undefined ? current : route;
    return this.approve({ ...current, url }, now).verdict === 'allow' ? undefined : 'VENDOR_REVOKED';
  }

  #mayUse(app: string, route: Route): boolean {
    return (route.app?.apps ?? []).includes(app) && this.config.apps.some(({ name }) => name === app);
  }

  trustOf(vendor: ApprovedVendor): SecureContext | undefined {
    return this.#trust.get(vendor.id);
  }
}
