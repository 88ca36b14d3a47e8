import { Command, InvalidArgumentError } from 'commander';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Audience } from '../demo/play.ts';

export function demoCommand(): Command {
  return new Command('demo')
    .description('Place real calls through chaperone on this machine and show what reaches the vendor')
    .option('--json', 'print one JSON line and nothing else')
    .addHelpText(
      'after',
      '\nEverything happens on loopback, with certificates and keys that are thrown away.\nExit code: 0 when nothing was lost, leaked or left unproven, else 1.\n',
    )
    .action(async ({ json }: { json?: true }) => runDemo(json === true))
    .addCommand(vendorCommand());
}

/** Its parts are loaded when it runs: other verbs start without them. */
async function runDemo(json: boolean): Promise<void> {
  const { play } = await import('../demo/play.ts');
  const { describe, painter } = await import('../demo/report.ts');
  const { buildScene, tearDown } = await import('../demo/scene.ts');
  const scene = await buildScene();
  try {
    const { details, ...figures } = await play(scene, json ? silent : teller(process.stderr));
    const text = json ? JSON.stringify(figures) : describe({ ...figures, details }, painter(process.stdout.isTTY));
    process.stdout.write(`${text}\n`);
    const held = figures.framesLost === 0 && figures.canaryLeaks === 0 && figures.auditVerified;
    process.exitCode = held ? 0 : 1;
  } finally {
    await tearDown(scene);
  }
}

const silent: Audience = { step: () => undefined, progress: () => undefined };

/** Steps as lines; a moving count only where a terminal can redraw it. */
function teller(stream: NodeJS.WriteStream): Audience {
  return {
    step: (sentence) => stream.write(`${sentence}\n`),
    progress: (done, of) => {
      if (stream.isTTY) stream.write(`\r  ${done} of ${of} frames${done === of ? '\n' : ''}`);
    },
  };
}

function vendorCommand(): Command {
  return new Command('vendor')
    .description('Run the demo voice vendor alone: echoes audio, answers prompts, shows what it received at /sessions')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on', portOf, 8080)
    .option('--folder <path>', 'folder with tls/vendor.pem and tls/vendor.key; without it plain ws://')
    .action(async ({ host, port, folder }: { host: string; port: number; folder?: string }) => {
      const { startDemoVendor } = await import('../demo/vendor.ts');
      const tls = folder === undefined ? {} : { tls: await readTls(folder) };
      const vendor = await startDemoVendor({ host, port, ...tls });
      process.stdout.write(`Demo vendor listening on ${host}:${vendor.port}\n`);
      const stop = (): void => void vendor.close();
      process.once('SIGTERM', stop).once('SIGINT', stop);
    });
}

async function readTls(folder: string): Promise<{ certificate: string; key: string }> {
  const [certificate, key] = await Promise.all(
    ['vendor.pem', 'vendor.key'].map((name) => readFile(join(folder, 'tls', name), 'utf8')),
  );
  return { certificate: certificate ?? '', key: key ?? '' };
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
}
