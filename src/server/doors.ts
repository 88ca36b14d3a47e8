import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { doorBounds } from './limits.ts';

interface Pending {
  readonly socket: Socket;
  /** Monotonic milliseconds. */
  readonly since: number;
  asked: boolean;
  leave(): void;
}

/**
 * Bounds the connections that have opened no stream yet: a crowd of idle ones must not take the file descriptors and the
 * memory of the calls in progress. From its upgrade on, a connection is bounded by the gate and by the limit of calls.
 * `bringsMany` says of an address that it is a proxy's; `files` is how many descriptors all calls together may need.
 */
export function boundPending(server: Server, bringsMany: (address: string) => boolean, files: number): void {
  const most = mostPending(files);
  const byAddress = new Map<string, number>();
  /** By address and port: the socket of a TLS server's request is not the one that it listens with. */
  const pending = new Map<string, Pending>();

  const isFull = (address: string): boolean =>
    pending.size >= most || ((byAddress.get(address) ?? 0) >= doorBounds.pendingPerAddress && !bringsMany(address));

  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    if (isFull(address)) {
      socket.destroy();
      return;
    }
    const name = nameOf(socket);
    const leave = (): void => {
      if (!pending.delete(name)) return;
      const left = (byAddress.get(address) ?? 1) - 1;
      if (left === 0) byAddress.delete(address);
      else byAddress.set(address, left);
    };
    pending.set(name, { socket, since: performance.now(), asked: false, leave });
    byAddress.set(address, (byAddress.get(address) ?? 0) + 1);
    socket.once('close', leave);
  });
  server.on('upgrade', ({ socket }) => pending.get(nameOf(socket))?.leave());
  server.on('request', ({ socket }) => {
    const entry = pending.get(nameOf(socket));
    if (entry !== undefined) entry.asked = true;
  });
  closeSilent(server, pending);
}

/** Node's own limits begin with the first byte of a request: who never sends one would stay for ever. */
function closeSilent(server: Server, pending: ReadonlyMap<string, Pending>): void {
  const timer = setInterval(() => {
    const before = performance.now() - doorBounds.requestMs;
    for (const { socket, since, asked } of pending.values()) if (!asked && since < before) socket.destroy();
  }, doorBounds.checkMs).unref();
  server.once('close', () => clearInterval(timer));
}

/** A process without descriptors cannot write its log, and then every call ends: the door leaves enough of them. */
function mostPending(files: number): number {
  const { pending, leastPending, reservedFiles } = doorBounds;
  return Math.max(leastPending, Math.min(pending, openFileLimit() - reservedFiles - files));
}

/** Where the system does not say it, as on other systems than Linux, the other bounds remain. */
function openFileLimit(): number {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8');
    return Number(/^Max open files\s+(\d+)/mu.exec(limits)?.[1] ?? Infinity);
  } catch {
    return Infinity;
  }
}

function nameOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
