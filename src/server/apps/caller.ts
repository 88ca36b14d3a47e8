import type { IncomingHttpHeaders } from 'node:http';
import { isNumber } from '../../stream/call.ts';
import type { GateRefusal } from '../refusal.ts';
import type { AppRoute } from './entrance.ts';

/** In which an app says whose session it is, in E.164. It ends here: no vendor is told of it. */
const callerHeader = 'x-chaperone-caller';

/** The number of whoever the session is for; empty where the app does not say it and the route does not ask. */
export function callerOf(route: AppRoute, headers: IncomingHttpHeaders, known: string): string | GateRefusal {
  if (known !== '') return known;
  const said = headers[callerHeader];
  if (said === undefined) return route.app.requiresCaller ? { reason: 'CALLER_MISSING', subject: callerHeader } : '';
  // Node makes one text, with commas, of a header that comes twice.
  return typeof said === 'string' && isNumber(said) ? said : { reason: 'CALLER_MALFORMED', subject: callerHeader };
}
