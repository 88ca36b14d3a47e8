/** docs/vendors: what a page tells an engineer to write is sound, and leads where the page says. */
import { readdir, readFile } from 'node:fs/promises';
import { parse, stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { agreementPoints } from '../../../src/policy/baa.ts';
import { reasons } from '../../../src/policy/reason.ts';
import { demandsOf } from '../../../src/policy/training.ts';
import { entranceOf, mountedAt } from '../../../src/server/apps/entrance.ts';
import { isProtocol } from '../../../src/server/config/apps.ts';
import { appStarters } from '../../../src/server/config/starter-app.ts';
import { postureOf } from '../../../src/server/posture.ts';
import { protocols } from '../../../src/stream/protocols/index.ts';
import { documentSha256, load } from './practice.ts';

type Route = Readonly<Record<string, unknown>>;

const folder = new URL('../../../docs/vendors/', import.meta.url);
const names = (await readdir(folder)).filter((name) => name !== 'README.md');
const pages = await Promise.all(
  names.map(async (name) => ({ name, text: await readFile(new URL(name, folder), 'utf8') })),
);
const readme = await readFile(new URL('README.md', folder), 'utf8');

const token = 'planted-app-token-0123456789abcdefghij';
const baa = {
  counterparty: 'Vendor Inc.',
  signed: '2026-01-05',
  effective: '2026-01-05',
  expires: '2036-01-04',
  document: 'baa/vendor.txt',
  sha256: documentSha256,
  points: Object.keys(agreementPoints),
};
const entry = { service: 'voice', training: 'forbidden', retention_days: 0, baa };
const ownApp = { name: 'front-desk-app', tokens: ['${FRONT_DESK_APP_TOKEN}'] };

/** What the page has in YAML: a whole part of the file, or the entry of a route. */
function partOf(text: string): { readonly routes: readonly Route[] } {
  const [, block = ''] = /```yaml\n([\s\S]*?)```/u.exec(text) ?? [];
  const part: unknown = parse(block);
  return Array.isArray(part) ? { routes: part as Route[] } : (part as { routes: Route[] });
}

/** The file of a practice that did what the page says, and no more than it has to besides. */
function fileOf(part: { readonly routes: readonly Route[] }): string {
  const { routes } = part;
  const vendors = routes.map(({ vendor, url }) => ({ ...entry, id: vendor, hosts: [new URL(String(url)).host] }));
  const others = ['retell', 'twilio'].map((id) => ({ ...entry, id }));
  return stringify({
    version: 1,
    practice: { name: 'Cedar Skin Studio', profile: 'medspa', time_zone: 'America/Chicago' },
    listen: { calls: { public_url: 'https://chaperone.example', tls_ended_by: { proxies: ['10.0.0.5'] } } },
    sub_processors: [...vendors, ...others],
    apps: [ownApp],
    ...part,
  });
}

/** Every variable that the file refers to, with a value of its form. */
function variablesOf(file: string): Record<string, string> {
  const named = [...file.matchAll(/\$\{([A-Z_]+)\}/gu)].map(([, name = '']) => name);
  return Object.fromEntries(
    [...named, 'FRONT_DESK_APP_TOKEN'].map((name, index) => [
      name,
      name === 'TWILIO_ACCOUNT_SID' ? `AC${'0'.repeat(32)}` : `${token}${index}`,
    ]),
  );
}

async function soundOf(part: { readonly routes: readonly Route[] }) {
  const file = fileOf(part);
  const { config, lines } = await load(file, variablesOf(file));
  expect(lines).toEqual([]);
  if (config === undefined) throw new Error('The configuration has faults');
  return { config, posture: postureOf(config, Date.now()) };
}

describe.each(pages)('$name', ({ text }) => {
  it('has a route that is sound, allowed, and of which nothing need be known', async () => {
    const { posture } = await soundOf(partOf(text));
    expect(posture.routes.map(({ verdict }) => verdict)).toEqual([{ allowed: true }]);
    const ownNotice = / human\.dial|The notice of route/u; // The page of Twilio leaves both to the engineer, and says so.
    expect(posture.warnings.filter((line) => /route/iu.test(line) && !ownNotice.test(line))).toEqual([]);
  });

  it('has the same route for each other protocol and host that it names', async () => {
    const part = partOf(text);
    const others = [...text.matchAll(/`protocol: ([a-z-]+)`(?:, `url: (\S+)`)?/gu)];
    for (const [, protocol = '', url] of others) {
      const routes = part.routes.map((route) => ({ ...route, protocol, ...(url === undefined ? {} : { url }) }));
      const { posture } = await soundOf({ routes });
      expect(posture.routes).toMatchObject([{ protocol, verdict: { allowed: true } }]);
    }
  });

  it('names addresses that lead to that route', async () => {
    const { config } = await soundOf(partOf(text));
    const written = text.replaceAll('<the token>', token).replaceAll('<call id>', 'call-1');
    const paths = [...written.matchAll(/(?:https|wss):\/\/chaperone\.example(\/[^\s'`?]*)/gu)].map(([, path]) => path);
    expect(paths.length).toBeGreaterThan(0);
    const stray = paths.filter((path = '') => {
      const [route] = config.routes;
      if (route?.app === undefined) return path !== `/twilio/voice/${route?.name ?? ''}`;
      return entranceOf(config.routes, path) === undefined && mountedAt(config.routes, `${path}/`).length === 0;
    });
    expect(stray).toEqual([]);
  });

  it('says what is made to stand on the wire', () => {
    const spoken = Object.keys(protocols).filter((name) => protocolsOf(text).includes(name));
    expect(spoken.length).toBeGreaterThan(0);
    const demands = spoken.map(demandsOf);
    const fields = demands.flatMap((demand) => demand.fields.map(({ at }) => at));
    const parameters = demands.flatMap(({ query }) => query.map(({ name, must }) => `${name}=${must}`));
    const read = demands.flatMap(({ told = [], absent = [] }) => [...told.map(({ at }) => at), ...absent]);
    const keys = read.map((at) => at.split('.').at(-1) ?? '');
    expect([...fields, ...parameters, ...keys].filter((name) => !text.includes(name))).toEqual([]);
  });

  it('names reasons and starters that exist', () => {
    const codes = [...text.matchAll(/`([A-Z]+_[A-Z_]+)`/gu)].map(([, code = '']) => code);
    const variables = Object.keys(variablesOf(text));
    expect(codes.filter((code) => !Object.hasOwn(reasons, code) && !variables.includes(code))).toEqual([]);
    const starters = [...text.matchAll(/chaperone init --app ([a-z-]+)/gu)].map(([, name = '']) => name);
    expect(starters.filter((name) => !appStarters.has(name))).toEqual([]);
  });
});

/** The protocols of a page's vendor, as the table of the README has them. */
function protocolsOf(text: string): readonly string[] {
  const page = pages.find((each) => each.text === text)?.name ?? '';
  const row = readme.split('\n').find((line) => line.includes(`](${page})`)) ?? '';
  return [...row.matchAll(/`([a-z-]+)`/gu)].map(([, name = '']) => name).filter(isProtocol);
}

it('every protocol has one page, and every page its row', () => {
  const listed = pages.flatMap(({ text }) => [...new Set(protocolsOf(text))]);
  expect(listed.sort()).toEqual(Object.keys(protocols).sort());
  expect(pages.filter(({ text }) => protocolsOf(text).length === 0)).toEqual([]);
});
