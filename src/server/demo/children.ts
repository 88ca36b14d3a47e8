import { spawn, type ChildProcess } from 'node:child_process';

/** A part of the demo as a process of its own: what it wrote, and how it ends. */
export interface Child {
  readonly process: ChildProcess;
  /** All that it wrote to standard output and standard error so far. */
  output(): string;
  /** Asks it to end and gives its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

const startMs = 20_000;

/** Starts this very program with other arguments and resolves when its output holds `readyWhen`. */
export async function startChild(parameters: readonly string[], readyWhen: string): Promise<Child> {
  const [script] = process.argv.slice(1, 2);
  if (script === undefined) throw new Error('The demo has to be started as a program');
  const child = spawn(process.execPath, [...process.execArgv, script, ...parameters], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const parts: string[] = [];
  const output = (): string => parts.join('');
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code));
  });
  await new Promise<void>((resolve, reject) => {
    const limit = setTimeout(
      () => reject(new Error(`\`${parameters[0]}\` was not ready in ${startMs / 1000} s: ${output()}`)),
      startMs,
    );
    const take = (part: Buffer): void => {
      parts.push(part.toString('utf8'));
      if (!output().includes(readyWhen)) return;
      clearTimeout(limit);
      resolve();
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('exit', (code) => reject(new Error(`\`${parameters[0]}\` ended with ${code}: ${output()}`)));
  });
  return {
    process: child,
    output,
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
  };
}
