import { isWitnessKey } from '../../audit/anchors/witness.ts';
import type { Environment, Fault } from '../config.ts';
import { regionOf } from './audit.ts';
import type { Path, Source } from './source.ts';

/** The keys of each kind of `audit.key` beside the one that names it. */
const aws = ['region', 'endpoint', 'credentials_file', 'profile'] as const;
const companions = {
  file: [],
  env: [],
  kms: [...aws, 'away_minutes'],
  vault: ['name', 'mount', 'namespace', 'token', 'token_file', 'away_minutes'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Rules of the block `audit` that its schema cannot state. They read what stands in the file, sound or not. */
export function auditFaults(source: Source, environment: Environment): Fault[] {
  return [
    ...storeFaults(source),
    ...keyFaults(source, environment),
    ...anchorFaults(source, environment),
    ...retentionFaults(source),
  ];
}

/** A witness is given proofs from the files of a log. */
function storeFaults(source: Source): Fault[] {
  const witness = ['audit', 'anchors', 'witness'];
  if (source.valueAt(['audit', 'store']) === undefined) {
    const path = ['audit', 'replica'];
    return source.valueAt(path) === undefined ? [] : [source.faultAt(path, 'it without store', 'it only beside store')];
  }
  if (source.valueAt(witness) === undefined) return [];
  return [source.faultAt(witness, 'it beside store', 'it only with a log in a directory; with store, use s3 or log')];
}

function keyFaults(source: Source, environment: Environment): Fault[] {
  const path = ['audit', 'key'];
  const key = source.valueAt(path);
  if (!isMapping(key)) return [];
  const kinds = Object.keys(companions).filter((kind) => kind in key);
  const [kind, another] = kinds;
  if (kind === undefined) return [source.faultAt(path, 'neither file nor env nor kms nor vault', 'one of them')];
  if (another !== undefined) return [source.faultAt(path, `both ${kind} and ${another}`, 'one of them')];
  return [...strayFaults(kind, key, source), ...missingFaults(kind, key, source, environment)];
}

function strayFaults(kind: string, key: object, source: Source): Fault[] {
  return Object.keys(key).flatMap((name) => {
    const owners = Object.entries(companions).filter(([, names]) => names.some((known) => known === name));
    if (owners.length === 0 || owners.some(([owner]) => owner === kind)) return [];
    const wanted = `it only beside ${owners.map(([owner]) => owner).join(' or ')}`;
    return [source.faultAt(['audit', 'key', name], `it beside ${kind}`, wanted)];
  });
}

function missingFaults(kind: string, key: object, source: Source, environment: Environment): Fault[] {
  const path = ['audit', 'key'];
  if (kind === 'env') return variableFaults(source, environment);
  if (kind === 'kms' && !('region' in key)) {
    const keyId = source.valueAt([...path, 'kms']);
    return regionFaults(path, regionOf(environment, typeof keyId === 'string' ? keyId : ''), source);
  }
  if (kind !== 'vault') return [];
  const faults = 'name' in key ? [] : [source.faultAt([...path, 'name'], 'nothing', 'the name of the key in Vault')];
  if ('token' in key && 'token_file' in key) {
    return [...faults, source.faultAt(path, 'both token and token_file', 'one of them')];
  }
  if ('token' in key || 'token_file' in key || environment['VAULT_TOKEN']) return faults;
  return [...faults, source.faultAt(path, 'no token', 'token, token_file or the environment variable VAULT_TOKEN')];
}

function variableFaults(source: Source, environment: Environment): Fault[] {
  const path = ['audit', 'key', 'env'];
  const name = source.valueAt(path);
  if (typeof name !== 'string' || !/^[A-Za-z_]\w*$/u.test(name) || environment[name]) return [];
  return [source.faultAt(path, `the variable ${name}, which is not set`, 'a variable that holds the audit key')];
}

function regionFaults(path: Path, region: string | undefined, source: Source): Fault[] {
  if (region !== undefined) return [];
  return [source.faultAt(path, 'no region', 'region, or the environment variable AWS_REGION')];
}

function anchorFaults(source: Source, environment: Environment): Fault[] {
  const path = ['audit', 'anchors'];
  const s3 = source.valueAt([...path, 's3']);
  const witness = source.valueAt([...path, 'witness', 'key']);
  const faults: Fault[] = [];
  const isStrict = source.valueAt([...path, 'strict']) === true;
  if (isStrict && s3 === undefined && source.valueAt([...path, 'witness']) === undefined)
    faults.push(source.faultAt([...path, 'strict'], 'it without s3 or witness', 'an anchor that could be silent'));
  if (isMapping(s3) && !('region' in s3)) faults.push(...regionFaults([...path, 's3'], regionOf(environment), source));
  if (typeof witness === 'string' && !isWitnessKey(witness)) {
    const wanted = 'the verifier key of a witness (name+id+key, Ed25519, type 0x04)';
    faults.push(source.faultAt([...path, 'witness', 'key'], 'another text', wanted));
  }
  return faults;
}

/** What is encrypted goes with its record at the latest. */
function retentionFaults(source: Source): Fault[] {
  const path = ['audit', 'retention', 'content_days'];
  const days = source.valueAt(path);
  const years = source.valueAt(['audit', 'retention', 'records_years']) ?? 6;
  if (typeof days !== 'number' || typeof years !== 'number' || days <= years * 365) return [];
  return [source.faultAt(path, `the number ${days}`, `less than records_years, ${years} years`)];
}

function isMapping(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
