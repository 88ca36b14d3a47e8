import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { approveRoute } from '../../../src/server/approval.ts';
import type { Config } from '../../../src/server/config.ts';
import { loadConfig } from '../../../src/server/config/load.ts';
import { changed, document, documentSha256, environment, load, Practice, sound } from './practice.ts';

async function configOf(text: string, variables?: Readonly<Record<string, string>>): Promise<Config> {
  const { config, lines } = await load(text, variables);
  if (config === undefined) throw new Error(lines.join('\n'));
  return config;
}

describe('a sound configuration', () => {
  it('is loaded with its defaults', async () => {
    const config = await configOf(sound);
    expect(config.practice).toEqual({
      name: 'Cedar Skin Studio',
      profile: 'medspa',
      timeZone: 'America/Chicago',
      states: [],
    });
    expect(config.calls).toMatchObject({ host: '0.0.0.0', port: 8443, publicUrl: 'https://calls.example.com' });
    expect(config.admin).toEqual({ host: '127.0.0.1', port: 9464 });
    expect(config.limits).toEqual({
      calls: 200,
      overload: { busy: 0.75, lagMs: 100, memoryBytes: undefined },
      frameBudgetMs: 100,
      dialMs: 5000,
      idleMs: 120_000,
      callMs: 3_600_000,
      drainMs: 30_000,
    });
    expect(config.audit.retention).toEqual({ recordsYears: 6, contentDays: undefined, hour: 3 });
    expect(config.audit.anchors).toMatchObject({ log: true, s3: undefined, witness: undefined, strict: false });
    expect(config.routes[0]).toMatchObject({ strict: false, allowLoopback: false, human: { dial: '+15125550100' } });
  });

  it('lets its vendor be dialled', async () => {
    const config = await configOf(sound);
    const [route] = config.routes;
    if (route === undefined) throw new Error('expected a route');
    expect(approveRoute(config, route, Date.parse('2026-06-15T12:00:00Z')).verdict).toBe('allow');
    expect(approveRoute(config, route, Date.parse('2036-01-05T05:59:00Z')).verdict).toBe('allow');
    expect(approveRoute(config, route, Date.parse('2036-01-05T06:01:00Z'))).toMatchObject({ reason: 'BAA_EXPIRED' });
  });

  it('is frozen to its leaves', async () => {
    const config = await configOf(sound);
    const open: string[] = [];
    const visit = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return;
      if (!Object.isFrozen(value)) open.push(path);
      for (const [key, part] of Object.entries(value)) visit(part, `${path}.${key}`);
    };
    visit(config, 'config');
    expect(open).toEqual([]);
  });

  it('takes what it needs from the environment, and shows none of it', async () => {
    const config = await configOf(sound);
    expect(config.twilio.authTokens.map((token) => token.reveal())).toEqual(['planted-auth-token']);
    expect(config.routes[0]?.headers['Authorization']?.reveal()).toBe('Bearer planted-vendor-key');
    for (const shown of [
      JSON.stringify(config),
      inspect(config, { depth: 9, showHidden: true }),
      String(config.twilio.authTokens),
    ]) {
      expect(shown).not.toContain('planted');
    }
  });

  it('remembers where a secret stands in the file itself, but not the secret', async () => {
    const text = changed('"${TWILIO_AUTH_TOKEN}"', '"${TWILIO_AUTH_TOKEN}", planted').replace(
      '{ Authorization: "Bearer ${VENDOR_KEY}" }',
      '{ X-Api-Key: planted, X-Region: us }',
    );
    expect((await configOf(text)).literalSecrets).toEqual(['twilio.auth_tokens[1]', 'routes[0].headers.X-Api-Key']);
    expect((await configOf(sound)).literalSecrets).toEqual([]);
  });

  it('may take URLs and hosts from the environment', async () => {
    const text = changed('hosts: [agent.vendor.example]', 'hosts: ["${HOST}"]').replace(
      'wss://agent.vendor.example/twilio',
      '"wss://${HOST}/v1?key=${VENDOR_KEY}"',
    );
    const config = await configOf(text, { ...environment, HOST: 'Voice.Vendor.example' });
    expect(config.subProcessors[0]?.hosts).toEqual(['voice.vendor.example']);
    expect(config.routes[0]?.url).toBe('wss://Voice.Vendor.example/v1?key=planted-vendor-key');
  });

  it('[D6] with an empty approved list allows nothing, and is no fault', async () => {
    const text = sound.slice(0, sound.indexOf('sub_processors:'));
    const config = await configOf(text);
    expect(config.subProcessors).toEqual([]);
    expect(config.routes).toEqual([]);
  });

  it('merges changes of clearances into those of the profile', async () => {
    const config = await configOf(`${sound}clearances: { vendor: { DATE: token, TREATMENT: mask } }\n`);
    expect(config.clearances.vendor).toMatchObject({ DATE: 'token', TREATMENT: 'mask', NAME: 'mask' });
    expect(config.clearances.caller.NAME).toBe('pass');
    expect(Object.values(config.clearances.log)).toEqual(Object.values(config.clearances.log).map(() => 'mask'));
  });

  it('hands over for what the profile says, and for what the file changes', async () => {
    const { handoff, routes } = await configOf(sound);
    expect(handoff).toEqual({
      CRISIS: true,
      EMERGENCY: true,
      HUMAN_ASKED: true,
      THERAPEUTIC_TALK: false,
      zeroKey: true,
    });
    expect(routes[0]?.human.via).toBe('twiml');
    const therapy = changed('profile: medspa', 'profile: therapy, states: [CA, TX]').replace(
      'dial: "',
      'via: redirect, dial: "',
    );
    const changes = await configOf(`${therapy}handoff: { person: false }\n`);
    expect(changes.practice.states).toEqual(['CA', 'TX']);
    expect(changes.routes[0]?.human.via).toBe('redirect');
    expect(changes.handoff).toEqual({
      CRISIS: true,
      EMERGENCY: true,
      HUMAN_ASKED: false,
      THERAPEUTIC_TALK: true,
      zeroKey: false,
    });
    expect((await configOf(`${sound}handoff: { zero_key: false }\n`)).handoff.zeroKey).toBe(false);
  });
});

describe('an entry that is struck off the list', () => {
  it.each([
    ['the vendor of a route', 'id: voice-vendor', 'id: another', 'VENDOR_NOT_APPROVED'],
    ['the host of a route', 'agent.vendor.example]', 'other.vendor.example]', 'VENDOR_HOST_NOT_LISTED'],
    [
      'a sub-processor of the vendor',
      'training:',
      'sub_processors: [gone]\n    training:',
      'SUBPROCESSOR_NOT_APPROVED',
    ],
  ])('%s: is no fault of the file, its calls are refused', async (_what, piece, replacement, reason) => {
    const config = await configOf(changed(piece, replacement));
    const [route] = config.routes;
    if (route === undefined) throw new Error('expected a route');
    expect(approveRoute(config, route, Date.parse('2026-06-15'))).toMatchObject({ verdict: 'refuse', reason });
  });

  it('a speech provider of ConversationRelay: the same', async () => {
    const providers = 'conversation_relay: { tts_provider: ElevenLabs, transcription_provider: Deepgram }';
    const text = changed('twilio-media-streams', 'twilio-conversation-relay').replace(
      'human:',
      `${providers}\n    human:`,
    );
    const config = await configOf(text);
    const [route] = config.routes;
    if (route === undefined) throw new Error('expected a route');
    expect(route.conversationRelay?.subProcessors).toEqual(['elevenlabs', 'deepgram']);
    expect(approveRoute(config, route, Date.parse('2026-06-15'))).toMatchObject({
      reason: 'SUBPROCESSOR_NOT_APPROVED',
      subject: 'twilio > elevenlabs (VENDOR_NOT_APPROVED)',
    });
  });
});

describe('the agreement document', () => {
  it('[D4] disables its vendor when it is not the one that was recorded, without stopping the rest', async () => {
    const config = await configOf(changed(documentSha256, 'f'.repeat(64)));
    const [route] = config.routes;
    if (route === undefined) throw new Error('expected a route');
    expect(approveRoute(config, route, Date.parse('2026-06-15'))).toMatchObject({ reason: 'BAA_DOCUMENT_CHANGED' });
  });

  it('must be there', async () => {
    const { lines } = await load(changed('baa/vendor.txt', 'baa/lost.pdf'));
    expect(lines).toEqual([
      'chaperone.yaml:16:17  sub_processors[0].baa.document: found "baa/lost.pdf", which does not exist; wanted the signed agreement',
    ]);
  });
});

describe('[D7] the policy hash', () => {
  it('is the same for the same policy, whatever the secrets and the listeners are', async () => {
    const first = await configOf(sound);
    const rotated = await configOf(sound, { TWILIO_AUTH_TOKEN: 'another', VENDOR_KEY: 'another' });
    const moved = await configOf(changed('https://calls.example.com', 'https://phone.example.com'));
    expect(first.policyHash).toMatch(/^[0-9a-f]{64}$/u);
    expect(rotated.policyHash).toBe(first.policyHash);
    expect(moved.policyHash).toBe(first.policyHash);
  });

  it.each([
    ['vendor', 'status: approved', 'training: forbidden', 'training: forbidden\n    status: suspended'],
    ['agreement', 'expires', 'expires: 2036-01-04', 'expires: 2036-01-05'],
    ['route', 'url', '/twilio\n', '/twilio2\n'],
    ['practice', 'profile', 'profile: medspa', 'profile: cosmetic'],
  ])('changes with the %s (%s)', async (_part, _field, piece, replacement) => {
    const [before, after] = [await configOf(sound), await configOf(changed(piece, replacement))];
    expect(after.policyHash).not.toBe(before.policyHash);
  });

  it('does not depend on the order of the keys', async () => {
    const reordered = changed(
      'profile: medspa, time_zone: America/Chicago',
      'time_zone: America/Chicago, profile: medspa',
    );
    expect((await configOf(reordered)).policyHash).toBe((await configOf(sound)).policyHash);
  });
});

describe('the files that were read', () => {
  it('are named, and any change of them changes the fingerprint', async () => {
    const practice = await Practice.make();
    const before = await loadConfig(practice.file, environment);
    await practice.write('baa/vendor.txt', `${document}Signed later.\n`);
    const after = await loadConfig(practice.file, environment);
    await practice.remove();
    if (!('config' in before && 'config' in after)) throw new Error('expected two configurations');
    expect(before.config.files).toEqual([practice.file, `${practice.folder}/baa/vendor.txt`]);
    expect(after.config.fingerprint).not.toBe(before.config.fingerprint);
  });
});
