import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { missingFrom, missingSentence } from '../policy/notices.ts';
import { carrierId } from '../policy/vendors.ts';
import { appWarnings } from './app-posture.ts';
import { isAppRoute } from './apps/entrance.ts';
import { auditWarnings } from './audit-posture.ts';
import type { CallsListener, Config, Route } from './config.ts';
import { nearest } from './config/faults.ts';
import { dutiesOf } from './human.ts';

/** What of a configuration is allowed but should be known. `now` is wall-clock milliseconds. */
export function configurationWarnings(config: Config, now: number): readonly string[] {
  return [...listWarnings(config), ...listenerWarnings(config, now)];
}

function listWarnings(config: Config): string[] {
  const warnings: string[] = [];
  if (config.routes.length === 0) warnings.push('There is no route: no call is taken');
  if (config.subProcessors.length === 0) warnings.push('The approved list is empty: no vendor may be called');
  else if (
    config.routes.some(({ app }) => app === undefined) &&
    !config.subProcessors.some(({ id }) => id === carrierId)
  ) {
    warnings.push(`Twilio carries every call and is not on the list: record its agreement under the id ${carrierId}`);
  }
  const secrets = config.literalSecrets.map((path) => `${path} stands in the file itself: put it into the environment`);
  return [
    ...warnings,
    ...auditWarnings(config.audit),
    ...secrets,
    ...config.routes.flatMap((route) => routeWarnings(route, config)),
  ];
}

function routeWarnings(route: Route, config: Config): string[] {
  const { name, vendor } = route;
  const warnings = isAppRoute(route) ? appWarnings(route, config) : carrierWarnings(route, config);
  const { subProcessors } = config;
  const ids = subProcessors.map(({ id }) => id);
  const near = ids.includes(vendor) ? undefined : nearest(vendor, ids);
  if (near !== undefined)
    warnings.push(`Route ${name} names "${vendor}", which is not on the list: is "${near}" meant?`);
  return warnings;
}

/** Of a route of Twilio: what a caller would miss. */
function carrierWarnings({ name, human, notice }: Route, config: Config): string[] {
  const lacks = missingFrom(notice, dutiesOf(config));
  const warnings = lacks.map((duty) => `The notice of route ${name} ${missingSentence(duty)}`);
  if (human.dial === undefined) {
    warnings.push(
      `Route ${name} has no human.dial: when the AI cannot go on, the caller hears a sentence and no person`,
    );
  }
  return warnings;
}

function listenerWarnings({ admin, calls }: Config, now: number): string[] {
  const warnings: string[] = [];
  if (!['127.0.0.1', '::1', 'localhost'].includes(admin.host)) {
    warnings.push(`The admin listener is open to ${admin.host}: let only your own network reach it`);
  }
  if (calls.transport.kind === 'tls') warnings.push(...certificateWarnings(calls, calls.transport.certificate, now));
  return warnings;
}

const renewalDays = 14;

function certificateWarnings(calls: CallsListener, pem: string, now: number): string[] {
  const certificate = new X509Certificate(pem);
  const { hostname } = new URL(calls.publicUrl);
  const days = Math.floor((Date.parse(certificate.validTo) - now) / 86_400_000);
  const warnings: string[] = [];
  if (days < 0) warnings.push('The certificate for calls has expired');
  else if (days < renewalDays) warnings.push(`The certificate for calls is valid for ${days} more days`);
  if (!names(certificate, hostname)) {
    warnings.push(`The certificate for calls does not name ${hostname}: Twilio will not connect`);
  }
  return warnings;
}

function names(certificate: X509Certificate, hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/gu, '');
  return (isIP(bare) === 0 ? certificate.checkHost(bare) : certificate.checkIP(bare)) !== undefined;
}
