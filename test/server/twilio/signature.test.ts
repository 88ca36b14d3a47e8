import twilio from 'twilio';
import { describe, expect, it } from 'vitest';
import { isSignedByTwilio, parseForm, signTwilioRequest, spellingsOf } from '../../../src/server/twilio/signature.ts';

const authToken = '0123456789abcdef0123456789abcdef';
const none = new Map<string, string[]>();

describe("the signature is the one of Twilio's own library", () => {
  const url = 'https://calls.example.com/twilio/voice/front-desk';
  const parameters = { CallSid: 'CA0000000000000000000000000000c0de', From: '+15125550143', Empty: '', Ünïcode: 'é' };
  const form = new Map(Object.entries(parameters).map(([name, value]) => [name, [value]]));

  it('signs a form post alike', () => {
    expect(signTwilioRequest(authToken, url, form)).toBe(twilio.getExpectedTwilioSignature(authToken, url, parameters));
    expect(twilio.validateRequest(authToken, signTwilioRequest(authToken, url, form), url, parameters)).toBe(true);
  });

  it('signs a WebSocket upgrade alike', () => {
    const stream = 'wss://calls.example.com/calls/front-desk/token';
    expect(signTwilioRequest(authToken, stream, none)).toBe(twilio.getExpectedTwilioSignature(authToken, stream, {}));
  });

  it.each(['=', 'A', ''])('refuses a signature with one changed or missing byte (%j)', (byte) => {
    const good = signTwilioRequest(authToken, url, form);
    expect(isSignedByTwilio(good, [authToken], [url], form)).toBe(true);
    const changed = byte + good.slice(1);
    expect(isSignedByTwilio(changed, [authToken], [url], form)).toBe(changed === good);
  });

  it('refuses when one byte of the URL, a parameter or the token differs', () => {
    const good = signTwilioRequest(authToken, url, form);
    expect(isSignedByTwilio(good, [authToken], [`${url}x`], form)).toBe(false);
    expect(isSignedByTwilio(good, [authToken], [url], new Map([...form, ['From', ['+15125550144']]]))).toBe(false);
    expect(isSignedByTwilio(good, [`${authToken}0`], [url], form)).toBe(false);
  });

  it('accepts either of two tokens while they rotate', () => {
    const good = signTwilioRequest(authToken, url, form);
    expect(isSignedByTwilio(good, ['f'.repeat(32), authToken], [url], form)).toBe(true);
  });

  it('reads a posted form with a repeated name', () => {
    expect(parseForm('A=1&B=x%20y&A=2')).toEqual(
      new Map([
        ['A', ['1', '2']],
        ['B', ['x y']],
      ]),
    );
  });
});

describe('spellings of the public URL', () => {
  it('takes the host from the configuration and knows the slash and port forms', () => {
    expect(spellingsOf('https://calls.example.com', '/calls/a', 'wss')).toEqual([
      'wss://calls.example.com/calls/a',
      'wss://calls.example.com/calls/a/',
      'wss://calls.example.com:443/calls/a',
      'wss://calls.example.com:443/calls/a/',
    ]);
  });

  it('keeps an explicit port', () => {
    expect(spellingsOf('https://localhost:8443', '/x/', 'https')).toEqual([
      'https://localhost:8443/x/',
      'https://localhost:8443/x',
    ]);
  });
});
