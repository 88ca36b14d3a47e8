import type { SoakReport } from './soak.ts';

/** A call costs the process some 300 KB with TLS on both legs; a leak of one in a hundred calls would show in an hour. */
const memoryPerMinute = 2;
/** No file and no socket may be left over. */
const descriptorsPerMinute = 1;

/** What a run shows to be wrong, in sentences. `flat`: it ran long enough for the trends to say something. */
export function faultsOf(report: SoakReport, flat: boolean): string[] {
  const { endings, lost, leaks, auditExit, processExit, placed, memoryMiB, descriptors } = report;
  const ended = endings.completed + endings.human;
  const wrong: [boolean, string][] = [
    [
      ended !== placed,
      `${placed - ended} of ${placed} calls neither completed nor went to a human: ${report.losses.join('; ')}`,
    ],
    [lost > 0, `${lost} records are lost`],
    [leaks.length > 0, `${leaks.length} leaks, the first in ${leaks[0]?.place}`],
    [auditExit !== 0, `The audit log does not verify: exit ${auditExit}`],
    [processExit !== 0, `The process ended with ${processExit}`],
    [flat && memoryMiB.perMinute > memoryPerMinute, `Memory grows by ${memoryMiB.perMinute.toFixed(1)} MiB a minute`],
    [
      flat && descriptors.perMinute > descriptorsPerMinute,
      `Descriptors grow by ${descriptors.perMinute.toFixed(1)} a minute`,
    ],
  ];
  return wrong.flatMap(([isWrong, sentence]) => (isWrong ? [sentence] : []));
}
