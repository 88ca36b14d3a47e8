import { expect, it } from 'vitest';
import { addressOf } from '../../../src/server/apps/arrival.ts';

const proxy = { kind: 'proxy', addresses: ['10.1.0.0/16', '192.0.2.9'] } as const;
const through = (forwarded: string | undefined): string =>
  addressOf(proxy, { address: '10.1.0.4', headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded } });

it('behind a proxy that ends TLS it is the last address that is no proxy of ours', () => {
  expect(through('100.20.5.228')).toBe('100.20.5.228');
  expect(through('203.0.113.7, 100.20.5.228,192.0.2.9 , 10.1.200.1')).toBe('100.20.5.228');
});

it('what somebody wrote before the proxy did counts for nothing', () => {
  expect(through('100.20.5.228, 203.0.113.7')).toBe('203.0.113.7');
});

it('is empty where no proxy says it, and no word is taken for an address of a list', () => {
  expect(through(undefined)).toBe('');
  expect(through('10.1.0.4')).toBe('');
  expect(through('unknown')).toBe('unknown');
});
