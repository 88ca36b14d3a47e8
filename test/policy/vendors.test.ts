import { describe, expect, it } from 'vitest';
import { agreementPoints, isAgreementPoint } from '../../src/policy/baa.ts';
import { reasons } from '../../src/policy/reason.ts';
import { approve, judgeVendor, type ApproveOptions, type Vendor } from '../../src/policy/vendors.ts';
import { agreement, vendor } from './entries.ts';

const today = '2026-06-15';
const url = 'wss://agent.vendor.example/twilio';

/** The reason code of the refusal, or `allow`. */
function verdict(list: readonly Vendor[], target = url, options: ApproveOptions = {}, day = today): string {
  const approval = approve(list, 'voice', target, day, options);
  return approval.verdict === 'allow' ? 'allow' : approval.reason;
}

/** Who was refused behind whom, and why. */
function subject(list: readonly Vendor[], options: ApproveOptions = {}): string {
  const approval = approve(list, 'voice', url, today, options);
  return approval.verdict === 'allow' ? 'allow' : approval.subject;
}

describe('approve', () => {
  it('allows a listed vendor whose agreement is in force, and binds the approval to the URL', () => {
    const approval = approve([vendor()], 'voice', url, today);
    expect(approval).toMatchObject({ verdict: 'allow', vendor: { id: 'voice', url, loopback: false } });
  });

  it('gives an approval that nobody can change afterwards', () => {
    const approval = approve([vendor()], 'voice', url, today);
    if (approval.verdict !== 'allow') throw new Error('expected an approval');
    expect(Reflect.set(approval.vendor, 'url', 'wss://elsewhere.example/')).toBe(false);
  });

  it('allows nothing from an empty list', () => {
    expect(verdict([])).toBe('VENDOR_NOT_APPROVED');
  });

  it.each([
    ['VENDOR_NOT_APPROVED', { id: 'other' }],
    ['VENDOR_SUSPENDED', { status: 'suspended' }],
    ['BAA_MISSING', { agreement: undefined }],
    ['BAA_NOT_EFFECTIVE', { agreement: agreement({ effective: '2026-06-16' }) }],
    ['BAA_EXPIRED', { agreement: agreement({ expires: '2026-06-14' }) }],
    ['BAA_INCOMPLETE', { agreement: agreement({ points: ['permitted-uses', 'safeguards'] }) }],
    ['BAA_DOCUMENT_CHANGED', { agreement: agreement({ foundSha256: 'b'.repeat(64) }) }],
    ['TRAINING_NOT_FORBIDDEN', { training: 'unstated' }],
    ['TRAINING_NOT_FORBIDDEN', { training: 'allowed' }],
    ['VENDOR_HOST_NOT_LISTED', { hosts: [] }],
  ] as const)('refuses with %s', (reason, changes) => {
    expect(verdict([vendor(changes)])).toBe(reason);
    expect(reasons[reason].http).toBe(403);
  });

  it('lacks any one point of the agreement: refused', () => {
    const points = Object.keys(agreementPoints).filter(isAgreementPoint);
    expect(points).toHaveLength(15);
    for (const missing of points) {
      const incomplete = agreement({ points: points.filter((point) => point !== missing) });
      expect(verdict([vendor({ agreement: incomplete })])).toBe('BAA_INCOMPLETE');
    }
  });

  it('has force on the first and on the last day', () => {
    const limited = [vendor({ agreement: agreement({ effective: today, expires: today }) })];
    expect(verdict(limited)).toBe('allow');
    expect(verdict(limited, url, {}, '2026-06-14')).toBe('BAA_NOT_EFFECTIVE');
    expect(verdict(limited, url, {}, '2026-06-16')).toBe('BAA_EXPIRED');
  });
});

describe('the URL', () => {
  it.each([
    ['another host', 'wss://other.example/'],
    ['a host below', 'wss://evil.agent.vendor.example/'],
    ['a host above', 'wss://vendor.example/'],
    ['the host as user name', 'wss://agent.vendor.example@other.example/'],
    ['no URL', 'agent.vendor.example'],
    ['an empty text', ''],
  ])('refuses %s', (_what, target) => {
    expect(verdict([vendor()], target)).toBe('VENDOR_HOST_NOT_LISTED');
  });

  it.each(['ws://agent.vendor.example/', 'http://agent.vendor.example/', 'ftp://agent.vendor.example/'])(
    'refuses %s, also where loopback is allowed',
    (target) => {
      expect(verdict([vendor()], target, { loopback: true })).toBe('VENDOR_PLAINTEXT');
    },
  );

  it('is a socket or, where a vendor is asked with requests, HTTPS', () => {
    expect(verdict([vendor()], 'https://agent.vendor.example/v1')).toBe('allow');
    expect(verdict([vendor({ hosts: ['agent.vendor.example:443'] })], 'https://agent.vendor.example/v1')).toBe('allow');
  });

  it.each(['localhost', '127.0.0.1', '127.8.9.1', '[::1]'])('takes plain text to %s only with permission', (host) => {
    const local = [vendor({ hosts: [host] })];
    for (const scheme of ['ws', 'http']) {
      expect(verdict(local, `${scheme}://${host}:9000/`)).toBe('VENDOR_PLAINTEXT');
      expect(verdict(local, `${scheme}://${host}:9000/`, { loopback: true })).toBe('allow');
    }
  });

  it('does not take a name that looks like loopback for loopback', () => {
    const lookalike = [vendor({ hosts: ['127.0.0.1.nip.example', 'localhost.example'] })];
    expect(verdict(lookalike, 'ws://127.0.0.1.nip.example/', { loopback: true })).toBe('VENDOR_PLAINTEXT');
    expect(verdict(lookalike, 'ws://localhost.example/', { loopback: true })).toBe('VENDOR_PLAINTEXT');
  });

  it('holds a vendor to a port where one is listed', () => {
    const narrow = [vendor({ hosts: ['agent.vendor.example:8443'] })];
    expect(verdict(narrow, 'wss://agent.vendor.example:8443/')).toBe('allow');
    expect(verdict(narrow, 'wss://agent.vendor.example/')).toBe('VENDOR_HOST_NOT_LISTED');
    expect(verdict([vendor({ hosts: ['agent.vendor.example:443'] })])).toBe('allow');
    expect(verdict([vendor()], 'wss://agent.vendor.example:9443/')).toBe('allow');
  });
});

describe('the scope of the agreement', () => {
  const protocols = ['deepgram-listen', 'deepgram-flux'];
  const limited = [vendor({ protocols, models: ['voice-2', 'flux-*'], regions: ['us'] })];
  it.each([
    [{ model: 'voice-2', region: 'us' }, 'allow'],
    [{ model: 'flux-3-medical' }, 'allow'],
    [{}, 'allow'],
    [{ model: 'voice-3' }, 'BAA_OUT_OF_SCOPE'],
    [{ model: 'voice-22' }, 'BAA_OUT_OF_SCOPE'],
    [{ region: 'eu' }, 'BAA_OUT_OF_SCOPE'],
    [{ protocol: 'deepgram-flux', model: 'voice-2' }, 'allow'],
    [{ protocol: 'deepgram-agent', model: 'voice-2' }, 'BAA_OUT_OF_SCOPE'],
  ])('%j: %s', (use, expected) => {
    expect(verdict(limited, url, use)).toBe(expected);
  });

  it('sets no limit where the record sets none, and covers nothing where it covers nothing', () => {
    expect(verdict([vendor()], url, { protocol: 'vapi-transport', model: 'any', region: 'eu' })).toBe('allow');
    expect(verdict([vendor({ models: [] })], url, { model: 'any' })).toBe('BAA_OUT_OF_SCOPE');
  });
});

function nested(changes: Partial<Vendor> = {}): Vendor {
  return vendor({ id: 'speech', hosts: [], ...changes });
}

describe('the sub-processors behind', () => {
  it('are all judged, however deep', () => {
    const list = [
      vendor({ subProcessors: ['speech'] }),
      nested({ subProcessors: ['cloud'] }),
      vendor({ id: 'cloud', agreement: agreement({ expires: '2026-06-14' }) }),
    ];
    expect(verdict(list)).toBe('SUBPROCESSOR_NOT_APPROVED');
    expect(subject(list)).toBe('voice > speech > cloud (BAA_EXPIRED)');
  });

  it.each([
    ['voice > speech (VENDOR_NOT_APPROVED)', []],
    ['voice > speech (BAA_MISSING)', [nested({ agreement: undefined })]],
    ['voice > speech (VENDOR_SUSPENDED)', [nested({ status: 'suspended' })]],
    ['voice > speech (TRAINING_NOT_FORBIDDEN)', [nested({ training: 'allowed' })]],
  ])('%s', (expected, rest) => {
    expect(subject([vendor({ subProcessors: ['speech'] }), ...rest])).toBe(expected);
  });

  it('may form circles', () => {
    const circle = [vendor({ subProcessors: ['speech'] }), nested({ subProcessors: ['voice', 'speech'] })];
    expect(verdict(circle)).toBe('allow');
  });

  it('are walked in time that does not explode when everybody knows everybody', () => {
    const ids = Array.from({ length: 60 }, (_, index) => `v${index}`);
    const list = [vendor({ subProcessors: ids }), ...ids.map((id) => vendor({ id, subProcessors: ids }))];
    expect(verdict(list)).toBe('allow');
  });

  it('include the speech providers that the carrier uses in the call', () => {
    const options = { throughCarrier: ['speech'] };
    expect(subject([vendor()], options)).toBe('twilio > speech (VENDOR_NOT_APPROVED)');
    expect(verdict([vendor(), nested()], url, options)).toBe('allow');
  });
});

describe('an agreement that covers a sub-contractor', () => {
  const covered = vendor({ id: 'speech', hosts: ['speech.example'], agreement: undefined, coveredBy: 'twilio' });
  const twilio = vendor({ id: 'twilio', hosts: [], subProcessors: ['speech'] });
  const through = { throughCarrier: ['speech'] };

  it('counts behind the vendor that holds it', () => {
    expect(verdict([vendor(), twilio, covered], url, through)).toBe('allow');
    expect(judgeVendor([twilio, covered], 'speech', today, {}, 'twilio').verdict).toBe('allow');
  });

  it('does not let the sub-contractor be dialled directly', () => {
    const approval = approve([twilio, covered], 'speech', 'wss://speech.example/', today);
    expect(approval).toMatchObject({ verdict: 'refuse', reason: 'BAA_MISSING' });
  });

  it('does not count behind another vendor', () => {
    expect(subject([vendor({ subProcessors: ['speech'] }), twilio, covered])).toBe('voice > speech (BAA_MISSING)');
  });

  it.each([
    ['BAA_EXPIRED', { agreement: agreement({ expires: '2026-01-06' }) }],
    ['BAA_MISSING', { subProcessors: [] }],
    ['BAA_MISSING', { status: 'suspended' }],
    ['BAA_MISSING', { agreement: undefined }],
  ] as const)('ends with the standing of its holder: %s', (reason, changes) => {
    expect(subject([vendor(), { ...twilio, ...changes }, covered], through)).toBe(`twilio > speech (${reason})`);
  });
});
