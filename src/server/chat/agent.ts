import { Agent } from 'node:http';
import type { Duplex } from 'node:stream';
import type { NetworkFacts } from '../../audit/event.ts';
import { connectJudged, Refused, type Connection, type ConnectTarget } from '../dial.ts';

export interface ConnectionPlan extends ConnectTarget {
  /** For one connection, judging included. */
  readonly timeoutMs: number;
  /** Every connection after the first is recorded before a byte of a call is on it. False: the log cannot. */
  readonly onConnection: (network: NetworkFacts) => boolean;
}

/** An idle connection is closed before most vendors close it themselves, so that few requests meet a closed one. */
const idleMs = 50_000;

/** Connections to one vendor, kept open between requests. Each is judged as a vendor's is before the first byte. */
export class JudgedAgent extends Agent {
  readonly #plan: ConnectionPlan;
  /** The one that was judged before the call was accepted. */
  #first: Connection | undefined;

  constructor(plan: ConnectionPlan, first: Connection) {
    super({ keepAlive: true, maxSockets: 2, maxFreeSockets: 1, timeout: idleMs });
    this.#plan = plan;
    this.#first = first;
    // Until a request is on it nobody else listens; `close` follows and tells it.
    first.transport.on('error', () => undefined);
    first.transport.once('close', () => {
      this.#first = undefined;
    });
  }

  override createConnection(_options: unknown, onMade?: (fault: Error | null, made: Duplex) => void): undefined {
    const first = this.#first;
    this.#first = undefined;
    if (first !== undefined && !first.transport.destroyed) onMade?.(null, first.transport);
    else
      void this.#connect().then(
        ({ transport }) => onMade?.(null, transport),
        (fault: Error) => fail(onMade, fault),
      );
  }

  async #connect(): Promise<Connection> {
    const deadline = AbortSignal.timeout(this.#plan.timeoutMs);
    const connection = await connectJudged(this.#plan, new URL(this.#plan.vendor.url), deadline);
    if (this.#plan.onConnection(connection.network)) return connection;
    connection.transport.destroy();
    throw new Refused('AUDIT_UNAVAILABLE', 'audit');
  }
}

/** Node looks at no second argument where there is a fault, but its types want one. */
function fail(onMade: ((fault: Error, ...made: never[]) => void) | undefined, fault: Error): void {
  onMade?.(fault);
}
