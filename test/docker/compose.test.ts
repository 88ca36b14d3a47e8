import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/server/config/load.ts';
import { createProgram } from '../../src/server/cli/index.ts';
import { at, entriesAt, listAt, textOf, yamlOf } from './files.ts';

const compose = yamlOf('docker/compose.yaml');
const services = entriesAt(compose, 'services');
const chaperone = at(compose, 'services', 'chaperone');

/** What compose.yaml hands to the process; the values are invented. */
const environment = {
  PUBLIC_URL: 'https://calls.example.com',
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'not-a-token',
};

describe.each(services)('service %s', (_name, service) => {
  test('cannot write to its root, holds no capability, gains no privilege', () => {
    expect(at(service, 'read_only')).toBe(true);
    expect(at(service, 'cap_drop')).toEqual(['ALL']);
    expect(at(service, 'security_opt')).toEqual(['no-new-privileges:true']);
    expect(at(service, 'privileged')).toBeUndefined();
    expect(at(service, 'user')).toBeUndefined();
  });

  test('has an image with a version', () => {
    expect(at(service, 'image')).toMatch(/^[\w./-]+:v?\d+\.\d+/u);
  });

  test('publishes its ports on loopback only', () => {
    for (const port of listAt(service, 'ports')) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/u);
  });

  test('waits until what it depends on is healthy or has done its work', () => {
    const conditions = entriesAt(service, 'depends_on').map(([, dependency]) => at(dependency, 'condition'));
    for (const condition of conditions) expect(condition).toMatch(/^service_(?:healthy|completed_successfully)$/u);
  });
});

test('the services are chaperone, its key, the demo vendor and Prometheus', () => {
  expect(services.map(([name]) => name).sort()).toEqual(['chaperone', 'key', 'prometheus', 'vendor']);
});

test('every named volume is declared, and no secret is written into the file', () => {
  const mounts = services.flatMap(([, service]) => listAt(service, 'volumes')).map(String);
  const named = mounts.map((mount) => mount.split(':')[0] ?? '').filter((source) => !source.startsWith('.'));
  expect([...new Set(named)].sort()).toEqual(
    entriesAt(compose, 'volumes')
      .map(([name]) => name)
      .sort(),
  );
  for (const [name, value] of entriesAt(chaperone, 'environment'))
    expect(value).toMatch(new RegExp(`^\\$\\{${name}:\\?`, 'u'));
});

test('live calls may end before Docker kills the process', async () => {
  const config = await load();
  expect(Number.parseInt(String(at(chaperone, 'stop_grace_period')), 10) * 1000).toBeGreaterThan(config.limits.drainMs);
});

test('the configuration is sound and its addresses are those of compose.yaml', async () => {
  const config = await load();
  expect(config.calls.port).toBe(8443);
  const network = at(compose, 'networks', 'calls', 'ipam', 'config', 0);
  expect(textOf('docker/chaperone.yaml')).toContain(`proxies: [${String(at(network, 'gateway'))}]`);
  const vendorPort = listAt(compose, 'services', 'vendor', 'command').at(-1);
  for (const route of config.routes) expect(new URL(route.url).host).toBe(`127.0.0.1:${String(vendorPort)}`);
  expect(at(compose, 'services', 'vendor', 'network_mode')).toBe('service:chaperone');
});

test('the agreement of the file is the one whose hash is recorded', () => {
  const digest = createHash('sha256').update(textOf('docker/demo-agreement.txt')).digest('hex');
  expect(textOf('docker/chaperone.yaml').match(/sha256: \S+/gu)).toEqual([`sha256: ${digest}`, `sha256: ${digest}`]);
});

test('the key is where the configuration looks for it, on a volume of its own', async () => {
  const { audit } = await load();
  const folder = String(listAt(compose, 'services', 'key', 'command')[2]);
  expect(audit.key).toMatchObject({ kind: 'file', file: `${folder}/keys/chaperone.key` });
  expect(listAt(chaperone, 'volumes')).toContain(`keys:${folder}:ro`);
  expect(audit.directory.startsWith(folder)).toBe(false);
});

test('every command of the services is a command of the program', () => {
  const verbs = createProgram().commands;
  for (const [name, service] of services) {
    if (name === 'prometheus' || name === 'chaperone') continue;
    const words = listAt(service, 'command').map(String);
    const verb = verbs.find((command) => command.name() === words[0]);
    const inner = verb?.commands.find((command) => command.name() === words[1]) ?? verb;
    const known = inner?.options.map((option) => option.long) ?? [];
    for (const option of words.filter((word) => word.startsWith('--'))) expect(known).toContain(option);
  }
});

test('Prometheus scrapes the admin listener and reads the rules that are mounted', async () => {
  const prometheus = yamlOf('docker/prometheus.yml');
  const { admin } = await load();
  expect(at(prometheus, 'scrape_configs', 0, 'static_configs', 0, 'targets')).toEqual([`chaperone:${admin.port}`]);
  const mounted = listAt(compose, 'services', 'prometheus', 'volumes').map((mount) => String(mount).split(':')[1]);
  for (const file of listAt(prometheus, 'rule_files')) expect(mounted).toContain(`/etc/prometheus/${String(file)}`);
});

async function load() {
  const file = fileURLToPath(new URL('../../docker/chaperone.yaml', import.meta.url));
  const loaded = await loadConfig(file, environment);
  if ('faults' in loaded) throw new Error(JSON.stringify(loaded.faults, null, 2));
  return loaded.config;
}
