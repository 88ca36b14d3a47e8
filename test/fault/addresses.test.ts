import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/server/config/load.ts';
import { buildScene, tearDown } from '../../src/server/demo/scene.ts';
import { streamUrl, upgrade } from '../conformance/support/caller.ts';
import { RawVendor } from '../conformance/support/vendor.ts';
import { Stage } from '../e2e/stage.ts';
import { observe } from './observe.ts';

/** Hosts that lie inside, in every spelling. */
const inner = [
  '127.0.0.1',
  '2130706433',
  '0x7f.1',
  '0177.0.0.1',
  '10.1.2.3',
  '172.16.0.1',
  '192.168.1.1',
  '100.64.0.1',
  '169.254.169.254',
  '0.0.0.0',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:169.254.169.254]',
  '[fd00::1]',
  '[fe80::1]',
  '[64:ff9b::a00:1]',
  'localhost',
];

it('[A9 G7] a route to an inner address is refused before a byte is sent, however the address is written', async (context) => {
  const vendor = new RawVendor();
  const stage = await Stage.open({
    vendor: vendor.start,
    change: (made) => {
      const port = /:(\d+)\//u.exec(made.routes[0]?.url ?? '')?.[1] ?? '';
      const urls = inner.map((host) => new URL(`wss://${host}:${port}/x`));
      const [front] = made.routes;
      return {
        ...made,
        sub_processors: made.sub_processors.map((entry) =>
          entry.id === 'demo-voice' ? { ...entry, hosts: [...new Set(urls.map(({ hostname }) => hostname))] } : entry,
        ),
        routes: urls.map((url, at) => ({ ...front, name: `r${at}`, url: url.href, allow_loopback_plaintext: false })),
      };
    },
  });
  const answers: string[] = [];
  for (const at of inner.keys()) {
    const { url } = await streamUrl(stage.carrier, `r${at}`);
    const { status, head, rest, socket } = await upgrade(stage.carrier, url);
    answers.push(`${status} ${/VENDOR_\w+/u.exec(head + rest.toString())?.[0]}`);
    socket.destroy();
  }
  expect(answers).toEqual(inner.map(() => '502 VENDOR_ADDRESS_REFUSED'));
  expect(vendor.connections).toBe(0);
  await stage.curtain();
  observe(context, { seen: 'VENDOR_ADDRESS_REFUSED' });
});

describe('[G7] a URL of the configuration', () => {
  it.for([
    'http://vendor.example/',
    'ws://vendor.example/',
    'file:///etc/passwd',
    'gopher://vendor.example/',
    'wss://me:pass@vendor.example/',
    'wss://',
    'vendor.example',
  ])('%s is refused at the start', async (url, context) => {
    const scene = await buildScene((made) => ({
      ...made,
      routes: made.routes.slice(0, 1).map((route) => ({ ...route, url })),
    }));
    const loaded = await loadConfig(scene.config, {});
    await tearDown(scene);
    expect(loaded).toHaveProperty('faults');
    observe(context, { seen: 'refused' });
  });
});

const maySeparate = spawnSync('unshare', ['-mn', 'true']).status === 0;

it.skipIf(!maySeparate)(
  '[A9] a name that resolves to another address later (needs root: a name server of its own)',
  async (context) => {
    const folder = await mkdtemp(join(tmpdir(), 'chaperone-names-'));
    await writeFile(join(folder, 'resolv.conf'), 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n');
    const child = fileURLToPath(new URL('rebinding.ts', import.meta.url));
    const script = [
      'ip link set lo up',
      `mount --bind ${join(folder, 'resolv.conf')} /etc/resolv.conf`,
      `exec ${process.execPath} --import tsx ${child}`,
    ].join(' && ');
    const { stdout, stderr, status } = spawnSync('unshare', ['-mn', 'sh', '-c', script], { encoding: 'utf8' });
    await rm(folder, { recursive: true });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    // Looked up once for each dial, and connected to what was judged; the second time nobody is connected to.
    expect(JSON.parse(stdout)).toEqual({
      lookups: 2,
      outcomes: ['127.0.0.1', 'VENDOR_ADDRESS_REFUSED'],
      connections: { '127.0.0.1': 1, '127.0.0.2': 0 },
    });
    observe(context, { seen: 'connected to the judged address; the other one refused' });
  },
);
