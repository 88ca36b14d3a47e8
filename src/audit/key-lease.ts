import type { KeyProvider } from './key-provider.ts';
import { openKeyring, type KeyringOptions } from './keyring-open.ts';
import type { Keyring } from './keyring.ts';
import type { AuditLimits } from './limits.ts';
import { AuditFault } from './log.ts';

export interface KeyLeaseOptions {
  /** Asks the provider to unwrap the log's key once more. */
  readonly check: () => Promise<unknown>;
  readonly monotonic: () => number;
  /** ms between two checks. */
  readonly every: number;
  /** How long new calls are taken after the service last gave the key, once it does not, ms; 0: until it first does not. */
  readonly patience: number;
  readonly onFault: (fault: AuditFault) => void;
}

/**
 * The right to go on with a key that a service gave. While the service is away the calls go on with the key in memory,
 * for a while; when it says no, or the while is over, no new call is taken.
 */
export class KeyLease {
  readonly #options: KeyLeaseOptions;
  #confirmed: number;
  #away = false;
  #revoked = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: KeyLeaseOptions) {
    this.#options = options;
    this.#confirmed = options.monotonic();
  }

  /** True while new calls may be taken. */
  get holds(): boolean {
    const { monotonic, patience } = this.#options;
    return !this.#revoked && (!this.#away || monotonic() - this.#confirmed <= patience);
  }

  /** Time since the service last gave the key, ms. */
  get silence(): number {
    return this.#options.monotonic() - this.#confirmed;
  }

  start(): void {
    this.#timer = setInterval(() => void this.renew(), this.#options.every);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async renew(): Promise<void> {
    try {
      await this.#options.check();
      this.#confirmed = this.#options.monotonic();
      this.#away = false;
      this.#revoked = false;
    } catch (error) {
      const fault =
        error instanceof AuditFault ? error : new AuditFault('KEY_AWAY', 'The key service failed', 75, error);
      this.#away = true;
      if (fault.code === 'KEY_REFUSED' || fault.code === 'KEY_WRONG') this.#revoked = true;
      this.#options.onFault(fault);
    }
  }
}

export interface LeasedKeys {
  readonly keys: KeyProvider;
  readonly limits: Pick<AuditLimits, 'keyCheckEvery' | 'keyPatience'>;
  readonly monotonic: () => number;
  readonly onFault: (fault: AuditFault) => void;
}

/** A service is asked again and again whether the key may still be used; for a key of this machine there is no lease. */
export function keyLease(
  { keys, limits, monotonic, onFault }: LeasedKeys,
  keyring: KeyringOptions,
): KeyLease | undefined {
  if (!keys.remote) return undefined;
  const check = (): Promise<Keyring> => openKeyring(keyring, false);
  return new KeyLease({ check, monotonic, every: limits.keyCheckEvery, patience: limits.keyPatience, onFault });
}
