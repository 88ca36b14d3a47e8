import { allow, refuse, type Decision } from './decision.ts';
import type { ApprovedVendor } from './vendors.ts';

/** Where an address lies. `reserved`: multicast, unspecified, documentation, carrier-grade and the like. */
export type AddressClass = 'public' | 'loopback' | 'private' | 'link-local' | 'reserved';

/** A resolved address, classified by whoever may use a network library. */
export interface AddressFacts {
  readonly address: string;
  readonly addressClass: AddressClass;
}

/** What the socket to a vendor turned out to be. Judged before the first byte of a call is sent. */
export interface ConnectionFacts extends AddressFacts {
  /** As Node names it (`TLSv1.3`); undefined on a plain connection. */
  readonly protocol: string | undefined;
  /** IANA name of the cipher suite (`TLS_AES_256_GCM_SHA384`); undefined on a plain connection. */
  readonly cipher: string | undefined;
  /** The certificate chain, its dates and the host name were verified. */
  readonly authorised: boolean;
  /** SHA-256 of the SubjectPublicKeyInfo of the certificate, base64. */
  readonly spki: string | undefined;
}

/** Whom a connection is made to, as far as the connection is judged by it: an approved vendor, or a webhook. */
export type Peer = Pick<ApprovedVendor, 'id' | 'url' | 'loopback' | 'addresses' | 'pins'>;

/** May the peer be reached at this address? To be asked in the lookup of the very socket that then connects. */
export function judgeAddress(vendor: Peer, facts: AddressFacts): Decision {
  const allowed =
    facts.addressClass === 'public' ||
    (facts.addressClass === 'loopback' && vendor.loopback) ||
    vendor.addresses.includes(facts.address);
  return allowed ? allow : refuse('VENDOR_ADDRESS_REFUSED', vendor.id);
}

/** Is the connection as good as the approval demands? */
export function judgeTls(vendor: Peer, facts: ConnectionFacts): Decision {
  const address = judgeAddress(vendor, facts);
  if (address.verdict !== 'allow') return address;
  if (facts.protocol === undefined) return judgePlain(vendor, facts);
  if (!isStrong(facts.protocol, facts.cipher)) return refuse('VENDOR_TLS_VERSION', vendor.id);
  if (!facts.authorised) return refuse('VENDOR_CERTIFICATE', vendor.id);
  const pinned = vendor.pins.length === 0 || (facts.spki !== undefined && vendor.pins.includes(facts.spki));
  return pinned ? allow : refuse('VENDOR_PIN_MISMATCH', vendor.id);
}

/** Plain text is for a loopback that was approved as `ws://` or `http://`, and for nothing else. */
function judgePlain(vendor: Peer, facts: ConnectionFacts): Decision {
  const expected = vendor.loopback && facts.addressClass === 'loopback' && /^(?:ws|http):/.test(vendor.url);
  return expected ? allow : refuse('VENDOR_PLAINTEXT', vendor.id);
}

/** TLS 1.3, or 1.2 with forward secrecy and an authenticated cipher (RFC 9325 section 4.2). */
function isStrong(protocol: string, cipher: string | undefined): boolean {
  if (protocol === 'TLSv1.3') return true;
  return protocol === 'TLSv1.2' && cipher !== undefined && /^TLS_(?:EC)?DHE_.*(?:GCM|CHACHA20|CCM)/.test(cipher);
}
