import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { createKeyFile } from '../../audit/keys/file.ts';
import { agreementPoints } from '../../policy/baa.ts';
import { createAuthority } from './certificates.ts';
import { freePort } from './ports.ts';

/** A folder with everything that a practice would have: certificates, key, agreements, configuration. Thrown away. */
export interface Scene {
  readonly directory: string;
  readonly config: string;
  readonly auditDirectory: string;
  readonly authority: string;
  readonly authToken: string;
  readonly accountSid: string;
  readonly vendorPort: number;
  readonly callsPort: number;
  readonly adminPort: number;
}

const dayMs = 86_400_000;
const dayFromNow = (days: number): string => new Date(Date.now() + days * dayMs).toISOString().slice(0, 10);

/** The configuration of a scene before it is written, to be changed by whoever wants another one. */
export type SceneConfiguration = ReturnType<typeof configuration>;

/** Makes the scene on loopback. The vendor is started on `vendorPort` by whoever plays the scene. */
export async function buildScene(change: (made: SceneConfiguration) => object = (made) => made): Promise<Scene> {
  const directory = await mkdtemp(join(tmpdir(), 'chaperone-demo-'));
  const authority = createAuthority('chaperone demo authority');
  const [calls, vendor] = [authority.issue(['localhost', '127.0.0.1']), authority.issue(['localhost', '127.0.0.1'])];
  const [callsPort, adminPort, vendorPort] = [await freePort(), await freePort(), await freePort()];
  for (const folder of ['baa', 'keys', 'tls']) await mkdir(join(directory, folder));
  const agreement = 'Business associate agreement of the demo. A signed PDF in real life.\n';
  await writeFile(join(directory, 'baa/demo.txt'), agreement);
  await writeFile(join(directory, 'tls/calls.pem'), calls.certificate);
  await writeFile(join(directory, 'tls/calls.key'), calls.key, { mode: 0o600 });
  await writeFile(join(directory, 'tls/vendor.pem'), vendor.certificate);
  await writeFile(join(directory, 'tls/vendor.key'), vendor.key, { mode: 0o600 });
  await writeFile(join(directory, 'tls/authority.pem'), authority.certificate);
  await createKeyFile(join(directory, 'keys/chaperone.key'));
  const secrets = { authToken: randomBytes(16).toString('hex'), accountSid: `AC${randomBytes(16).toString('hex')}` };
  const ports = { callsPort, adminPort, vendorPort };
  const config = join(directory, 'chaperone.yaml');
  await writeFile(
    config,
    stringify(change(configuration(secrets, ports, createHash('sha256').update(agreement).digest('hex')))),
    { mode: 0o600 },
  );
  return {
    directory,
    config,
    auditDirectory: join(directory, 'audit'),
    authority: authority.certificate,
    ...secrets,
    ...ports,
  };
}

export function tearDown(scene: Scene): Promise<void> {
  return rm(scene.directory, { recursive: true, force: true });
}

interface Ports {
  readonly callsPort: number;
  readonly adminPort: number;
  readonly vendorPort: number;
}

function configuration(secrets: { authToken: string; accountSid: string }, ports: Ports, sha256: string) {
  const baa = (expires: string) => ({
    counterparty: 'Demo Voice, Inc.',
    signed: dayFromNow(-400),
    effective: dayFromNow(-400),
    expires,
    document: 'baa/demo.txt',
    sha256,
    points: Object.keys(agreementPoints),
  });
  const vendor = (id: string, days: number, more: object = {}) => ({
    id,
    service: 'realtime voice agent',
    hosts: ['localhost'],
    training: 'forbidden',
    retention_days: 0,
    certificate_authority: 'tls/authority.pem',
    baa: baa(dayFromNow(days)),
    ...more,
  });
  const route = (name: string, vendorId: string, more: object = {}) => ({
    name,
    protocol: 'twilio-media-streams',
    vendor: vendorId,
    url: `wss://localhost:${ports.vendorPort}/${name}`,
    allow_loopback_plaintext: true,
    notice: 'You are speaking with an automated assistant of Cedar Skin Studio.',
    human: { say: 'I am connecting you with our front desk.', dial: '+15125550100' },
    ...more,
  });
  const relay = {
    protocol: 'twilio-conversation-relay',
    conversation_relay: { tts_provider: 'ElevenLabs', transcription_provider: 'Deepgram', language: 'en-US' },
  };
  return {
    version: 1,
    practice: { name: 'Cedar Skin Studio', profile: 'medspa', time_zone: 'America/Chicago' },
    listen: {
      calls: {
        host: '127.0.0.1',
        port: ports.callsPort,
        public_url: `https://localhost:${ports.callsPort}`,
        tls: { certificate: 'tls/calls.pem', key: 'tls/calls.key' },
      },
      admin: { host: '127.0.0.1', port: ports.adminPort },
    },
    twilio: { account_sid: secrets.accountSid, auth_tokens: [secrets.authToken] },
    sub_processors: [
      vendor('demo-voice', 300),
      vendor('lapsed-voice', -30),
      vendor('elevenlabs', 300, { service: 'speech synthesis', hosts: [] }),
      vendor('deepgram', 300, { service: 'speech recognition', hosts: [] }),
    ],
    routes: [
      route('front-desk', 'demo-voice'),
      route('booking', 'demo-voice', relay),
      route('lapsed', 'lapsed-voice'),
      route('unlisted', 'unlisted-voice'),
    ],
    audit: { directory: './audit', key: { file: './keys/chaperone.key' } },
  };
}
