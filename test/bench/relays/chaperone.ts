import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { createKeyFile } from '../../../src/audit/keys/file.ts';
import { agreementPoints } from '../../../src/policy/baa.ts';
import { freePort } from '../../../src/server/demo/ports.ts';
import { signTwilioRequest } from '../../../src/server/twilio/signature.ts';
import { CallTokens } from '../../../src/server/twilio/token.ts';
import type { Certificates } from '../certificates.ts';
import { accountSid } from '../frames.ts';
import { clientOptions, spawnPinned, stopped, type Relay, type RunningRelay } from '../relay.ts';

/** The flags that the Dockerfile gives to Node. */
const asInTheImage = ['--max-semi-space-size=4'];
const program = fileURLToPath(new URL('../../../dist/server/main.js', import.meta.url));

const routes = {
  stream: 'twilio-media-streams',
  prompts: 'twilio-conversation-relay',
  bridge: 'twilio-media-streams',
} as const;

interface Ports {
  readonly calls: number;
  readonly admin: number;
}

/**
 * chaperone as it is served, with audit and metrics on. Each call comes with a signature and a call token as after a
 * TwiML request. Without TLS the driver stands where the proxy that ends TLS would stand.
 */
export const chaperone: Relay = { name: 'chaperone', start: (...parameters) => start(alone, ...parameters) };

/** The same with two processes that carry calls. */
export const chaperoneWorkers: Relay = {
  name: 'chaperone, 2 workers',
  start: (...parameters) => start({ ...alone, workers: 2 }, ...parameters),
};

/** The same with its audit log where no disk is waited for. */
export const chaperoneInMemory: Relay = {
  name: 'chaperone, log in memory',
  start: (...parameters) => start({ ...alone, folders: '/dev/shm' }, ...parameters),
};

/** The same with somebody who reads its metrics once a second. */
export const chaperoneScraped: Relay = {
  name: 'chaperone, metrics read',
  start: (...parameters) => start({ ...alone, scraped: true }, ...parameters),
};

/** The same, which lets no more calls in when its core is so busy, in percent. */
export const chaperoneWithin = (busyPercent: number): Relay => ({
  name: `chaperone, at most ${busyPercent} % busy`,
  start: (...parameters) => start({ ...alone, limits: { busy_percent: busyPercent } }, ...parameters),
});

interface Setting {
  readonly workers: number;
  readonly limits: Readonly<Record<string, number>>;
  /** Where the folder of a run is made, which holds its audit log. */
  readonly folders: string;
  readonly scraped: boolean;
}

/** Refusing calls would be another benchmark. */
const alone: Setting = { workers: 1, limits: { busy_percent: 100, lag_ms: 10_000 }, folders: tmpdir(), scraped: false };

async function start(
  setting: Setting,
  vendorUrl: string,
  certificates: Certificates | undefined,
): Promise<RunningRelay> {
  const folder = mkdtempSync(join(setting.folders, 'chaperone-bench-'));
  const authToken = randomBytes(16).toString('hex');
  const ports = { calls: await freePort(), admin: await freePort() };
  const file = await writeScene(folder, vendorUrl, certificates, authToken, ports, setting);
  const startedAt = performance.now();
  const child = spawnPinned([process.execPath, ...asInTheImage, program, 'serve', '--config', file]);
  child.stdout?.resume();
  await ready(ports.admin);
  const scrapes = setting.scraped ? setInterval(() => void read(ports.admin, '/metrics'), 1000) : undefined;
  const tokens = new CallTokens([authToken]);
  return {
    pid: child.pid,
    startMs: performance.now() - startedAt,
    dial: (kind, callSid) => {
      const claim = { route: kind, callSid, caller: '+14155550142', callerName: '' };
      const path = `localhost:${ports.calls}/calls/${kind}/${tokens.mint(claim, Date.now())}`;
      const headers = {
        'x-twilio-signature': signTwilioRequest(authToken, `wss://${path}`, new Map()),
        'x-forwarded-proto': 'https',
      };
      return {
        url: `${certificates ? 'wss' : 'ws'}://${path}`,
        options: { ...clientOptions(certificates), headers },
      };
    },
    stop: async () => {
      clearInterval(scrapes);
      await stopped(child, 'SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ready(adminPort: number): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    if (await read(adminPort, '/readyz')) return;
    await wait(10);
  }
  throw new Error('chaperone was not ready in ten seconds');
}

/** Did it answer, and well? */
async function read(adminPort: number, path: string): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${adminPort}${path}`).catch(() => undefined);
  await answer?.arrayBuffer();
  return answer?.ok === true;
}

async function writeScene(
  folder: string,
  vendorUrl: string,
  certificates: Certificates | undefined,
  authToken: string,
  ports: Ports,
  { workers, limits }: Setting,
): Promise<string> {
  const agreement = 'Business associate agreement of the benchmark\n';
  mkdirSync(join(folder, 'keys'));
  await createKeyFile(join(folder, 'keys/chaperone.key'));
  writeFileSync(join(folder, 'baa.txt'), agreement);
  const sha256 = createHash('sha256').update(agreement).digest('hex');
  const file = join(folder, 'chaperone.yaml');
  const content = {
    version: 1,
    practice: { name: 'Cedar Skin Studio', profile: 'medspa', time_zone: 'America/Chicago' },
    listen: {
      calls: {
        host: '127.0.0.1',
        port: ports.calls,
        public_url: `https://localhost:${ports.calls}`,
        ...(certificates
          ? { tls: { certificate: certificates.files.certificate, key: certificates.files.key } }
          : { tls_ended_by: { proxies: ['127.0.0.1'] } }),
      },
      admin: { host: '127.0.0.1', port: ports.admin },
    },
    twilio: { account_sid: accountSid, auth_tokens: [authToken] },
    sub_processors: ['bench-voice', 'elevenlabs', 'deepgram'].map((id) => subProcessor(id, sha256, certificates)),
    routes: Object.entries(routes).map(([name, protocol]) => route(name, protocol, vendorUrl)),
    workers,
    limits: { calls: 10_000, ...limits },
  };
  writeFileSync(file, stringify(content), { mode: 0o600 });
  return file;
}

const dayFromNow = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

function subProcessor(id: string, sha256: string, certificates: Certificates | undefined): object {
  return {
    id,
    service: 'voice',
    hosts: id === 'bench-voice' ? ['localhost'] : [],
    training: 'forbidden',
    retention_days: 0,
    ...(certificates && { certificate_authority: certificates.files.authority }),
    baa: {
      counterparty: 'Bench Voice, Inc.',
      signed: dayFromNow(-300),
      effective: dayFromNow(-300),
      expires: dayFromNow(300),
      document: 'baa.txt',
      sha256,
      points: Object.keys(agreementPoints),
    },
  };
}

function route(name: string, protocol: string, vendorUrl: string): object {
  const relay = { tts_provider: 'ElevenLabs', transcription_provider: 'Deepgram', language: 'en-US' };
  return {
    name,
    protocol,
    vendor: 'bench-voice',
    url: `${vendorUrl}/${name}`,
    allow_loopback_plaintext: true,
    notice: 'You are speaking with an automated assistant.',
    human: { say: 'I am connecting you with our front desk.', dial: '+15125550100' },
    ...(name === 'prompts' && { conversation_relay: relay }),
    ...(name === 'bridge' && {
      url: `${vendorUrl}/bridge?model=bench-voice`,
      bridge: 'openai-realtime',
      session: { instructions: 'You book appointments.' },
    }),
  };
}
