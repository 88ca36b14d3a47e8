import type { Anchor } from './anchor.ts';
import { isOrigin } from './checkpoint.ts';
import type { KeyProvider } from './key-provider.ts';
import { defaultLimits, type AuditLimits } from './limits.ts';
import { AuditFault } from './log.ts';
import { systemRandom, type Random } from './seal.ts';

/** What a log needs to be opened, wherever it lies. */
export interface LogOptions {
  readonly keys: KeyProvider;
  /**
   * The name under which checkpoints are signed, unique to this writer: `practice.example/chaperone-1`. No two that run at
   * once may share it.
   */
  readonly origin: string;
  /** Id of the practice: stands in every record and keeps the callers of two practices apart. */
  readonly practice?: string;
  /** ms UTC. */
  readonly now: () => number;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number;
  readonly random?: Random;
  /** Told once of the fault that ends the log, and of each event that was refused. */
  readonly onFault?: (fault: AuditFault) => void;
  /** Told of each signed note, to be kept outside of this machine. */
  readonly onCheckpoint?: (note: string) => void;
  /** Places outside of this machine that keep checkpoints. */
  readonly anchors?: readonly Anchor[];
  readonly limits?: Partial<AuditLimits>;
}

/** The same with nothing left out. */
export interface CompleteOptions extends Required<Omit<LogOptions, 'limits'>> {
  readonly limits: AuditLimits;
}

/** Fills in what was left out. Throws `AUDIT_ORIGIN` for a name that no note can carry. */
export function completeOptions<T extends LogOptions>(options: T): Omit<T, keyof LogOptions> & CompleteOptions {
  if (!isOrigin(options.origin)) {
    throw new AuditFault('AUDIT_ORIGIN', 'The origin of the log must be 1 to 200 visible characters without `+`', 78);
  }
  return {
    practice: '',
    random: systemRandom,
    onFault: () => undefined,
    onCheckpoint: () => undefined,
    anchors: [],
    ...options,
    limits: { ...defaultLimits, ...options.limits },
  };
}
