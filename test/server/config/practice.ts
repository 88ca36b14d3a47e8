import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { agreementPoints } from '../../../src/policy/baa.ts';
import type { Config, Fault } from '../../../src/server/config.ts';
import { faultLine } from '../../../src/server/config/faults.ts';
import { loadConfig } from '../../../src/server/config/load.ts';

export const document = 'Agreement between Cedar Skin Studio and Vendor Inc.\n';
export const documentSha256 = createHash('sha256').update(document).digest('hex');

/** Variables that the configuration below refers to; the values are planted and must never be shown. */
export const environment = { TWILIO_AUTH_TOKEN: 'planted-auth-token', VENDOR_KEY: 'planted-vendor-key' };

/** A sound configuration, one entry a line where a test wants to change it. */
export const sound = `version: 1
practice: { name: Cedar Skin Studio, profile: medspa, time_zone: America/Chicago }
listen:
  calls: { public_url: https://calls.example.com, tls_ended_by: { proxies: [10.0.0.5] } }
twilio: { account_sid: AC0123456789abcdef0123456789abcdef, auth_tokens: ["\${TWILIO_AUTH_TOKEN}"] }
sub_processors:
  - id: voice-vendor
    service: realtime voice agent
    hosts: [agent.vendor.example]
    training: forbidden
    baa:
      counterparty: Vendor Inc.
      signed: 2026-01-05
      effective: 2026-01-05
      expires: 2036-01-04
      document: baa/vendor.txt
      sha256: ${documentSha256}
      points: [${Object.keys(agreementPoints).join(', ')}]
routes:
  - name: front-desk
    protocol: twilio-media-streams
    vendor: voice-vendor
    url: wss://agent.vendor.example/twilio
    headers: { Authorization: "Bearer \${VENDOR_KEY}" }
    human: { dial: "+15125550100" }
`;

/** The folder of a practice on the disk, with a configuration and the agreement that it names. */
export class Practice {
  readonly folder: string;
  readonly file: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.file = join(folder, 'chaperone.yaml');
  }

  static async make(text = sound): Promise<Practice> {
    const practice = new Practice(await mkdtemp(join(tmpdir(), 'chaperone-config-')));
    await practice.write('baa/vendor.txt', document);
    await practice.write('chaperone.yaml', text);
    return practice;
  }

  async write(name: string, content: string): Promise<void> {
    const path = join(this.folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}

/** Loads a text as the configuration of a practice that is gone afterwards. */
export async function load(
  text: string,
  variables: Readonly<Record<string, string | undefined>> = environment,
): Promise<{ config: Config | undefined; faults: readonly Fault[]; lines: readonly string[] }> {
  const practice = await Practice.make(text);
  try {
    const result = await loadConfig(practice.file, variables);
    if ('config' in result) return { config: result.config, faults: [], lines: [] };
    const lines = result.faults.map((fault) => faultLine(fault).replace(`${practice.folder}/`, ''));
    return { config: undefined, faults: result.faults, lines };
  } finally {
    await practice.remove();
  }
}

/** The sound configuration with one piece of text replaced by another. */
export function changed(piece: string, replacement: string): string {
  if (!sound.includes(piece)) throw new Error(`The configuration does not hold ${piece}`);
  return sound.replace(piece, replacement);
}

/** A starter as a person leaves it: what is marked is filled in, the # in front of the points is gone. */
export function filledIn(starter: string): string {
  const answers: Readonly<Record<string, string>> = {
    name: 'Cedar Skin Studio',
    public_url: 'https://calls.example.com',
    hosts: '[agent.vendor.example]',
    retention_days: '0',
    training: 'forbidden',
    counterparty: 'Vendor Inc.',
    signed: '2026-01-05',
    effective: '2026-01-05',
    expires: '2036-01-04',
    sha256: documentSha256,
    points: '',
    url: 'wss://agent.vendor.example/twilio',
    dial: '"+15125550100"',
    model: 'any-model',
  };
  return starter
    .replace(
      /^( *)([a-z0-9_]+):.*# <-- fill in.*$/gmu,
      (_line, indent: string, key: string) => `${indent}${key}: ${answers[key] ?? '?'}`,
    )
    .replace(/^( +)# - ([a-z-]+)( +# 164\.)/gmu, '$1- $2$3');
}
