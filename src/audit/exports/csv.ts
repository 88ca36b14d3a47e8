import type { ExportRecord, RecordExport } from '../export-record.ts';

const columns = [
  'index',
  'time',
  'kind',
  'practice',
  'call',
  'subject',
  'actor',
  'role',
  'action',
  'outcome',
  'reason',
  'purpose',
  'policy',
  'host',
  'tls',
  'counts',
  'totals',
  'facts',
  'leaf',
] as const satisfies readonly (keyof ExportRecord)[];

/** Comma-separated values (RFC 4180) with a header line. */
export const csvExport: RecordExport = {
  name: 'csv',
  header: columns.join(','),
  line: (record) => columns.map((column) => cell(record[column])).join(','),
};

function cell(value: ExportRecord[keyof ExportRecord]): string {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  // A cell that starts like a formula would be run by a spreadsheet.
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
