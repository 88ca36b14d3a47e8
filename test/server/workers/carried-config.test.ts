import { deserialize, serialize } from 'node:v8';
import { expect, test } from 'vitest';
import { Secret, type Config } from '../../../src/server/config.ts';
import { pack, unpack } from '../../../src/server/workers/carried-config.ts';
import { environment, load, sound } from '../config/practice.ts';

const everything = `${sound}  - name: kiosk
    protocol: deepgram-agent
    caller: app
    path: /deepgram
    apps: [kiosk]
    vendor: voice-vendor
    url: wss://agent.vendor.example/v1
    credential: "\${VENDOR_KEY}"
apps:
  - { name: kiosk, tokens: ["\${KIOSK_TOKEN}"], origins: ["https://kiosk.example.com"] }
operators:
  - { id: desk, token: "\${DESK_TOKEN}", may: [taps], purpose: TREAT }
redaction:
  terms: [{ text: Cedar Glow Circle, kind: MEMBER }]
  patterns: [{ pattern: "(?:gc|club)-[0-9]{6}", kind: ACCOUNT }]
workers: 2
audit:
  directory: ./audit
  key: { vault: "https://vault.example.com", name: audit, token: "\${VAULT_TOKEN}" }
`;
const secrets = {
  ...environment,
  KIOSK_TOKEN: 'planted-kiosk-token-of-thirty-two-letters',
  DESK_TOKEN: 'planted-desk-token-of-thirty-two-letters',
  VAULT_TOKEN: 'planted-vault-token',
};

/** With its secrets as they are, so that they can be compared. */
const shown = (value: unknown): unknown => {
  if (value instanceof Secret) return `secret ${value.reveal()}`;
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shown(part)]));
};

const areFrozen = (value: unknown): boolean =>
  typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(areFrozen));

/** As a message between processes is made. */
const sent = (config: Config): Config => unpack(deserialize(serialize(pack(config))));

test('a configuration arrives at a worker as it was sent: with its secrets, and frozen', async () => {
  const { config, lines } = await load(everything, secrets);
  expect(lines).toEqual([]);
  if (config === undefined) throw new Error('There is no configuration');
  const arrived = sent(config);
  expect(shown(arrived)).toEqual(shown(config));
  for (const planted of Object.values(secrets)) expect(JSON.stringify(shown(arrived))).toContain(planted);
  expect(JSON.stringify(arrived)).not.toContain('planted');
  expect(areFrozen(arrived)).toBe(true);
});

test('what is none is not taken for one', () => {
  expect(() => unpack([])).toThrow('no configuration');
});
