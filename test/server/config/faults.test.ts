import { describe, expect, it } from 'vitest';
import { nearest } from '../../../src/server/config/faults.ts';
import { loadConfig } from '../../../src/server/config/load.ts';
import { changed, environment, load, sound } from './practice.ts';

describe('every fault at once', () => {
  it('is listed with line, column, what was found and what is wanted', async () => {
    const text = `version: 2
practice: { name: "", profile: medpsa, time_zone: Mars/Olympus }
listen:
  calls: { public_url: http://calls.example.com, port: 99999 }
twilio: { account_sid: AC12, auth_tokens: [] }
sub_processors:
  - id: Voice Vendor
    service: agent
    hosts: [https://agent.vendor.example, "*.vendor.example"]
    retension_days: 3
    training: maybe
  - { id: speech, service: speech }
  - { id: speech, service: speech }
routes:
  - name: front-desk
    protocol: twilio-media-streams
    vendor: speech
    url: wss://agent.vendor.example/
    headers: { Authorization: "Bearer \${NOT_SET}" }
    human: { dial: 5125550100 }
limits: { calls: many }
`;
    const { lines } = await load(text);
    expect(lines).toEqual([
      'chaperone.yaml:1:10  version: found the number 2; wanted 1',
      'chaperone.yaml:2:19  practice.name: found ""; wanted the name of the practice',
      'chaperone.yaml:2:32  practice.profile: found "medpsa"; wanted one of medspa, therapy, cosmetic -- did you mean "medspa"?',
      'chaperone.yaml:2:51  practice.time_zone: found "Mars/Olympus"; wanted an IANA time zone such as America/Chicago',
      'chaperone.yaml:4:3  listen.calls: found neither tls nor tls_ended_by; wanted one of them',
      'chaperone.yaml:4:24  listen.calls.public_url: found "http://calls.example.com"; wanted the https:// address that Twilio calls, without a path',
      'chaperone.yaml:4:56  listen.calls.port: found the number 99999; wanted a whole number of a port from 0 to 65535',
      'chaperone.yaml:5:24  twilio.account_sid: found a text of 4 characters; wanted the account SID: AC and 32 hexadecimal digits',
      'chaperone.yaml:5:30  twilio.auth_tokens: found a list of 0; wanted at least one auth token',
      'chaperone.yaml:7:9  sub_processors[0].id: found "Voice Vendor"; wanted a short id: lower-case letters, digits and hyphens',
      'chaperone.yaml:9:13  sub_processors[0].hosts[0]: found "https://agent.vendor.example"; wanted a host such as agent.vendor.example, written out: no scheme, no path, no *',
      'chaperone.yaml:9:43  sub_processors[0].hosts[1]: found "*.vendor.example"; wanted a host such as agent.vendor.example, written out: no scheme, no path, no *',
      'chaperone.yaml:10:5  sub_processors[0].retension_days: found the unknown key "retension_days"; wanted one of the keys id, service, hosts, protocols, models, regions, sub_processors, retention_days, training, status, pins, addresses, certificate_authority, baa, known_as, configurations, covered_by -- did you mean "retention_days"?',
      'chaperone.yaml:11:15  sub_processors[0].training: found "maybe"; wanted one of forbidden, allowed',
      'chaperone.yaml:13:11  sub_processors[2].id: found the id "speech" a second time; wanted another id',
      'chaperone.yaml:19:31  routes[0].headers.Authorization: found ${NOT_SET}, which is not set; wanted the environment variable NOT_SET with the value of a header',
      'chaperone.yaml:20:20  routes[0].human.dial: found the number 5125550100; wanted a phone number in quotes, with country code: "+15125550100"',
      'chaperone.yaml:21:18  limits.calls: found "many"; wanted a whole number of calls from 1 to 100000',
    ]);
  });

  it('says that there is no file', async () => {
    const result = await loadConfig('/nowhere/chaperone.yaml', environment);
    expect('faults' in result && result.faults).toMatchObject([
      { line: 1, column: 1, path: '', found: '"/nowhere/chaperone.yaml", which does not exist' },
    ]);
  });

  it('asks for what is missing at the place where it is missing', async () => {
    const { lines } = await load('version: 1\npractice:\n  name: Cedar\n');
    expect(lines).toEqual([
      'chaperone.yaml:1:1  listen: found nothing; wanted a mapping with the keys calls, admin',
      'chaperone.yaml:1:1  twilio: found nothing; wanted a mapping with the keys account_sid, auth_tokens',
      'chaperone.yaml:2:1  practice.profile: found nothing; wanted one of medspa, therapy, cosmetic',
      'chaperone.yaml:2:1  practice.time_zone: found nothing; wanted an IANA time zone such as America/Chicago',
    ]);
  });
});

describe('one fault', () => {
  it.each([
    ['an unknown key at the top', 'version: 1', 'version: 1\nroute: []', 'route: found the unknown key "route"'],
    ['a key that stands twice', 'version: 1', 'version: 1\nversion: 1', 'found the key "version" a second time'],
    [
      'a key that stands twice below',
      'service: real',
      'service: x\n    service: real',
      'the key "service" a second time',
    ],
    [
      'a reference in a field that takes none',
      'name: Cedar Skin Studio',
      'name: "${NAME}"',
      'only secrets, URLs and hosts',
    ],
    ['a day that does not exist', 'signed: 2026-01-05', 'signed: 2026-02-30', 'baa.signed: found "2026-02-30"'],
    [
      'an end before the beginning',
      '2036-01-04',
      '2026-01-04',
      'wanted a day on or after the day it takes effect, 2026-01-05',
    ],
    [
      'a point that no agreement has',
      'points: [permitted-uses',
      'points: [permited-uses',
      'did you mean "permitted-uses"?',
    ],
    ['an unencrypted vendor', 'url: wss:', 'url: ws:', 'found an unencrypted connection'],
    [
      'a user name in the URL',
      'wss://agent',
      'wss://me:planted-password@agent',
      'without a user name or password in it',
    ],
    [
      'a header of the handshake',
      '{ Authorization:',
      '{ Sec-WebSocket-Key: x, Authorization:',
      'found the header Sec-WebSocket-Key',
    ],
    [
      'a header in two cases',
      '{ Authorization:',
      '{ authorization: x, Authorization:',
      'found the header Authorization a second time',
    ],
    [
      'a header that breaks the line',
      '{ Authorization:',
      '{ X: "a\\r\\nb: c", Authorization:',
      'wanted the value of a header',
    ],
    ['a phone number that lost its quotes', '"+15125550100"', '+15125550100', 'a phone number in quotes'],
    [
      'providers beside the wrong protocol',
      'human:',
      'conversation_relay: { tts_provider: A, transcription_provider: B }\n    human:',
      'found it beside protocol twilio-media-streams',
    ],
    [
      'a protocol without its providers',
      'twilio-media-streams',
      'twilio-conversation-relay',
      'wanted a mapping with at least tts_provider and transcription_provider',
    ],
    [
      'a missing audit key variable',
      'version: 1',
      'version: 1\naudit: { key: { env: NO_KEY } }',
      'found the variable NO_KEY, which is not set',
    ],
    [
      'two audit keys',
      'version: 1',
      'version: 1\naudit: { key: { env: VENDOR_KEY, file: a } }',
      'audit.key: found both file and env; wanted one of them',
    ],
    ['an unknown kind', 'version: 1', 'version: 1\nclearances: { vendor: { NAMES: pass } }', 'did you mean "NAME"?'],
    [
      'a clearance of the log',
      'version: 1',
      'version: 1\nclearances: { log: { NAME: pass } }',
      'found the unknown key "log"',
    ],
    ['an address range that is none', 'proxies: [10.0.0.5]', 'proxies: [10.0.0.0/33]', 'found "10.0.0.0/33"'],
    [
      'agreement and cover at once',
      'training: forbidden',
      'training: forbidden\n    covered_by: voice-vendor',
      'found it beside baa; wanted either baa or covered_by',
    ],
    [
      'a pin of another form',
      'training: forbidden',
      'training: forbidden\n    pins: [sha1/abc]',
      'wanted a pin "sha256/..."',
    ],
    [
      'a certificate that is none',
      'training: forbidden',
      'training: forbidden\n    certificate_authority: baa/vendor.txt',
      'found a file without a certificate',
    ],
    [
      'files that are no pair',
      'tls_ended_by: { proxies: [10.0.0.5] }',
      'tls: { certificate: baa/vendor.txt, key: baa/vendor.txt }',
      'found files that are no pair',
    ],
    ['a path in the public URL', 'https://calls.example.com', 'https://calls.example.com/twilio', 'without a path'],
    ['a second document', 'routes:', '---\nroutes:', 'found a second document after `---`'],
    ['a tab', '  - name: front-desk', '\t- name: front-desk', 'found '],
    ['a tag', 'version: 1', 'version: !secret 1', 'found a tag `!name`'],
    ['an unknown alias', 'version: 1', 'version: *one', 'found a reference `*name` without its anchor'],
  ])('%s', async (_what, piece, replacement, expected) => {
    const { lines } = await load(changed(piece, replacement));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join('\n')).toContain(expected);
  });
});

/** Nine lines, each of which holds nine of the line before: 9^10 values once unfolded. */
const bomb = Array.from('bcdefghij', (name, index) => {
  const before = 'abcdefghij'[index] ?? '';
  return `${name}: &${name} [${Array(9).fill(`*${before}`).join(',')}]`;
}).join('\n');

describe('hostile text', () => {
  it.each([
    ['an empty file', ''],
    ['a number', '42'],
    ['a list', '- a\n- b\n'],
    ['binary', '\u0000\u0001\uFFFF'],
    ['an alias bomb', `a: &a [1,1,1,1,1,1,1,1,1]\n${bomb}`],
    ['brackets nested ten thousand deep', '['.repeat(10_000)],
    ['more than 256 KiB', `# ${'x'.repeat(300_000)}`],
    ['keys of the prototype', 'version: 1\n__proto__: { practice: { name: x } }\nconstructor: 1\n'],
  ])('%s is a fault and not a crash', async (_what, text) => {
    const { faults } = await load(text);
    expect(faults.length).toBeGreaterThan(0);
    expect(Reflect.get({}, 'practice')).toBeUndefined();
  });
});

describe('a secret', () => {
  it.each([
    ['an auth token that is a number', 'auth_tokens: ["${TWILIO_AUTH_TOKEN}"]', 'auth_tokens: [4242424242]'],
    ['an auth token as the account', 'AC0123456789abcdef0123456789abcdef', 'planted-auth-token'],
    [
      'a vendor URL with a key',
      'wss://agent.vendor.example/twilio',
      'https://agent.vendor.example/planted?key=planted',
    ],
    ['a header that is a list', '"Bearer ${VENDOR_KEY}"', '[planted]'],
    ['broken text around it', 'auth_tokens: ["${TWILIO_AUTH_TOKEN}"]', 'auth_tokens: ["planted, 4242424242'],
    ['a vendor URL from the environment', 'wss://agent.vendor.example/twilio', '"https://${VENDOR_KEY}/"'],
  ])('is not shown: %s', async (_what, piece, replacement) => {
    const { faults } = await load(changed(piece, replacement));
    expect(faults.length).toBeGreaterThan(0);
    expect(JSON.stringify(faults)).not.toMatch(/planted|4242/u);
  });
});

describe('nearest', () => {
  it.each([
    ['hots', ['host', 'port'], 'host'],
    ['PROFILE', ['profile', 'name'], 'profile'],
    ['rotue', ['routes', 'practice'], 'routes'],
    ['x', ['id', 'hosts'], undefined],
    ['', ['id'], undefined],
    ['a'.repeat(100), ['a'.repeat(99)], undefined],
    ['anything', [], undefined],
  ])('%s among %j is %s', (name, known, expected) => {
    expect(nearest(name, known)).toBe(expected);
  });

  it('is never a name that is a whole other word', () => {
    expect(nearest('sound', Object.keys({ route: sound }))).toBeUndefined();
  });
});
