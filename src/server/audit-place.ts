import { readFile } from 'node:fs/promises';
import type { PlaceName } from '../audit/place.ts';
import { parseDatabaseAddress, type DatabaseAddress } from '../audit/postgres/address.ts';
import type { AuditSettings } from './audit-settings.ts';

/** The address behind a URL of PostgreSQL. Rejects with an AuditFault that does not quote it: it may hold a password. */
export function openAddress(url: string): Promise<DatabaseAddress> {
  return parseDatabaseAddress(url, (path) => readFile(path, 'utf8'));
}

/** Where the log of a configuration is. */
export async function placeOfSettings({ directory, store }: AuditSettings): Promise<PlaceName> {
  return store === undefined ? { directory } : { directory, address: await openAddress(store.url.reveal()) };
}
