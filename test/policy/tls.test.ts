import { describe, expect, it } from 'vitest';
import type { Decision } from '../../src/policy/decision.ts';
import { judgeTls, type AddressClass, type ConnectionFacts } from '../../src/policy/tls.ts';
import { approve, type ApprovedVendor, type Vendor } from '../../src/policy/vendors.ts';
import { vendor } from './entries.ts';

const pin = Buffer.alloc(32, 7).toString('base64');

function approved(
  changes: Partial<Vendor> = {},
  url = 'wss://agent.vendor.example/',
  loopback = false,
): ApprovedVendor {
  const entry = vendor({ hosts: ['agent.vendor.example', '127.0.0.1'], ...changes });
  const approval = approve([entry], 'voice', url, '2026-06-15', { loopback });
  if (approval.verdict !== 'allow') throw new Error(approval.reason);
  return approval.vendor;
}

const good: ConnectionFacts = {
  address: '93.184.216.34',
  addressClass: 'public',
  protocol: 'TLSv1.3',
  cipher: 'TLS_AES_256_GCM_SHA384',
  authorised: true,
  spki: pin,
};

function verdict(decision: Decision): string {
  return decision.verdict === 'allow' ? 'allow' : decision.reason;
}

describe('judgeTls', () => {
  it.each([
    ['TLSv1.3', 'TLS_CHACHA20_POLY1305_SHA256', 'allow'],
    ['TLSv1.2', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'allow'],
    ['TLSv1.2', 'TLS_DHE_RSA_WITH_AES_256_GCM_SHA384', 'allow'],
    ['TLSv1.2', 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', 'allow'],
    ['TLSv1.2', 'TLS_RSA_WITH_AES_128_GCM_SHA256', 'VENDOR_TLS_VERSION'],
    ['TLSv1.2', 'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA', 'VENDOR_TLS_VERSION'],
    ['TLSv1.2', undefined, 'VENDOR_TLS_VERSION'],
    ['TLSv1.1', 'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA', 'VENDOR_TLS_VERSION'],
    ['TLSv1', 'TLS_RSA_WITH_AES_128_CBC_SHA', 'VENDOR_TLS_VERSION'],
    ['SSLv3', 'TLS_RSA_WITH_RC4_128_SHA', 'VENDOR_TLS_VERSION'],
  ])('%s with %s: %s', (protocol, cipher, expected) => {
    expect(verdict(judgeTls(approved(), { ...good, protocol, cipher }))).toBe(expected);
  });

  it('refuses a certificate that was not verified', () => {
    expect(verdict(judgeTls(approved(), { ...good, authorised: false }))).toBe('VENDOR_CERTIFICATE');
  });

  it('holds the vendor to its pinned keys where there are any', () => {
    const pinned = approved({ pins: [pin] });
    expect(verdict(judgeTls(pinned, good))).toBe('allow');
    expect(verdict(judgeTls(pinned, { ...good, spki: Buffer.alloc(32, 8).toString('base64') }))).toBe(
      'VENDOR_PIN_MISMATCH',
    );
    expect(verdict(judgeTls(pinned, { ...good, spki: undefined }))).toBe('VENDOR_PIN_MISMATCH');
  });

  it('demands a verified certificate also of a pinned key', () => {
    expect(verdict(judgeTls(approved({ pins: [pin] }), { ...good, authorised: false }))).toBe('VENDOR_CERTIFICATE');
  });
});

function at(addressClass: AddressClass, address: string): ConnectionFacts {
  return { ...good, address, addressClass };
}

describe('the address', () => {
  it.each([
    ['loopback', '127.0.0.1'],
    ['private', '10.0.0.5'],
    ['link-local', '169.254.169.254'],
    ['reserved', '0.0.0.0'],
  ] as const)('is refused when it is %s, unless the policy names it', (addressClass, address) => {
    expect(verdict(judgeTls(approved(), at(addressClass, address)))).toBe('VENDOR_ADDRESS_REFUSED');
    expect(verdict(judgeTls(approved({ addresses: [address] }), at(addressClass, address)))).toBe('allow');
  });

  it('may be loopback where the route permits loopback, but not private', () => {
    const local = approved({}, 'wss://127.0.0.1:9443/', true);
    expect(verdict(judgeTls(local, at('loopback', '127.0.0.1')))).toBe('allow');
    expect(verdict(judgeTls(local, at('private', '10.0.0.5')))).toBe('VENDOR_ADDRESS_REFUSED');
  });
});

describe('a plain connection', () => {
  const plain = { ...good, protocol: undefined, cipher: undefined, authorised: false, spki: undefined };
  const local = { ...plain, address: '127.0.0.1', addressClass: 'loopback' } as const;

  it('is allowed to the loopback address that was approved as ws://, and nowhere else', () => {
    const approval = approved({}, 'ws://127.0.0.1:9000/', true);
    expect(verdict(judgeTls(approval, local))).toBe('allow');
    expect(verdict(judgeTls(approval, plain))).toBe('VENDOR_PLAINTEXT');
  });

  it('is judged in the same way for a webhook', () => {
    const peer = { id: 'records', loopback: true, addresses: [], pins: [] };
    expect(verdict(judgeTls({ ...peer, url: 'http://127.0.0.1:9000/' }, local))).toBe('allow');
    expect(verdict(judgeTls({ ...peer, url: 'https://127.0.0.1:9000/' }, local))).toBe('VENDOR_PLAINTEXT');
    expect(verdict(judgeTls({ ...peer, url: 'http://127.0.0.1:9000/' }, plain))).toBe('VENDOR_PLAINTEXT');
  });

  it('is refused where wss:// was approved', () => {
    expect(verdict(judgeTls(approved({}, 'wss://127.0.0.1:9443/', true), local))).toBe('VENDOR_PLAINTEXT');
    expect(verdict(judgeTls(approved(), plain))).toBe('VENDOR_PLAINTEXT');
  });
});
