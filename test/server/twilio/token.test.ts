import { describe, expect, it } from 'vitest';
import { CallTokens } from '../../../src/server/twilio/token.ts';

const claim = {
  route: 'front-desk',
  callSid: 'CA0000000000000000000000000000c0de',
  caller: '+15125550143',
  callerName: 'QUILLFEATHER Z',
};
const now = 1_800_000_000_000;

describe('call tokens', () => {
  it('are redeemed once, by any replica that holds the auth token', () => {
    const token = new CallTokens(['secret']).mint(claim, now);
    const replica = new CallTokens(['newer', 'secret']);
    expect(replica.redeem(token, 'front-desk', now + 59_000)).toEqual(claim);
    expect(replica.redeem(token, 'front-desk', now + 59_001)).toBe('TOKEN_REPLAYED');
  });

  it('say nothing of the caller and are a legal path segment', () => {
    const token = new CallTokens(['secret']).mint(claim, now);
    expect(token).toMatch(/^[\w-]+$/u);
    expect(Buffer.from(token, 'base64url').includes('5125550143')).toBe(false);
  });

  it('[B2] expire after a minute', () => {
    const tokens = new CallTokens(['secret']);
    expect(tokens.redeem(tokens.mint(claim, now), 'front-desk', now + 60_001)).toBe('TOKEN_EXPIRED');
  });

  it('are bound to their route', () => {
    const tokens = new CallTokens(['secret']);
    expect(tokens.redeem(tokens.mint(claim, now), 'billing', now)).toBe('TOKEN_INVALID');
  });

  it('are refused with any one byte changed, cut, or made under another key', () => {
    const tokens = new CallTokens(['secret']);
    const bytes = Buffer.from(tokens.mint(claim, now), 'base64url');
    for (let index = 0; index < bytes.length; index++) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(bytes.readUInt8(index) ^ 1, index);
      expect(tokens.redeem(changed.toString('base64url'), 'front-desk', now)).toBe('TOKEN_INVALID');
      expect(tokens.redeem(bytes.subarray(0, index).toString('base64url'), 'front-desk', now)).toBe('TOKEN_INVALID');
    }
    expect(new CallTokens(['other']).redeem(bytes.toString('base64url'), 'front-desk', now)).toBe('TOKEN_INVALID');
  });
});
