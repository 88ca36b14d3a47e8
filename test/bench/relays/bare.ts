import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { clientOptions, spawnPinned, stopped, type Relay } from '../relay.ts';

const program = fileURLToPath(new URL('bare-process.mjs', import.meta.url));

/** The baseline of every ratio. */
export const bare: Relay = {
  name: 'bare ws',
  start: async (vendorUrl, certificates) => {
    const { key, certificate, authority } = certificates?.files ?? {};
    const files = [key, certificate, authority].filter((file) => file !== undefined);
    const startedAt = performance.now();
    const child = spawnPinned([process.execPath, program, vendorUrl, ...files]);
    const port = await listeningPort(child);
    const scheme = certificates ? 'wss' : 'ws';
    return {
      pid: child.pid,
      startMs: performance.now() - startedAt,
      dial: (kind) => ({ url: `${scheme}://localhost:${port}/${kind}`, options: clientOptions(certificates) }),
      stop: () => stopped(child, 'SIGKILL'),
    };
  },
};

async function listeningPort(child: ChildProcess): Promise<number> {
  if (!child.stdout) throw new Error('The bare relay has no standard output');
  for await (const line of createInterface(child.stdout)) return Number(line);
  throw new Error('The bare relay ended before it listened');
}
