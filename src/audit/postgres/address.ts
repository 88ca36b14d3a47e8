import { isIP } from 'node:net';
import { AuditFault } from '../log.ts';

/** Where a database is. Holds a password: never in an error or a log line. */
export interface DatabaseAddress {
  /** A name, an address, or the directory of a socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  /** Undefined where the connection does not leave the machine. */
  readonly tls: { readonly authority: string | undefined } | undefined;
}

/** True for what names a log in PostgreSQL and not a directory. */
export function isDatabaseAddress(place: string): boolean {
  return /^postgres(?:ql)?:/.test(place);
}

/**
 * Takes `postgres://user@host:5432/database?sslrootcert=/path/ca.pem` apart. Rejects whatever would be less than TLS with
 * a checked certificate on a way that leaves the machine. `readAuthority` gives the content of a PEM file.
 */
export async function parseDatabaseAddress(
  text: string,
  readAuthority: (path: string) => Promise<string>,
): Promise<DatabaseAddress> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !isDatabaseAddress(text))
    throw wrong('is not of the form postgres://USER@HOST:PORT/DATABASE');
  const { searchParams } = url;
  const unknown = [...searchParams.keys()].find((name) => !['host', 'sslmode', 'sslrootcert'].includes(name));
  if (unknown !== undefined) throw wrong(`has the parameter ${unknown}; known are host, sslmode and sslrootcert`);
  const host = searchParams.get('host') ?? decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1');
  const database = decodeURIComponent(url.pathname.slice(1));
  const user = decodeURIComponent(url.username);
  if (host === '' || user === '' || database === '') throw wrong('must name a user, a host and a database');
  const password = url.password === '' ? undefined : decodeURIComponent(url.password);
  const port = url.port === '' ? 5432 : Number(url.port);
  const tls = await tlsOf(host, searchParams, readAuthority);
  return { host, port, user, password, database, tls };
}

async function tlsOf(
  host: string,
  parameters: URLSearchParams,
  readAuthority: (path: string) => Promise<string>,
): Promise<DatabaseAddress['tls']> {
  const mode = parameters.get('sslmode');
  const path = parameters.get('sslrootcert');
  if (mode === 'disable' && isLocal(host)) return undefined;
  if (mode !== null && mode !== 'verify-full') {
    throw wrong(
      `asks for sslmode=${mode}; only verify-full is taken, because records and keys cross this connection ` +
        '(on this machine itself, leave sslmode out)',
    );
  }
  if (mode === null && path === null && isLocal(host)) return undefined;
  if (path === null) return { authority: undefined };
  const authority = await readAuthority(path).catch(() => {
    throw wrong('names a file in sslrootcert that cannot be read');
  });
  return { authority };
}

/** A socket in a directory, or an address that never leaves this machine. */
function isLocal(host: string): boolean {
  if (host.startsWith('/') || host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}

function wrong(what: string): AuditFault {
  return new AuditFault('AUDIT_ADDRESS', `The address of the audit database ${what}`, 78);
}
