import type { RecordExport } from '../export-record.ts';
import { csvExport } from './csv.ts';
import { fhirExport } from './fhir.ts';
import { ocsfExport } from './ocsf.ts';

/** Every way of writing the log for others. */
export const recordExports: readonly RecordExport[] = [fhirExport, ocsfExport, csvExport];
