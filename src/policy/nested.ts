import { allow, refuse, type Decision } from './decision.ts';
import type { ReasonCode } from './reason.ts';
import { coversName, isLoopbackHost, judgeVendor, type Vendor } from './vendors.ts';

/**
 * How a message can speak of somebody behind the vendor: an address that it will call or load from; the name of a
 * company or of its dialect; a ready-made connection to another company's data; a capability whose mere presence passes
 * call data on; the model that is used; the id of a configuration kept at the vendor, which may hide all of these.
 */
export type NameForm = 'url' | 'provider' | 'connector' | 'feature' | 'model' | 'configuration';

/** What a message names, and where. `value` is empty where something other than a name stands there. */
export interface NestedName {
  /** Path as the protocol's table writes it, or `?name` of a query; holds nothing of the peer. */
  readonly at: string;
  readonly form: NameForm;
  readonly value: string;
}

/** What the practice says of the names that travel on the wire. */
export interface NestedDeclarations {
  /** Wire name (`open_ai`, `connector_gmail`, `googleSearch`) to the id of the approved sub-processor that it means. */
  readonly names: Readonly<Record<string, string>>;
  /** Ids of configurations kept at the vendor whose content the practice has checked and pinned. */
  readonly configurations: readonly string[];
}

export const nothingDeclared: NestedDeclarations = { names: {}, configurations: [] };

/** Who and what a vendor may reach on one day; made when a call is admitted. */
export interface NestedScope {
  /** Host names, with or without a port, as the approved list writes them. */
  readonly hosts: ReadonlySet<string>;
  /** Names, folded by {@link foldName}. */
  readonly names: ReadonlySet<string>;
  readonly models: readonly string[] | undefined;
  readonly configurations: ReadonlySet<string>;
}

/** The vendor itself and every approved one behind it, as far as their agreements stand today. */
export function nestedScope(
  list: readonly Vendor[],
  vendorId: string,
  today: string,
  declared: NestedDeclarations = nothingDeclared,
): NestedScope {
  const reached = reachedFrom(list, vendorId, today);
  const ids = new Set(reached.map(({ id }) => id));
  const named = Object.entries(declared.names).filter(([, id]) => ids.has(id));
  return {
    hosts: new Set(reached.flatMap(({ hosts }) => hosts)),
    names: new Set([...ids, ...named.map(([name]) => name)].map(foldName)),
    models: list.find(({ id }) => id === vendorId)?.models,
    configurations: new Set(declared.configurations),
  };
}

/** Where nothing but addresses may be named. */
export function hostsAlone(hosts: ReadonlySet<string>): NestedScope {
  return { hosts, names: new Set(), models: [], configurations: new Set() };
}

/** Spelling differs between vendors: `open_ai`, `OpenAI` and `openai` are one name. */
export function foldName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/gu, '');
}

/** May call data go where this name leads? */
export function judgeNested(scope: NestedScope, { at, form, value }: NestedName): Decision {
  const reason = faultOf(scope, form, value);
  return reason === undefined ? allow : refuse(reason, at);
}

function faultOf(scope: NestedScope, form: NameForm, value: string): ReasonCode | undefined {
  switch (form) {
    case 'url':
      return leadsTo(scope.hosts, value) ? undefined : 'SUBPROCESSOR_NOT_APPROVED';
    case 'model':
      return value !== '' && coversName(scope.models, value) ? undefined : 'BAA_OUT_OF_SCOPE';
    case 'configuration':
      return scope.configurations.has(value) ? undefined : 'SUBPROCESSOR_NOT_APPROVED';
    case 'provider':
    case 'connector':
    case 'feature':
      break;
  }
  return value !== '' && scope.names.has(foldName(value)) ? undefined : 'SUBPROCESSOR_NOT_APPROVED';
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
