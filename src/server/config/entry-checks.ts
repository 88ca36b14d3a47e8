import { faultOfUrl } from '../../policy/vendors.ts';
import type { Environment, Fault } from '../config.ts';
import { routeSchema, subProcessorSchema, type RouteShape, type SubProcessorShape } from './entries.ts';
import { nearest, quoted } from './faults.ts';
import type { Path, Source } from './source.ts';
import { vendorOf } from './vendor.ts';

/**
 * Checks between entries. They go as far as the entries are sound, also when others are not, so that one start shows
 * all faults at once.
 */
export function entryFaults(source: Source, environment: Environment): Fault[] {
  const entries = new Entries(source, environment);
  return [
    ...repeated('sub_processors', 'id', source),
    ...repeated('routes', 'name', source),
    ...indices('sub_processors', source).flatMap((index) => vendorFaults(index, entries)),
    ...indices('routes', source).flatMap((index) => routeFaults(index, entries)),
  ];
}

/** The entries of a file that may have faults: every string can be asked for, a whole entry only when it is sound. */
class Entries {
  readonly source: Source;
  readonly ids: readonly string[];
  readonly #vendors: ReturnType<typeof subProcessorSchema>;
  readonly #routes: ReturnType<typeof routeSchema>;

  constructor(source: Source, environment: Environment) {
    this.source = source;
    this.ids = indices('sub_processors', source).map((index) => this.text(['sub_processors', index, 'id']) ?? '');
    this.#vendors = subProcessorSchema(environment);
    this.#routes = routeSchema(environment);
  }

  text(path: Path): string | undefined {
    const value = this.source.valueAt(path);
    return typeof value === 'string' ? value : undefined;
  }

  vendor(index: number): SubProcessorShape | undefined {
    return this.#vendors.safeParse(this.source.valueAt(['sub_processors', index])).data;
  }

  vendorNamed(id: string): SubProcessorShape | undefined {
    const index = this.ids.indexOf(id);
    return index < 0 ? undefined : this.vendor(index);
  }

  route(index: number): RouteShape | undefined {
    return this.#routes.safeParse(this.source.valueAt(['routes', index])).data;
  }

  /** A fault where the id at `path` is on no entry. */
  unknownId(path: Path, id = this.text(path)): Fault[] {
    if (id === undefined || this.ids.includes(id)) return [];
    const fault = this.source.faultAt(path, `"${id}"`, `the id of an entry of sub_processors; "${id}" is none`);
    return [{ ...fault, near: nearest(id, this.ids) }];
  }
}

function indices(key: string, source: Source): number[] {
  const value = source.valueAt([key]);
  return Array.isArray(value) ? [...value.keys()] : [];
}

function repeated(key: string, field: string, source: Source): Fault[] {
  const seen = new Set<unknown>();
  return indices(key, source).flatMap((index) => {
    const path = [key, index, field];
    const value = source.valueAt(path);
    const again = typeof value === 'string' && seen.has(value);
    seen.add(value);
    return again ? [source.faultAt(path, `the ${field} ${quoted(value)} a second time`, `another ${field}`)] : [];
  });
}

function vendorFaults(index: number, entries: Entries): Fault[] {
  const path = ['sub_processors', index];
  const entry = entries.vendor(index);
  const coverAt = [...path, 'covered_by'];
  const unknown = entries.unknownId(coverAt);
  if (entry === undefined || unknown.length > 0) return unknown;
  const { baa, covered_by: holder } = entry;
  if (holder !== undefined) return coverFaults(coverAt, entry, holder, entries);
  if (baa === undefined || baa.effective <= baa.expires) return [];
  const wanted = `a day on or after the day it takes effect, ${baa.effective}`;
  return [entries.source.faultAt([...path, 'baa', 'expires'], quoted(baa.expires), wanted)];
}

function coverFaults(path: Path, entry: SubProcessorShape, holder: string, entries: Entries): Fault[] {
  if (entry.baa !== undefined) return [entries.source.faultAt(path, 'baa as well', 'either baa or covered_by')];
  const other = entries.vendorNamed(holder);
  if (other === undefined || other.sub_processors.includes(entry.id)) return [];
  const wanted = `an entry that has "${entry.id}" among its sub_processors`;
  return [entries.source.faultAt(path, `"${holder}", which does not name "${entry.id}"`, wanted)];
}

function routeFaults(index: number, entries: Entries): Fault[] {
  const path = ['routes', index];
  const route = entries.route(index);
  if (route === undefined) return [];
  return [
    ...plaintextFaults([...path, 'url'], route, entries),
    ...headerFaults([...path, 'headers'], route, entries.source),
    ...relayFaults([...path, 'conversation_relay'], route, entries.source),
  ];
}

/**
 * That a route names a vendor, a provider or a host that is not (or no longer) on the list is no fault of the file: its
 * calls are refused. Were it one, striking a vendor off the list would be rejected and the old list stay in force.
 */
function plaintextFaults(path: Path, route: RouteShape, entries: Entries): Fault[] {
  const entry = entries.vendorNamed(route.vendor);
  const fault = entry && faultOfUrl(vendorOf(entry), route.url, route.allow_loopback_plaintext);
  if (fault?.reason !== 'VENDOR_PLAINTEXT') return [];
  const wanted = 'wss://; ws:// only to this very machine, with allow_loopback_plaintext: true';
  return [entries.source.faultAt(path, 'an unencrypted connection', wanted)];
}

/** The handshake writes these itself (RFC 6455 section 4.1). */
const handshakeHeader =
  /^(?:host|connection|upgrade|content-length|transfer-encoding|sec-websocket-(?:key|version|accept|extensions))$/iu;

function headerFaults(path: Path, route: RouteShape, source: Source): Fault[] {
  const names = Object.keys(route.headers);
  return names.flatMap((name, index) => {
    const at = [...path, name];
    if (handshakeHeader.test(name)) return [source.faultAt(at, `the header ${name}`, 'none that the handshake writes')];
    const again = names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) < index;
    return again ? [source.faultAt(at, `the header ${name} a second time`, 'each header once')] : [];
  });
}

function relayFaults(path: Path, route: RouteShape, source: Source): Fault[] {
  const present = route.conversation_relay !== undefined;
  if (present === (route.protocol === 'twilio-conversation-relay')) return [];
  return present
    ? [source.faultAt(path, `it beside protocol ${route.protocol}`, 'no such key')]
    : [source.faultAt(path, 'nothing', 'a mapping with at least tts_provider and transcription_provider')];
}
