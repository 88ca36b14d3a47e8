/**
 * How these tests work: a vendor's own SDK runs in a process of its own, `apps/<sdk>.ts`, written as its vendor documents it
 * and changed in its base URL alone. It reaches a running chaperone over TLS (the authority comes by NODE_EXTRA_CA_CERTS,
 * as a practice would do it), which reaches a loopback vendor over TLS, `vendors/<name>.ts`. The app says what it sees as
 * lines of JSON. Each test: the conversation works both ways; what is planted does not arrive where it must not; the vendor
 * was given chaperone's key and never the app's token; the log verifies.
 */
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, vi } from 'vitest';
import type { SceneConfiguration } from '../../src/server/demo/scene.ts';
import { searchFolder, searchText } from '../../src/server/demo/sweep.ts';
import { eventually, Stage, type StageOptions } from '../e2e/stage.ts';
import { startVendor, type LoopbackVendor, type VendorScript } from '../vendors/loopback.ts';

/** Planted: what the app holds, and what chaperone holds for the vendor. */
export const appToken = 'planted-app-token-0123456789abcdefghij';
export const vendorKey = 'planted-vendor-key-0123456789abcdefghi';

/** An SDK takes seconds to be loaded where everything else runs too. */
const longestRunMs = 45_000;
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

export interface Said {
  readonly [name: string]: unknown;
}

export interface InteropOptions {
  /** Of the route: at least the protocol. */
  readonly route: { readonly protocol: string; readonly [key: string]: unknown };
  /** Of the entry of the vendor. */
  readonly vendor?: object;
  /** Further entries of the approved list, by what they are beside the vendor's own. */
  readonly others?: readonly object[];
  /** Ids of entries whose agreement has ended. */
  readonly ended?: readonly string[];
  /** A second route, beside the first one. */
  readonly second?: object;
  /** Path and query of the vendor's URL that the route itself gives. */
  readonly pinned?: string;
  /** Of the file. */
  readonly more?: object;
  /** Who vouches for the certificates of apps: a file of the scene, and what writes it there. */
  readonly clientAuthority?: string;
  readonly prepare?: (directory: string) => Promise<void>;
  readonly audit?: StageOptions['audit'];
}

/** A running chaperone with one route for an app, and the vendor behind it. */
export class Interop {
  readonly stage: Stage;
  readonly vendor: LoopbackVendor;
  /** What an app puts where the base URL of the vendor stood: `https://localhost:<port>/voice`. */
  readonly base: string;
  readonly #secrets = [appToken, vendorKey];

  private constructor(stage: Stage, vendor: LoopbackVendor) {
    this.stage = stage;
    this.vendor = vendor;
    this.base = `https://localhost:${stage.scene.callsPort}/voice`;
  }

  static async open(script: VendorScript, options: InteropOptions): Promise<Interop> {
    let started: LoopbackVendor | undefined;
    const stage = await Stage.open({
      change: (made) => configured(made, options),
      ...(options.audit === undefined ? {} : { audit: options.audit }),
      vendor: async (scene) => {
        await options.prepare?.(scene.directory);
        started = await startVendor(scene, script);
        return started;
      },
    });
    if (started === undefined) throw new Error('No vendor was started');
    await writeFile(join(stage.scene.directory, 'authority.pem'), stage.scene.authority);
    return new Interop(stage, started);
  }

  /** Runs `apps/<name>.ts` to its end; gives what it said. */
  async run(name: string, environment: Readonly<Record<string, string>> = {}): Promise<readonly Said[]> {
    const script = fileURLToPath(new URL(`apps/${name}.ts`, import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', script], {
      env: {
        PATH: process.env['PATH'] ?? '',
        NODE_EXTRA_CA_CERTS: join(this.stage.scene.directory, 'authority.pem'),
        CHAPERONE: this.base,
        API_KEY: appToken,
        ...environment,
      },
    });
    const out: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on('data', (data: Buffer) => out.push(data));
    child.stderr.on('data', (data: Buffer) => errors.push(data));
    const limit = setTimeout(() => child.kill('SIGKILL'), longestRunMs);
    const code = await new Promise((resolve) => child.once('close', resolve));
    clearTimeout(limit);
    const lines = Buffer.concat(out).toString().split('\n');
    if (code !== 0 || errors.length > 0)
      throw new Error(`The app ended with ${String(code)}: ${Buffer.concat([...errors, ...out]).toString()}`);
    return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Said);
  }

  /** Resolves when the vendor has received so many texts in its first session. */
  async received(texts: number): Promise<void> {
    await eventually(() => (this.vendor.sessions[0]?.texts.length ?? 0) >= texts);
  }

  /** A word that must stand in no log when all has ended; the vendor may know it. */
  mustNotAppear(word: string): void {
    this.#secrets.push(word);
  }

  /** Ends all, and demands what every conversation owes: no key and no planted word anywhere, a whole log. */
  async close(): Promise<void> {
    await this.stage.stop();
    const leaks = [
      ...searchText('vendor', this.#atVendor().join('\n'), [appToken]),
      ...searchText('log', this.stage.lines.join('\n'), this.#secrets),
      ...(await searchFolder(this.stage.scene.auditDirectory, this.#secrets)),
    ];
    await this.stage.curtain();
    expect(leaks).toEqual([]);
  }

  /** All that the vendor was told, in messages, URLs and headers. */
  #atVendor(): string[] {
    return this.vendor.sessions.flatMap(({ texts, path, headers }) => [...texts, path, JSON.stringify(headers)]);
  }
}

function configured(
  made: SceneConfiguration,
  { route, vendor, others = [], ended = [], second, pinned = '/', more, clientAuthority }: InteropOptions,
): object {
  const [entry, lapsed] = made.sub_processors;
  const entries = [{ ...entry, ...vendor }, ...others.map((other) => ({ ...entry, ...other }))];
  const [first] = made.routes;
  const { calls } = made.listen;
  const url = new URL(pinned, first?.url).href;
  const common = {
    caller: 'app',
    apps: ['front-desk-app'],
    vendor: first?.vendor,
    allow_loopback_plaintext: true,
    credential: vendorKey,
  };
  const tls = clientAuthority === undefined ? calls.tls : { ...calls.tls, client_authority: clientAuthority };
  return {
    ...made,
    listen: { ...made.listen, calls: { ...calls, tls } },
    sub_processors: entries.map((each) => (ended.includes(each.id ?? '') ? { ...each, baa: lapsed?.baa } : each)),
    apps: [{ name: 'front-desk-app', tokens: [appToken] }],
    // What a busy machine would refuse is no matter here.
    limits: { busy_percent: 100, lag_ms: 10_000, frame_budget_ms: 1000 },
    routes: [
      { ...common, name: 'voice', ...route, url },
      ...(second === undefined ? [] : [{ ...common, name: 'second', url, ...second }]),
    ],
    ...more,
  };
}
