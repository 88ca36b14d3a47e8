import { spawn, type ChildProcess } from 'node:child_process';
import { eventually } from '../e2e/stage.ts';

export interface LaunchOptions {
  /** Flags of Node, before the program. */
  readonly node?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Most file descriptors of the process. */
  readonly openFiles?: number;
}

/** The built program in circumstances that are wrong. */
export class Launched {
  output = '';
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;

  constructor(config: string, { node = [], env = {}, openFiles }: LaunchOptions = {}) {
    const words = [process.execPath, ...node, 'dist/server/main.js', 'serve', '--config', config];
    const [command = '', ...parameters] =
      openFiles === undefined ? words : ['sh', '-c', `ulimit -n ${openFiles}; exec "$@"`, 'sh', ...words];
    this.child = spawn(command, parameters, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (part: Buffer) => (this.output += part.toString('utf8')));
    this.ended = new Promise((resolve) => {
      this.child.once('close', (code) => resolve(code));
    });
  }

  ready(): Promise<void> {
    return eventually(() => this.output.includes('Listening for metrics'), 40_000);
  }

  /** Ends it as an operator would, and resolves to its exit code. */
  stop(): Promise<number | null> {
    this.child.kill('SIGTERM');
    return this.ended;
  }
}
