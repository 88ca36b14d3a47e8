import { createSecureContext, type SecureContext } from 'node:tls';
import { dayAt } from '../policy/baa.ts';
import { allow, type Decision } from '../policy/decision.ts';
import { judgeVendor, type Approval, type ApprovedVendor } from '../policy/vendors.ts';
import type { ReasonCode } from '../policy/reason.ts';
import type { App } from './apps/app.ts';
import { approveAsked, approveRoute } from './approval.ts';
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

  /** A route as an app has asked for it: with the URL of its own call. */
  approveAsked(route: Route, now: number): Approval {
    return approveAsked(this.config, route, now);
  }

  appNamed(name: string | undefined): App | undefined {
    return this.config.apps.find((app) => app.name === name);
  }

  /** May an app come that is another company's? The practice's own needs no agreement. `now` is wall-clock milliseconds. */
  judgeApp({ subProcessor }: App, now: number): Decision {
    const { subProcessors, practice } = this.config;
    return subProcessor === undefined ? allow : judgeVendor(subProcessors, subProcessor, dayAt(now, practice.timeZone));
  }

  /**
   * Why a live call may not go on. Its route may have gone, or lead to another vendor now: either way its vendor lost the
   * call. The app that opened it may have been struck off.
   */
  revocationOf({ route, vendor, app }: LiveParties, now: number): ReasonCode | undefined {
    const current = this.config.routes.find(({ name }) => name === route.name);
    if (current?.vendor !== vendor.id || (current.app === undefined) !== (app === undefined)) return 'VENDOR_REVOKED';
    const opener = this.appNamed(app);
    if (app !== undefined && !this.#mayUse(opener, current)) return 'APP_NOT_ALLOWED';
    if (opener !== undefined && this.judgeApp(opener, now).verdict !== 'allow') return 'VENDOR_REVOKED';
    // What an app asked for stands in the URL of its own call.
    const approval =
      app === undefined ? this.approve(current, now) : this.approveAsked({ ...current, url: route.url }, now);
    return approval.verdict === 'allow' ? undefined : 'VENDOR_REVOKED';
  }

  #mayUse(app: App | undefined, route: Route): boolean {
    return app !== undefined && (route.app?.apps ?? []).includes(app.name);
  }

  trustOf(vendor: ApprovedVendor): SecureContext | undefined {
    return this.#trust.get(vendor.id);
  }
}
