import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { eventually } from './stage.ts';

const main = fileURLToPath(new URL('../../src/server/main.ts', import.meta.url));

/** The program as a process of its own, as an operator runs it, with an environment of the test's. */
export class Program {
  output = '';
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;

  constructor(environment: Readonly<Record<string, string>>, ...parameters: readonly string[]) {
    const { PATH = '', HOME = '' } = process.env;
    this.child = spawn(process.execPath, ['--import', 'tsx', main, ...parameters], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH, HOME, ...environment },
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (part: Buffer) => (this.output += part.toString('utf8')));
    this.ended = new Promise((resolve) => {
      this.child.once('close', (code) => resolve(code));
    });
  }

  ready(): Promise<void> {
    return eventually(() => this.output.includes('Listening for metrics'), 60_000);
  }

  async stop(): Promise<number | null> {
    this.child.kill('SIGTERM');
    return this.ended;
  }
}
