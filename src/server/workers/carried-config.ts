import { Secret, type Config } from '../config.ts';

/**
 * A configuration on its way to a worker. Whoever carries calls has to have the one that is in force, which may no longer
 * be the one that stands in the file; and a {@link Secret} would arrive empty.
 */
export type CarriedConfig = readonly unknown[];

/** Stands for a secret: a configuration holds no map. */
type CarriedSecret = ReadonlyMap<'secret', string>;

export function pack(config: Config): CarriedConfig {
  return [carried(config)];
}

/** The configuration as it was packed, frozen to its leaves like that one. */
export function unpack([value]: CarriedConfig): Config {
  const config = arrived(value);
  if (!isConfig(config)) throw new TypeError('What was carried is no configuration');
  return config;
}

function carried(value: unknown): unknown {
  if (value instanceof Secret) return new Map([['secret', value.reveal()]]);
  return eachPart(value, carried);
}

function arrived(value: unknown): unknown {
  if (isCarriedSecret(value)) return Object.freeze(new Secret(value.get('secret') ?? ''));
  return Object.freeze(eachPart(value, arrived));
}

function eachPart(value: unknown, change: (part: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(change);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, change(part)]));
}

function isCarriedSecret(value: unknown): value is CarriedSecret {
  return value instanceof Map;
}

/** Both ends are the same program: only a configuration is ever packed. */
function isConfig(value: unknown): value is Config {
  return typeof value === 'object' && value !== null && 'policyHash' in value;
}
