import type { ExportRecord, RecordExport } from '../export-record.ts';

const dicom = 'http://dicom.nema.org/resources/ontology/DCM';
const iso21089 = 'http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle';
const purposeOfUse = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';
const objectRole = 'http://terminology.hl7.org/CodeSystem/object-role';
const entityType = 'http://terminology.hl7.org/CodeSystem/audit-entity-type';
const ownKinds = 'urn:chaperone:audit-kind';
const disclosureProfile =
  'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PrivacyDisclosure.Source';

interface Coding {
  readonly system: string;
  readonly code: string;
  readonly display?: string;
}

/** What a family of kinds is among the event types of DICOM PS3.15 A.5. */
const types: Readonly<Record<string, Coding>> = {
  disclosure: { system: dicom, code: '110106', display: 'Export' },
  access: { system: dicom, code: '110101', display: 'Audit Log Used' },
  sec: { system: dicom, code: '110113', display: 'Security Alert' },
  incident: { system: dicom, code: '110113', display: 'Security Alert' },
};
const applicationActivity: Coding = { system: dicom, code: '110100', display: 'Application Activity' };

const outcomes: Readonly<Record<string, string>> = { ok: '0', refused: '4', failed: '8' };

/** FHIR R4 AuditEvent, one resource a line; disclosures after IHE BALP "Privacy Disclosure - Source". */
export const fhirExport: RecordExport = {
  name: 'fhir',
  header: undefined,
  line: (record, origin) => JSON.stringify(auditEvent(record, origin)),
};

function auditEvent(record: ExportRecord, origin: string): object {
  const [family = ''] = record.kind.split('.');
  const isDisclosure = family === 'disclosure';
  return {
    resourceType: 'AuditEvent',
    ...(isDisclosure ? { meta: { profile: [disclosureProfile] } } : {}),
    type: types[family] ?? applicationActivity,
    subtype: [
      ...(isDisclosure ? [{ system: iso21089, code: 'disclose', display: 'Disclose' }] : []),
      { system: ownKinds, code: record.kind },
    ],
    action: isDisclosure ? 'R' : record.action === '' ? 'E' : record.action,
    recorded: record.time,
    outcome: outcomes[record.outcome] ?? '4',
    ...(record.reason === '' ? {} : { outcomeDesc: record.reason }),
    ...(record.purpose === ''
      ? {}
      : { purposeOfEvent: [{ coding: [{ system: purposeOfUse, code: record.purpose }] }] }),
    agent: agents(record, origin, isDisclosure),
    source: { observer: { identifier: { value: origin } }, site: record.practice === '' ? undefined : record.practice },
    entity: entities(record),
  };
}

function agents(record: ExportRecord, origin: string, isDisclosure: boolean): object[] {
  const network = record.host === '' ? {} : { network: { address: record.host, type: '1' } };
  const who = { identifier: { value: record.actor } };
  if (!isDisclosure)
    return [{ who, requestor: true, ...(record.role === '' ? {} : { role: [{ text: record.role }] }), ...network }];
  return [
    { type: coded('110153', 'Source Role ID'), who: { identifier: { value: origin } }, requestor: true },
    { type: coded('110152', 'Destination Role ID'), who, requestor: false, ...network },
  ];
}

function coded(code: string, display: string): object {
  return { coding: [{ system: dicom, code, display }] };
}

function entities(record: ExportRecord): object[] {
  const patient = {
    what: { identifier: { value: record.subject } },
    type: { system: entityType, code: '1', display: 'Person' },
    role: { system: objectRole, code: '1', display: 'Patient' },
  };
  const data = {
    what: { identifier: { value: record.call === '' ? `record ${record.index}` : record.call } },
    type: { system: entityType, code: '2', display: 'System Object' },
    role: { system: objectRole, code: '4', display: 'Domain Resource' },
    detail: details(record),
  };
  return record.subject === '' ? [data] : [patient, data];
}

function details({ counts, totals, facts, index, leaf }: ExportRecord): object[] {
  const values = Object.entries({ ...facts, ...totals, ...counts, record: index, leaf });
  return values.map(([type, value]) => ({ type, valueString: String(value) }));
}
