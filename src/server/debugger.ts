import { url } from 'node:inspector';

/**
 * True where a debugger can read the memory of this process, and with it every call in progress. Node opens one for
 * `--inspect`, in `NODE_OPTIONS` as well.
 */
export function debuggerIsOpen(): boolean {
  return url() !== undefined;
}

/** Node would open a debugger on this signal; from now on it does nothing. */
export function keepDebuggerClosed(): void {
  process.on('SIGUSR1', () => undefined);
}
