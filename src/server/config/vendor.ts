import type { Agreement } from '../../policy/baa.ts';
import type { Vendor } from '../../policy/vendors.ts';
import type { AgreementShape, SubProcessorShape } from './entries.ts';

/** What was read from the files that an entry names. */
export interface VendorFiles {
  readonly documentSha256?: string | undefined;
  readonly certificateAuthority?: string | undefined;
}

/** An entry of the file as the policy sees it. */
export function vendorOf(entry: SubProcessorShape, files: VendorFiles = {}): Vendor {
  return {
    id: entry.id,
    service: entry.service,
    hosts: entry.hosts,
    protocols: entry.protocols,
    models: entry.models,
    regions: entry.regions,
    subProcessors: entry.sub_processors,
    retentionDays: entry.retention_days,
    training: entry.training ?? 'unstated',
    status: entry.status,
    pins: entry.pins.map((pin) => pin.slice('sha256/'.length)),
    addresses: entry.addresses,
    certificateAuthority: files.certificateAuthority,
    agreement: entry.baa && agreementOf(entry.baa, files.documentSha256 ?? ''),
    coveredBy: entry.covered_by,
  };
}

function agreementOf(baa: AgreementShape, foundSha256: string): Agreement {
  return {
    counterparty: baa.counterparty,
    signed: baa.signed,
    effective: baa.effective,
    expires: baa.expires,
    document: baa.document,
    sha256: baa.sha256,
    foundSha256,
    points: baa.points,
    incidentContact: baa.incident_contact,
  };
}
