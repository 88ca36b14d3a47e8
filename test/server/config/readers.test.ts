import { describe, expect, it } from 'vitest';
import { environment, load, sound } from './practice.ts';

const token = 'planted-operator-token-0123456789abcdef';
const other = 'another-operator-token-0123456789abcdef';
const variables = { ...environment, TAP_SECRET: 'planted-tap-secret-0123456789abcdef', READER: token, OTHER: other };
const tap = '{ id: records, kind: webhook, url: "https://records.example.com/in", secret: "${TAP_SECRET}" }';

const withTaps = (...entries: string[]): string =>
  `${sound}taps:\n${entries.map((entry) => `  - ${entry}\n`).join('')}`;
const withOperators = (...entries: string[]): string =>
  `${sound}operators:\n${entries.map((entry) => `  - ${entry}\n`).join('')}`;

describe('taps', () => {
  it('have the clearance of the profile, and what an entry changes in it', async () => {
    const { config, lines } = await load(
      withTaps(
        tap,
        tap.replace('id: records', 'id: desk, clearances: { TREATMENT: pass }, events: all, purpose: TREAT'),
      ),
      variables,
    );
    expect(lines).toEqual([]);
    const [records, desk] = config?.taps ?? [];
    expect(records?.clearance).toEqual(config?.clearances.tap);
    expect(desk?.clearance).toEqual({ ...config?.clearances.tap, TREATMENT: 'pass' });
    expect(records).toMatchObject({ events: 'final', purpose: 'HOPERAT', addresses: [], subProcessor: undefined });
    expect(desk).toMatchObject({ events: 'all', purpose: 'TREAT' });
    expect(records?.secret.reveal()).toBe(variables.TAP_SECRET);
    expect(records?.queue).toMatchObject({ bytes: 64_000_000, ageMs: 72 * 3_600_000 });
    expect(records?.queue.directory).toMatch(/^\/.*\/taps\/records$/u);
  });

  it.each([
    ['url: "https://records.example.com/in"', 'url: "http://127.0.0.1:8080/in"'],
    ['url: "https://records.example.com/in"', 'url: "http://localhost:8080/in"'],
  ])('may be plain text on this machine: %s -> %s', async (piece, replacement) => {
    expect((await load(withTaps(tap.replace(piece, replacement)), variables)).lines).toEqual([]);
  });

  it.each([
    [
      'url: "https://records.example.com/in"',
      'url: "http://records.example.com/in"',
      'taps[0].url: found an unencrypted',
    ],
    ['url: "https://records.example.com/in"', 'url: "ftp://records.example.com/in"', 'taps[0].url: found a URL that'],
    [
      'url: "https://records.example.com/in"',
      'url: "https://me:pass@records.example.com/"',
      'taps[0].url: found a URL',
    ],
    ['secret: "${TAP_SECRET}"', 'secret: short', 'taps[0].secret: found a text of 5 characters'],
    ['kind: webhook', 'kind: email', 'taps[0].kind: found "email"; wanted one of webhook'],
    ['id: records', 'id: records, purpose: FUN', 'taps[0].purpose: found "FUN"'],
    ['id: records', 'id: records, certificate_authority: none.pem', 'taps[0].certificate_authority: found "none.pem"'],
    ['id: records', 'id: records, clearances: { NAMES: pass }', 'taps[0].clearances.NAMES: found the unknown key'],
  ])('are refused: %s -> %s', async (piece, replacement, said) => {
    const { lines } = await load(withTaps(tap.replace(piece, replacement)), variables);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(said);
    expect(lines.join('\n')).not.toMatch(/planted|me:pass/u);
  });

  it('[D5] have an id each', async () => {
    const { lines } = await load(withTaps(tap, tap), variables);
    expect(lines).toEqual([expect.stringContaining('taps[1].id: found the id "records" a second time')]);
  });
});

describe('operators', () => {
  it('may do nothing unless it is said', async () => {
    const { config } = await load(
      withOperators('{ id: front, token: "${READER}" }', '{ id: desk, token: "${OTHER}", may: [taps] }'),
      variables,
    );
    expect(config?.operators.map(({ id, may, purpose }) => ({ id, may, purpose }))).toEqual([
      { id: 'front', may: [], purpose: 'HOPERAT' },
      { id: 'desk', may: ['taps'], purpose: 'HOPERAT' },
    ]);
  });

  it('[D5] have a token each, long enough, which no fault shows', async () => {
    const { lines } = await load(
      withOperators(
        '{ id: front, token: "${READER}" }',
        '{ id: desk, token: "${READER}" }',
        '{ id: night, token: planted-short }',
        '{ id: day, token: "planted with spaces in it, and long enough" }',
      ),
      variables,
    );
    expect(lines).toEqual([
      expect.stringContaining('operators[1].token: found the token of another entry; wanted a token of its own'),
      expect.stringContaining('operators[2].token: found a text of 13 characters'),
      expect.stringContaining('operators[3].token: found a text of'),
    ]);
    expect(lines.join('\n')).not.toContain('planted');
  });
});

it('the policy hash tells who reads along, and no secret', async () => {
  const hashOf = async (text: string, secrets: Readonly<Record<string, string>>): Promise<string | undefined> =>
    (await load(text, secrets)).config?.policyHash;
  const before = await hashOf(withTaps(tap), variables);
  expect(before).toMatch(/^[0-9a-f]{64}$/u);
  expect(await hashOf(sound, variables)).not.toBe(before);
  expect(await hashOf(withTaps(tap), { ...variables, TAP_SECRET: `${other}-rotated` })).toBe(before);
});

it('a secret that stands in the file is noted', async () => {
  const { config } = await load(
    `${withTaps(tap.replace('"${TAP_SECRET}"', other))}operators: [{ id: desk, token: ${token} }]\n`,
    variables,
  );
  expect(config?.literalSecrets).toEqual(['taps[0].secret', 'operators[0].token']);
});
