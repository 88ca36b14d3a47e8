import { allow, refuse, type Decision } from './decision.ts';
import type { ReasonCode } from './reason.ts';
import { coversName, isLoopbackHost, judgeVendor, type Vendor } from './vendors.ts';

/**
 * How a message can speak of somebody behind the vendor: an address that it will call or load from; the name of a
 * company or of its dialect; a ready-made connection to another company's data; a capability whose mere presence passes
 * call data on; the model that is used, and the region it runs in; the id of a configuration kept at the vendor, which
 * may hide all of these.
 */
export type NameForm = 'url' | 'provider' | 'connector' | 'feature' | 'model' | 'region' | 'configuration';

/** What a message names, and where. `value` is empty where something other than a name stands there. */
export interface NestedName {
  /** Path as the protocol's table writes it, or `?name` of a query; holds nothing of the peer. */
  readonly at: string;
  readonly form: NameForm;
  readonly value: string;
  /** Wire name of the provider whose agreement has to cover a model or region; missing: the vendor's own. */
  readonly of?: string;
}

/** What the practice says of the names that travel on the wire. */
export interface NestedDeclarations {
  /** Wire name (`open_ai`, `connector_gmail`, `googleSearch`) to the id of the approved sub-processor that it means. */
  readonly names: Readonly<Record<string, string>>;
  /** Ids of configurations kept at the vendor whose content the practice has checked and pinned. */
  readonly configurations: readonly string[];
}

export const nothingDeclared: NestedDeclarations = { names: {}, configurations: [] };

/** What one agreement covers; undefined: it sets no limit. */
export type Cover = Pick<Vendor, 'models' | 'regions'>;

/** Who and what a vendor may reach on one day; made when a call is admitted. */
export interface NestedScope extends Cover {
  /** Host names, with or without a port, as the approved list writes them. */
  readonly hosts: ReadonlySet<string>;
  /** Names, folded by {@link foldName}. */
  readonly names: ReadonlySet<string>;
  /** By folded name, what the agreements of those behind the vendor cover. */
  readonly covers: ReadonlyMap<string, Cover>;
  readonly configurations: ReadonlySet<string>;
}

/** The vendor itself and every approved one behind it, as far as their agreements stand today. */
export function nestedScope(
  list: readonly Vendor[],
  vendorId: string,
  today: string,
  declared: NestedDeclarations = nothingDeclared,
): NestedScope {
  const reached = new Map(reachedFrom(list, vendorId, today).map((vendor) => [vendor.id, vendor]));
  const named = [...[...reached.keys()].map((id) => [id, id] as const), ...Object.entries(declared.names)];
  const covers = new Map(
    named.flatMap(([name, id]): [string, Cover][] => {
      const vendor = reached.get(id);
      return vendor === undefined ? [] : [[foldName(name), vendor]];
    }),
  );
  const vendor = list.find(({ id }) => id === vendorId);
  return {
    hosts: new Set([...reached.values()].flatMap(({ hosts }) => hosts)),
    names: new Set(covers.keys()),
    models: vendor?.models,
    regions: vendor?.regions,
    covers,
    configurations: new Set(declared.configurations),
  };
}

/** Where nothing but addresses may be named. */
export function hostsAlone(hosts: ReadonlySet<string>): NestedScope {
  return { hosts, names: new Set(), models: [], regions: [], covers: new Map(), configurations: new Set() };
}

/** Spelling differs between vendors: `open_ai`, `OpenAI` and `openai` are one name. */
export function foldName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/gu, '');
}

/** What of a name is put on record: an address without the places where one holds a secret. */
export function recorded({ form, value }: NestedName): string {
  if (form !== 'url' || !URL.canParse(value)) return value;
  const { protocol, host, pathname } = new URL(value);
  return `${protocol}//${host}${pathname}`;
}

/** May call data go where this name leads? */
export function judgeNested(scope: NestedScope, name: NestedName): Decision {
  const reason = faultOf(scope, name);
  return reason === undefined ? allow : refuse(reason, name.at);
}

function faultOf(scope: NestedScope, { form, value, of }: NestedName): ReasonCode | undefined {
  // Whoever is in no agreement is refused by its own name.
  const cover = scope.covers.get(foldName(of ?? '')) ?? scope;
  switch (form) {
    case 'url':
      return leadsTo(scope.hosts, value) ? undefined : 'SUBPROCESSOR_NOT_APPROVED';
    case 'model':
      return coversModel(cover, value) ? undefined : 'BAA_OUT_OF_SCOPE';
    case 'region':
      return value !== '' && coversName(cover.regions, value) ? undefined : 'BAA_OUT_OF_SCOPE';
    case 'configuration':
      return scope.configurations.has(value) ? undefined : 'SUBPROCESSOR_NOT_APPROVED';
    case 'provider':
    case 'connector':
    case 'feature':
      break;
  }
  return value !== '' && scope.names.has(foldName(value)) ? undefined : 'SUBPROCESSOR_NOT_APPROVED';
}

/** A model may be written as a resource, `projects/…/locations/us-central1/publishers/google/models/…`: with its region. */
function coversModel({ models, regions }: Cover, value: string): boolean {
  const region = /(?:^|\/)locations\/([^/]+)/u.exec(value)?.[1];
  const short = value.replace(/^.*\/publishers\/[^/]+\//u, '');
  const covered = [value, short, short.replace(/^models\//u, '')].some((name) => coversName(models, name));
  return value !== '' && coversName(regions, region) && covered;
}

/** Encrypted, without credentials in the URL, to a listed host. A loopback host must be listed like any other. */
function leadsTo(hosts: ReadonlySet<string>, text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, port, username, password } = new URL(text);
  const encrypted = protocol === 'https:' || protocol === 'wss:' || isLoopbackHost(hostname);
  const listed = hosts.has(hostname) || hosts.has(`${hostname}:${port === '' ? '443' : port}`);
  return encrypted && listed && username === '' && password === '';
}

function reachedFrom(list: readonly Vendor[], vendorId: string, today: string): readonly Vendor[] {
  const reached = new Map<string, Vendor>();
  const visit = (id: string, parent?: string): void => {
    const vendor = list.find((entry) => entry.id === id);
    if (vendor === undefined || reached.has(id) || judgeVendor(list, id, today, {}, parent).verdict !== 'allow') return;
    reached.set(id, vendor);
    for (const behind of vendor.subProcessors) visit(behind, id);
  };
  visit(vendorId);
  return [...reached.values()];
}
