import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { canary } from '../../src/server/demo/booking.ts';
import { tearDown, type Scene } from '../../src/server/demo/scene.ts';
import { searchFolder, searchText } from '../../src/server/demo/sweep.ts';
import { eventually, type StageVendor } from './stage.ts';

const built = [fileURLToPath(new URL('../../dist/server/main.js', import.meta.url))];
const sources = ['--import', 'tsx', fileURLToPath(new URL('../../src/server/main.ts', import.meta.url))];

export interface ProgramOptions {
  /** As it was built, as an operator has it; without this, from its sources. */
  readonly built?: true;
  /** All of its environment besides PATH and HOME. */
  readonly env?: Readonly<Record<string, string>>;
  /** Flags of Node, before the program. */
  readonly node?: readonly string[];
  /** Most file descriptors of the process. */
  readonly openFiles?: number;
}

/** The program as a process of its own. Whoever starts it must see it end. */
export class Program {
  output = '';
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;

  constructor(parameters: readonly string[], options: ProgramOptions = {}) {
    const [command = '', ...words] = commandOf(parameters, options);
    const { PATH = '', HOME = '' } = process.env;
    this.child = spawn(command, words, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH, HOME, ...options.env },
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (part: Buffer) => (this.output += part.toString('utf8')));
    this.ended = new Promise((resolve) => {
      this.child.once('close', (code) => resolve(code));
    });
  }

  /** Resolves when it takes calls. */
  ready(limitMs = 60_000): Promise<void> {
    return eventually(() => this.output.includes('Listening for metrics'), limitMs);
  }

  /** The processes that it has started, as Linux tells it. */
  async children(): Promise<number[]> {
    const { pid } = this.child;
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return children.trim().split(' ').filter(Boolean).map(Number);
  }

  /** Ends it as an operator would, and resolves to its exit code. */
  stop(): Promise<number | null> {
    this.child.kill('SIGTERM');
    return this.ended;
  }

  /** Ends it if it still runs. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}

function commandOf(parameters: readonly string[], options: ProgramOptions): readonly string[] {
  const { node = [], openFiles } = options;
  const words = [process.execPath, ...node, ...(options.built === true ? built : sources), ...parameters];
  return openFiles === undefined ? words : ['sh', '-c', `ulimit -n ${openFiles}; exec "$@"`, 'sh', ...words];
}

/** Ends a test of the program and demands what each owes: no planted word in what it said or kept, or in what the vendor got. */
export async function curtain(scene: Scene, vendor: StageVendor, program: Program | undefined): Promise<void> {
  await program?.kill();
  const leaks = [
    ...searchText('vendor', vendor.sessions.flatMap(({ texts }) => texts).join('\n'), canary.words),
    ...searchText('output', program?.output ?? '', canary.words),
    // Where the start was refused there may be no log.
    ...(await searchFolder(scene.auditDirectory, canary.words).catch(() => [])),
  ];
  await vendor.close();
  await tearDown(scene);
  expect(leaks).toEqual([]);
}
