import type { DatabaseAddress } from './postgres/address.ts';
import { openDatabasePlace } from './postgres/place.ts';
import { openSource, type LogPlace } from './reader.ts';
import type { PlaceReport, VerifyReport } from './verdict.ts';
import { verifyLog, type VerifyOptions } from './verify.ts';

/** Where a log is: a directory, or where an address is given a database. */
export interface PlaceName {
  readonly directory: string;
  readonly address?: DatabaseAddress | undefined;
}

/** Does work with the logs of a place. Rejects with `AUDIT_MISSING` where there is none. */
export async function withPlace<T>(name: PlaceName, work: (place: LogPlace) => Promise<T>): Promise<T> {
  const place = await openPlace(name);
  try {
    return await work(place);
  } finally {
    await place.close();
  }
}

/** Verifies what is there: a directory too of which so little is left that nothing can be read. */
export async function verifyPlace(name: PlaceName, options: VerifyOptions): Promise<PlaceReport> {
  if (name.address === undefined) return reportOf(await verifyLog(name.directory, options));
  return withPlace(name, (place) => place.verify(options));
}

async function openPlace({ directory, address }: PlaceName): Promise<LogPlace> {
  if (address !== undefined) return openDatabasePlace(address);
  const source = await openSource(directory);
  return {
    sources: [source],
    verify: async (options) => reportOf(await verifyLog(directory, options)),
    close: async () => undefined,
  };
}

function reportOf(report: VerifyReport): PlaceReport {
  const { verdict, exitCode, sentence, warnings } = report;
  return { verdict, exitCode, sentence, warnings, logs: [report] };
}
