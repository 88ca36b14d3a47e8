import { styleText } from 'node:util';
import type { DemoResult } from './play.ts';

type Paint = (style: 'bold' | 'dim' | 'green' | 'red' | 'cyan', text: string) => string;

/** Colours on a terminal, plain text everywhere else. */
export function painter(onTerminal: boolean): Paint {
  return (style, text) => (onTerminal ? styleText(style, text) : text);
}

const columnWidth = 64;

/** The outcome for a person at a screen. */
export function describe(result: DemoResult, paint: Paint): string {
  const { details } = result;
  const ok = result.framesLost === 0 && result.canaryLeaks === 0 && result.auditVerified;
  return [
    heading('What the caller said, and what the vendor received', paint),
    ...details.turns.flatMap(({ caller }, index) => [
      `  ${paint('dim', 'caller')}  ${caller}`,
      `  ${paint('dim', 'vendor')}  ${paint('cyan', details.received[index] ?? '(nothing)')}`,
      '',
    ]),
    heading('Removed', paint),
    `  ${Object.entries(result.removed)
      .map(([kind, count]) => `${kind} ${count}`)
      .join(', ')}`,
    heading('Figures', paint),
    line('Calls through chaperone', String(result.calls)),
    line('Frames relayed, lost or altered', `${result.framesRelayed}, ${result.framesLost}`),
    line('Added latency, one way', `p50 ${result.addedLatencyMs.p50} ms, p99 ${result.addedLatencyMs.p99} ms`),
    line('Places where a planted word was found', String(result.canaryLeaks)),
    ...details.leaks.map(({ place, word }) => `    ${paint('red', 'LEAK')} in ${place}: ${word}`),
    heading('Refused, and sent to a human instead', paint),
    ...result.refused.map((reason) => `  ${paint('bold', reason)}`),
    `  The caller heard: ${details.refusedTwiml[0] ?? ''}`,
    heading('Audit log', paint),
    ...runs(details.auditRecords).map((record) => `  ${paint('dim', record)}`),
    `  ${result.auditEvents} events. ${details.auditSentence}`,
    '',
    ok ? paint('green', 'Everything held.') : paint('red', 'Something did not hold; see above.'),
    '',
    heading('Next, with a real number', paint),
    '  1. chaperone init                     writes a commented chaperone.yaml, a key and a folder for agreements',
    '  2. chaperone check --config chaperone.yaml    says what is missing and who would receive what',
    '  3. chaperone serve --config chaperone.yaml',
    '  4. In Twilio, let the number ask  POST https://<your host>/twilio/voice/<route>  when a call comes in',
    '',
  ].join('\n');
}

/** Records in order; equal ones that follow each other on one line. */
function runs(records: readonly string[]): string[] {
  const lines: { record: string; count: number }[] = [];
  for (const record of records) {
    const last = lines.at(-1);
    if (last?.record === record) last.count += 1;
    else lines.push({ record, count: 1 });
  }
  return lines.map(({ record, count }) => (count === 1 ? record : `${record} (${count} times)`));
}

function heading(text: string, paint: Paint): string {
  return `\n${paint('bold', text)}`;
}

function line(name: string, value: string): string {
  return `  ${name.padEnd(columnWidth - 20, '.')} ${value}`;
}
