import { agreementPoints, isAgreementPoint, type Agreement } from '../../src/policy/baa.ts';
import type { Vendor } from '../../src/policy/vendors.ts';

/** An agreement that has force from 2026-01-05 to 2027-01-04 and lacks nothing. */
export function agreement(changes: Partial<Agreement> = {}): Agreement {
  return {
    counterparty: 'Vendor Inc.',
    signed: '2026-01-05',
    effective: '2026-01-05',
    expires: '2027-01-04',
    document: 'baa/vendor.pdf',
    sha256: 'a'.repeat(64),
    foundSha256: 'a'.repeat(64),
    points: Object.keys(agreementPoints).filter(isAgreementPoint),
    incidentContact: undefined,
    ...changes,
  };
}

/** An entry in good standing with the id `voice`. */
export function vendor(changes: Partial<Vendor> = {}): Vendor {
  return {
    id: 'voice',
    service: 'voice agent',
    hosts: ['agent.vendor.example'],
    models: undefined,
    protocols: undefined,
    regions: undefined,
    subProcessors: [],
    retentionDays: 0,
    training: 'forbidden',
    status: 'approved',
    pins: [],
    addresses: [],
    certificateAuthority: undefined,
    agreement: agreement(),
    coveredBy: undefined,
    ...changes,
  };
}
