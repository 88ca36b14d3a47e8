import { destination, pino, type Logger } from 'pino';
import type { Redacted } from '../policy/phi/redact.ts';
import type { ReasonCode } from '../policy/reason.ts';

/**
 * Everything a log line may hold. There is no field for free text: a caller's words, a phone number, an address of a
 * peer, a URL or a message of a foreign error have no way in. `detail` takes what the redactor has made, nothing else.
 */
export interface LogFields {
  readonly call?: string | undefined;
  readonly route?: string | undefined;
  readonly vendor?: string | undefined;
  /** Id of a webhook or of an operator. */
  readonly reader?: string | undefined;
  readonly reason?: ReasonCode | undefined;
  readonly code?: string | number | undefined;
  readonly fault?: FaultFacts | undefined;
  readonly milliseconds?: number | undefined;
  readonly count?: number | undefined;
  readonly port?: number | undefined;
  readonly file?: string | undefined;
  readonly lines?: readonly string[] | undefined;
  /** A signed note of the audit log: sizes and hashes. Kept by whoever keeps the logs, it shows a rewritten log. */
  readonly checkpoint?: string | undefined;
  readonly detail?: Redacted | undefined;
}

/** What of an error may be shown: its class, its code and where it was thrown. Its message may quote a frame. */
export interface FaultFacts {
  readonly name: string;
  readonly code: string | undefined;
  readonly at: readonly string[];
}

/** Log lines: a fixed sentence and typed fields. */
export interface Log {
  info(sentence: string, fields?: LogFields): void;
  warn(sentence: string, fields?: LogFields): void;
  error(sentence: string, fields?: LogFields): void;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Where lines go; standard output, written at once: a line that is lost in a crash explains no crash. */
export interface LogDestination {
  write(line: string): void;
}

/** A log of JSON lines. */
export function createLog(level: LogLevel, stream: LogDestination = destination({ fd: 1, sync: true })): Log {
  const logger: Logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, stream);
  return {
    info: (sentence, fields = {}) => logger.info(fields, sentence),
    warn: (sentence, fields = {}) => logger.warn(fields, sentence),
    error: (sentence, fields = {}) => logger.error(fields, sentence),
  };
}

/** The facts of an error that may be logged; never its message. */
export function faultFacts(fault: unknown): FaultFacts {
  if (!(fault instanceof Error)) return { name: typeof fault, code: undefined, at: [] };
  const code = 'code' in fault && typeof fault.code === 'string' ? fault.code : undefined;
  const frames = (fault.stack ?? '').split('\n').filter((line) => /^\s+at /u.test(line));
  return { name: fault.name, code, at: frames.slice(0, 6).map((line) => line.trim()) };
}
