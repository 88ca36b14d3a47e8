import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { faultLine } from '../../src/server/config/faults.ts';
import { loadConfig } from '../../src/server/config/load.ts';
import { createAuthority } from '../../src/server/demo/certificates.ts';
import { postureOf, type Posture } from '../../src/server/posture.ts';
import { describePosture } from '../../src/server/posture-text.ts';
import { changed, environment, Practice, sound } from './config/practice.ts';

let practice: Practice;
beforeEach(async () => {
  practice = await Practice.make();
});
afterEach(() => practice.remove());

const midsummer = Date.parse('2026-06-15T12:00:00Z');

async function posture(text: string, now = midsummer): Promise<Posture> {
  await practice.write('chaperone.yaml', text);
  const result = await loadConfig(practice.file, environment);
  if ('faults' in result) throw new Error(result.faults.map(faultLine).join('\n'));
  return postureOf(result.config, now);
}

function textOf(of: Posture): string {
  return describePosture(of, new PassThrough());
}

/** The sound configuration with TLS of its own, under a certificate for these names that is valid for a day. */
async function withOwnTls(names: readonly string[]): Promise<string> {
  const { certificate, key } = createAuthority('test authority').issue(names);
  await practice.write('tls/calls.pem', certificate);
  await practice.write('tls/calls.key', key);
  return changed('tls_ended_by: { proxies: [10.0.0.5] }', 'tls: { certificate: tls/calls.pem, key: tls/calls.key }');
}

describe('what is to be known', () => {
  it.each([
    [
      'an agreement that ends soon',
      'expires: 2036-01-04',
      'expires: 2026-06-22',
      'The agreement with voice-vendor ends on 2026-06-22: 7 days are left',
    ],
    ['Twilio without an entry', 'version: 1', 'version: 1', 'Twilio carries every call and is not on the list'],
    [
      'content that goes early',
      'version: 1',
      'version: 1\naudit: { retention: { content_days: 90 } }',
      'unreadable after 90 days',
    ],
    [
      'a log that nobody vouches for',
      'version: 1',
      'version: 1\naudit: { anchors: { log: false } }',
      'No checkpoint of the audit log leaves this machine',
    ],
    ['nobody to dial', 'human: { dial: "+15125550100" }', 'strict: true', 'Route front-desk has no human.dial'],
    [
      'an open admin listener',
      'listen:',
      'listen:\n  admin: { host: 0.0.0.0 }',
      'The admin listener is open to 0.0.0.0',
    ],
    [
      'a secret in the file',
      '"Bearer ${VENDOR_KEY}"',
      'Bearer planted',
      'routes[0].headers.Authorization stands in the file itself',
    ],
  ])('%s', async (_what, piece, replacement, expected) => {
    const { warnings } = await posture(changed(piece, replacement));
    expect(warnings.join('\n')).toContain(expected);
    expect(warnings.join('\n')).not.toContain('planted');
  });

  it('nothing to call and nobody to call it', async () => {
    const { warnings } = await posture(sound.slice(0, sound.indexOf('sub_processors:')));
    expect(warnings).toEqual([
      'There is no route: no call is taken',
      'The approved list is empty: no vendor may be called',
    ]);
  });

  it('a certificate that ends soon, or names another host', async () => {
    const { warnings, listeners } = await posture(await withOwnTls(['other.example.com']), Date.now());
    expect(listeners.calls.tls).toMatch(/^by chaperone, certificate valid until \d{4}-\d\d-\d\d$/u);
    expect(warnings.join('\n')).toMatch(/valid for [01] more days/u);
    expect(warnings.join('\n')).toContain('does not name calls.example.com');
  });

  it('not a certificate that names the host and has time left', async () => {
    const text = await withOwnTls(['calls.example.com']);
    const { warnings } = await posture(text, Date.now() - 30 * 86_400_000);
    expect(warnings.join('\n')).not.toContain('certificate');
  });
});

describe('the text', () => {
  it.each([
    ['live', 'version: 1', 'version: 1', 'Vendor Inc.: in force until 2036-01-04'],
    ['not yet in effect', 'effective: 2026-01-05', 'effective: 2026-06-16', 'Vendor Inc.: not yet in effect'],
    ['expired', 'expires: 2036-01-04', 'expires: 2026-06-14', 'Vendor Inc.: EXPIRED on 2026-06-14'],
    ['incomplete', 'termination, ', '', 'Vendor Inc.: lacks termination'],
    ['changed', 'sha256: ', `sha256: ${'f'.repeat(64)} # `, 'the document is not the one that was recorded'],
  ])('tells the state of an agreement: %s', async (_state, piece, replacement, expected) => {
    expect(textOf(await posture(changed(piece, replacement)))).toContain(expected);
  });

  it('tells that there is no agreement', async () => {
    const without = sound.slice(0, sound.indexOf('    baa:')) + sound.slice(sound.indexOf('routes:'));
    expect(textOf(await posture(without))).toContain('agreement      none recorded');
  });

  it('tells whose agreement covers a sub-contractor, and that it covers it no more', async () => {
    const covered = changed('training: forbidden', 'training: forbidden\n    sub_processors: [speech]').replace(
      'routes:',
      '  - { id: speech, service: speech, training: forbidden, covered_by: voice-vendor }\nroutes:',
    );
    expect(textOf(await posture(covered))).toContain(
      'Vendor Inc., agreement of voice-vendor: in force until 2036-01-04',
    );
    const dropped = covered.replace('sub_processors: [speech]', 'sub_processors: []');
    expect(textOf(await posture(dropped))).toContain('none: voice-vendor does not cover it');
  });

  it('counts the routes that take calls, and says why the others do not', async () => {
    const second = '  - { name: night, protocol: twilio-media-streams, vendor: nobody, url: wss://x.example/ }\n';
    const text = textOf(await posture(`${sound}${second}`));
    expect(text).toContain('1 of 2 routes may take calls');
    expect(text).toContain('route night: VENDOR_NOT_APPROVED. The vendor is not on the approved list (nobody)');
  });

  it('takes no call on a service that the agreement does not cover', async () => {
    const entry = (service: string): string =>
      changed('training: forbidden', `training: forbidden\n    protocols: [${service}]`);
    const covered = textOf(await posture(entry('twilio-media-streams')));
    expect(covered).toContain('covers         protocols twilio-media-streams; models any');
    expect(covered).toContain('1 of 1 route may take calls');
    expect(textOf(await posture(entry('openai-realtime')))).toContain('route front-desk: BAA_OUT_OF_SCOPE');
  });

  it('says that a vendor on this machine is reached in plain text', async () => {
    const local = changed('agent.vendor.example]', 'agent.vendor.example, 127.0.0.1]').replace(
      'url: wss://agent.vendor.example/twilio',
      'url: ws://127.0.0.1:9000/\n    allow_loopback_plaintext: true',
    );
    expect(textOf(await posture(local))).toContain('voice-vendor at 127.0.0.1:9000 (plain text on this machine)');
  });
});

describe('the audit log in words', () => {
  it('says who holds its key, who vouches for it, and what is forgotten when', async () => {
    const block =
      '{ key: { vault: "https://vault.example:8200", name: audit, token_file: sink, away_minutes: 5 }, anchors: { s3: { bucket: glow-audit, region: us-east-1, retain_days: 2555 }, strict: true }, retention: { records_years: 10, content_days: 3000, hour: 4 } }';
    const text = textOf(await posture(changed('version: 1', `version: 1\naudit: ${block}`)));
    for (const words of [
      'Vault https://vault.example:8200, transit/audit; without it calls go on for 5 minutes',
      "vouched for by the platform's own log",
      'S3 bucket glow-audit in us-east-1, Object Lock for 2555 days, every 60 minutes',
      'of these is reported after 24 hours; then no new call is taken',
      'records kept   10 years and 30 days',
      'content kept   3000 days, by whole months',
      'each day after 04:00 at the practice; a legal hold stops it',
    ])
      expect(text).toContain(words);
  });
});
