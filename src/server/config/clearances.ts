import type { Clearance, KindClearance } from '../../policy/clearance.ts';
import { kinds, phiKinds, type PhiKind } from '../../policy/phi/kinds.ts';
import type { Config, PartyName, ProfileName } from '../config.ts';
import type { FileShape } from './schema.ts';

export function clearancesOf(_profile: ProfileName, changes: FileShape['clearances']): Config['clearances'] {
  return { vendor: merged('vendor', changes), caller: merged('caller', changes), tap: merged('tap', changes) };
}
function merged(party: PartyName, changes: FileShape['clearances']): KindClearance {
  const byDefault = (kind: PhiKind): Clearance =>
    party === 'caller' ? 'pass' : kinds[kind].group === 'health' ? 'pass' : 'mask';
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- phiKinds is complete
  return Object.fromEntries(phiKinds.map((kind) => [kind, changes[party]?.[kind] ?? byDefault(kind)])) as KindClearance;
}
