import { createHash, X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { ask, callSidOf, UpgradeRefused } from '../../src/server/demo/carrier.ts';
import { createAuthority } from '../../src/server/demo/certificates.ts';
import type { Scene, SceneConfiguration } from '../../src/server/demo/scene.ts';
import { listenOn } from '../../src/server/port.ts';
import { demoVendor, Stage, vendorTls, type StageVendor } from './stage.ts';

/** A vendor that answers raw bytes, and counts those that it received after the handshake of TLS. */
function rawVendor(answer: string | undefined, tls?: (scene: Scene) => Promise<TlsOptions>) {
  const received: Buffer[] = [];
  const start = async (scene: Scene): Promise<StageVendor> => {
    const listener = (socket: Socket): void => {
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        received.push(data);
        if (answer !== undefined) socket.write(answer);
      });
    };
    const server: Server = tls === undefined ? createTcpServer(listener) : createTlsServer(await tls(scene), listener);
    server.on('tlsClientError', () => undefined);
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => sockets.add(socket));
    await listenOn(server, { host: '127.0.0.1', port: scene.vendorPort });
    return {
      sessions: [],
      close: async () => {
        for (const socket of sockets) socket.destroy();
        await new Promise((resolve) => server.close(resolve));
      },
    };
  };
  return { start, received };
}

/** Places one call and says how the upgrade was answered; then demands a whole log and no leak. */
async function outcomeOf(vendor: ReturnType<typeof rawVendor>, change?: (made: SceneConfiguration) => object) {
  const stage = await Stage.open({ vendor: vendor.start, ...(change === undefined ? {} : { change }) });
  const answer = await stage.call('front-desk').then(
    () => 'accepted',
    (fault: unknown) => (fault instanceof UpgradeRefused ? `${fault.status} ${fault.body.trim()}` : String(fault)),
  );
  await stage.stop();
  const events = await stage.events();
  const ways = await waysOf(stage);
  await stage.curtain();
  return { answer, events, ways, bytes: Buffer.concat(vendor.received).length };
}

/** How the log says that callers went on to a human. */
async function waysOf(stage: Stage): Promise<string[]> {
  const gone = (await stage.records()).filter(({ members }) => members['k'] === 'route.human');
  return gone.map(({ members: { o, f } }) => `${String(o)} ${String(Object(f)['way'])}`);
}

const trusted = async (scene: Scene): Promise<TlsOptions> => {
  const { certificate, key } = await vendorTls(scene);
  return { cert: certificate, key };
};

const issued =
  (...names: string[]) =>
  async (): Promise<TlsOptions> => {
    const { certificate, key } = createAuthority('somebody else').issue(names);
    return { cert: certificate, key };
  };

const withVendor =
  (more: object) =>
  (made: SceneConfiguration): object => ({
    ...made,
    sub_processors: made.sub_processors.map((entry) => (entry.id === 'demo-voice' ? { ...entry, ...more } : entry)),
  });

describe('[A7] a vendor that is not what it should be gets not one byte', () => {
  it.each([
    [
      '[A6] self-signed or of another authority',
      '502 VENDOR_CERTIFICATE',
      rawVendor(undefined, issued('localhost')),
      undefined,
    ],
    [
      'plain text where TLS is promised',
      '502 VENDOR_TLS_VERSION',
      rawVendor('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
      undefined,
    ],
    [
      'TLS 1.1 at most',
      '502 VENDOR_TLS_VERSION',
      rawVendor(undefined, async (scene) => ({
        ...(await trusted(scene)),
        maxVersion: 'TLSv1.1',
        minVersion: 'TLSv1.1',
        ciphers: 'DEFAULT@SECLEVEL=0',
      })),
      undefined,
    ],
    [
      'a weak cipher suite of TLS 1.2',
      '502 VENDOR_TLS_VERSION',
      rawVendor(undefined, async (scene) => ({
        ...(await trusted(scene)),
        maxVersion: 'TLSv1.2',
        ciphers: 'AES128-SHA',
      })),
      undefined,
    ],
    [
      '[A8] another key than the pinned one',
      '502 VENDOR_PIN_MISMATCH',
      rawVendor(undefined, trusted),
      withVendor({ pins: [`sha256/${'A'.repeat(43)}=`] }),
    ],
  ] as const)('%s', async (_name, answer, vendor, change) => {
    const outcome = await outcomeOf(vendor, change);
    expect(outcome.answer).toBe(answer);
    const { bytes } = outcome;
    // To a port that does not speak TLS goes a ClientHello, which holds the host name and nothing of a call.
    if (answer !== '502 VENDOR_TLS_VERSION') expect(bytes).toBe(0);
    expect(outcome.events).toContain(`vendor.refuse ${answer.slice(4)}`);
    expect(outcome.events).toContain(`sec.tls ${answer.slice(4)}`);
    expect(outcome.events).not.toContain('vendor.connect');
  });
});

describe('a vendor that answers something else than the upgrade', () => {
  it.each([
    [
      '[A5] a redirect',
      '502 VENDOR_REDIRECT',
      'HTTP/1.1 302 Found\r\nLocation: wss://elsewhere.example/\r\nContent-Length: 0\r\n\r\n',
    ],
    ['a refusal', '502 VENDOR_REJECTED', 'HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n'],
    ['garbage', '502 VENDOR_UNREACHABLE', '\u0000\u0001\u0002 nonsense\r\n\r\n'],
  ])('%s is not followed', async (_name, answer, text) => {
    const outcome = await outcomeOf(rawVendor(text, trusted));
    expect(outcome.answer).toBe(answer);
    expect(outcome.events).toContain(`vendor.refuse ${answer.slice(4)}`);
  });

  it('[A4] silence ends at the limit', async () => {
    const outcome = await outcomeOf(rawVendor(undefined, trusted), (made) => ({ ...made, limits: { dial_ms: 300 } }));
    expect(outcome.answer).toBe('504 VENDOR_TIMEOUT');
    expect(outcome.ways).toEqual(['ok twiml']);
  });

  it('nobody listening is a refusal', async () => {
    const outcome = await outcomeOf(rawVendor(undefined, trusted), (made) => ({
      ...made,
      routes: made.routes.map((route) => ({ ...route, url: 'wss://localhost:1/front-desk' })),
    }));
    expect(outcome.answer).toBe('502 VENDOR_UNREACHABLE');
  });
});

describe('a vendor that the policy does not allow sends the call to a human before any stream', () => {
  const toHuman = async (
    change: (made: SceneConfiguration) => object,
  ): Promise<{ twiml: string; events: string[]; ways: string[]; bytes: number }> => {
    const vendor = rawVendor(undefined, trusted);
    const stage = await Stage.open({ vendor: vendor.start, change });
    const { twiml, status } = await ask(stage.carrier, 'front-desk', callSidOf(1));
    expect(status).toBe(200);
    await stage.stop();
    const events = await stage.events();
    const ways = await waysOf(stage);
    await stage.curtain();
    return { twiml, events, ways, bytes: Buffer.concat(vendor.received).length };
  };

  it.each([
    [
      'an expired agreement',
      'BAA_EXPIRED',
      (made: SceneConfiguration) => withVendor({ baa: made.sub_processors[1]?.baa })(made),
    ],
    ['no agreement', 'BAA_MISSING', withVendor({ baa: undefined })],
    ['a suspended entry', 'VENDOR_SUSPENDED', withVendor({ status: 'suspended' })],
    ['training not forbidden', 'TRAINING_NOT_FORBIDDEN', withVendor({ training: 'allowed' })],
    [
      'a sub-processor behind it whose agreement has lapsed',
      'SUBPROCESSOR_NOT_APPROVED',
      withVendor({ sub_processors: ['lapsed-voice'] }),
    ],
    [
      'no entry at all',
      'VENDOR_NOT_APPROVED',
      (made: SceneConfiguration) => ({
        ...made,
        sub_processors: made.sub_processors.filter(({ id }) => id !== 'demo-voice'),
      }),
    ],
  ] as const)('%s', async (_name, reason, change) => {
    const { twiml, events, ways, bytes } = await toHuman(change);
    expect(twiml).not.toContain('<Connect>');
    expect(twiml).toContain('<Dial>+15125550100</Dial>');
    expect(events).toContain(`call.refuse ${reason}`);
    expect(events).toContain(`route.human ${reason}`);
    expect(ways).toEqual(['ok twiml']);
    expect(bytes).toBe(0);
  });

  it('[A9] a private address behind a public name is refused', async () => {
    const outcome = await outcomeOf(rawVendor(undefined, trusted), (made) => ({
      ...made,
      routes: made.routes.map((route) => ({ ...route, allow_loopback_plaintext: false })),
    }));
    expect(outcome.answer).toBe('502 VENDOR_ADDRESS_REFUSED');
    expect(outcome.bytes).toBe(0);
  });
});

it('a vendor with the pinned key is reached', async () => {
  let pin = '';
  const pinned = async (scene: Scene): Promise<StageVendor> => {
    const { certificate } = await vendorTls(scene);
    const key = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
    pin = `sha256/${createHash('sha256').update(key).digest('base64')}`;
    const text = await readFile(scene.config, 'utf8');
    await writeFile(
      scene.config,
      text.replace('service: realtime voice agent', `service: realtime voice agent\n    pins: ["${pin}"]`),
    );
    return demoVendor(scene);
  };
  const stage = await Stage.open({ vendor: pinned });
  const { socket } = await stage.started();
  socket.close();
  await stage.stop();
  const connected = (await stage.records()).find(({ members }) => members['k'] === 'vendor.connect');
  expect(connected?.members['net']).toMatchObject({ spki: pin.slice('sha256/'.length) });
  await stage.curtain();
});

it('speaks plain WebSocket to loopback only where the route says so', async () => {
  const plain = async (scene: Scene): Promise<StageVendor> => {
    const { startDemoVendor } = await import('../../src/server/demo/vendor.ts');
    return startDemoVendor({ host: '127.0.0.1', port: scene.vendorPort });
  };
  const stage = await Stage.open({
    vendor: plain,
    change: (made) => ({
      ...made,
      routes: made.routes.map((route) => ({ ...route, url: route.url.replace('wss:', 'ws:') })),
    }),
  });
  const { socket } = await stage.started();
  socket.close();
  await stage.curtain();
});
