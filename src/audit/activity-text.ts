import type { Activity, Noted } from './activity.ts';

const titles: readonly [string, keyof Activity][] = [
  ['Calls', 'calls'],
  ['Vendors', 'vendors'],
  ['Identifiers', 'identifiers'],
  ['Security', 'security'],
  ['Access to the log, and what was done to it', 'access'],
  ['Policy and agreements', 'policy'],
  ['Operation', 'operation'],
];

/** The review as plain text. `verified`: the sentence of `audit verify`. */
export function activityText(activity: Activity, verified: string): string {
  const lines = [heading(activity), `Records: ${activity.records}`, `Integrity: ${verified}`];
  for (const [title, part] of titles)
    lines.push('', title, ...rowsOf(activity, part).map((row) => `  ${row.join('  ')}`));
  return `${[...lines, '', signature(activity)].join('\n')}\n`;
}

/** The review as one HTML page without scripts or foreign resources. */
export function activityHtml(activity: Activity, verified: string): string {
  const sections = titles.map(([title, part]) => {
    const rows = rowsOf(activity, part).map(
      (row) => `<tr>${row.map((cell) => `<td>${escape(cell)}</td>`).join('')}</tr>`,
    );
    return `<h2>${escape(title)}</h2>\n<table>\n${rows.join('\n')}\n</table>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escape(heading(activity))}</title>
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse}td{border-bottom:1px solid #ccc;padding:.2rem .8rem .2rem 0;vertical-align:top}</style>
</head>
<body>
<h1>${escape(heading(activity))}</h1>
<p>Records: ${activity.records}</p>
<p>Integrity: ${escape(verified)}</p>
${sections.join('\n')}
<p>${escape(signature(activity))}</p>
</body>
</html>
`;
}

function heading({ practice, month }: Activity): string {
  return `Information system activity review, ${month}${practice === '' ? '' : `, ${practice}`} (45 CFR 164.308(a)(1)(ii)(D))`;
}

function signature({ origin }: Activity): string {
  return `Log: ${origin}. Reviewed by: ______________________  Date: ____________`;
}

function rowsOf(activity: Activity, part: keyof Activity): string[][] {
  const value: unknown = activity[part];
  if (Array.isArray(value))
    return orNone(activity[part === 'access' || part === 'policy' ? part : 'operation'].map(notedRow));
  const counts = Object.entries(Object(value)).map(([name, count]) => ({ name, count: Number(count) }));
  counts.sort((first, second) => second.count - first.count);
  return orNone(counts.map(({ name, count }) => [String(count).padStart(8), name]));
}

function notedRow({ time, kind, by, outcome, facts }: Noted): string[] {
  return [time.slice(0, 19), kind, by, outcome, facts.join(', ')];
}

function orNone(rows: string[][]): string[][] {
  return rows.length === 0 ? [['none']] : rows;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.codePointAt(0)};`);
}
