import { BlockList, isIP } from 'node:net';
import type { AddressClass } from '../policy/tls.ts';

/** Ranges of the IANA special-purpose registries (RFC 6890 and its updates), the first match counts. */
const ranges: readonly (readonly [AddressClass, string, number])[] = [
  ['loopback', '127.0.0.0', 8],
  ['loopback', '::1', 128],
  ['private', '10.0.0.0', 8],
  ['private', '172.16.0.0', 12],
  ['private', '192.168.0.0', 16],
  ['private', '100.64.0.0', 10],
  ['private', 'fc00::', 7],
  ['link-local', '169.254.0.0', 16],
  ['link-local', 'fe80::', 10],
  ['reserved', '0.0.0.0', 8],
  ['reserved', '192.0.0.0', 24],
  ['reserved', '192.0.2.0', 24],
  ['reserved', '198.18.0.0', 15],
  ['reserved', '198.51.100.0', 24],
  ['reserved', '203.0.113.0', 24],
  ['reserved', '224.0.0.0', 3],
  ['reserved', '::', 128],
  ['reserved', '64:ff9b::', 96],
  ['reserved', '100::', 64],
  ['reserved', '2001:db8::', 32],
  ['reserved', '2002::', 16],
  ['reserved', 'ff00::', 8],
];

const lists = new Map<AddressClass, BlockList>();
for (const [name, network, prefix] of ranges) {
  const list = lists.get(name) ?? new BlockList();
  list.addSubnet(network, prefix, isIP(network) === 4 ? 'ipv4' : 'ipv6');
  lists.set(name, list);
}

/** The class of an address; an IPv4 address written as IPv6 (`::ffff:10.0.0.1`) is judged as the IPv4 address it is. */
export function classOf(address: string): AddressClass {
  const family = isIP(address);
  if (family === 0) return 'reserved';
  for (const [name, list] of lists) {
    if (list.check(address, family === 4 ? 'ipv4' : 'ipv6')) return name;
  }
  return 'public';
}

/** The addresses and ranges (`10.1.0.0/16`) of a list, to be asked with {@link isIn}. */
export function rangesOf(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [network = '', prefix] = entry.split('/');
    const family = isIP(network) === 4 ? 'ipv4' : 'ipv6';
    if (prefix === undefined) list.addAddress(network, family);
    else list.addSubnet(network, Number(prefix), family);
  }
  return list;
}

export function isIn(list: BlockList, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 4 ? 'ipv4' : 'ipv6');
}
