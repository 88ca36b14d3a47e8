/** Every bound of the audit log, with its reason. A deployment may set each of them. */
export interface AuditLimits {
  /** Events that may wait. More means that the disk does not keep up: `record` says false and nothing is disclosed. */
  readonly queue: number;
  /** Records in one commit: bounds both the wait of the first and what one crash can tear. */
  readonly batch: number;
  /**
   * How long events wait for company when nobody waits for them, ms. A sync of the disk costs as much as ten records; the lag
   * that a call may go on with is ten times this.
   */
  readonly gather: number;
  /** Bytes after which a segment is closed (etcd cuts its log at 64 MB too). */
  readonly segmentBytes: number;
  /** Time between two checkpoints while records come, ms: the longest stretch that can be rewritten unseen. */
  readonly checkpointEvery: number;
  /** Shortest time between two checkpoints that ends of calls ask for, ms. */
  readonly checkpointPause: number;
  /** Time after which the lock and the open file are looked at again before a commit, ms. */
  readonly watchEvery: number;
  /** Bytes of closed segments that are read again when the log opens. */
  readonly checkedBytes: number;
  /** Time between two questions to a key service whether the key may still be used, ms. */
  readonly keyCheckEvery: number;
  /** How long new calls are taken while the key service is away, ms. */
  readonly keyPatience: number;
  /** Shortest time between two checkpoints for one anchor, ms (CloudTrail's digest comes hourly). */
  readonly anchorEvery: number;
  /** Time after which an anchor that kept nothing is asked again, ms. */
  readonly anchorRetry: number;
  /** Wait after the lock of a dead process was taken over, ms. */
  readonly lockSettle: number;
  /** How long a writer's name in a database is waited for, ms: a server takes a moment to see that a process was killed. */
  readonly lockPatience: number;
}

export const defaultLimits: AuditLimits = {
  queue: 10_000,
  batch: 512,
  gather: 50,
  segmentBytes: 64 * 1024 * 1024,
  checkpointEvery: 60_000,
  checkpointPause: 1_000,
  watchEvery: 10_000,
  checkedBytes: 1024 * 1024 * 1024,
  keyCheckEvery: 60_000,
  keyPatience: 3_600_000,
  anchorEvery: 3_600_000,
  anchorRetry: 300_000,
  lockSettle: 100,
  lockPatience: 5_000,
};
