import { styleText } from 'node:util';
import { kinds, phiKinds } from '../policy/phi/kinds.ts';
import { parties } from '../policy/clearance.ts';
import type { AppPosture } from './app-posture.ts';
import type { ReaderPosture } from './reader-posture.ts';
import type { Posture, RoutePosture, SubProcessorPosture, Verdict } from './posture.ts';
import type { SessionPosture } from './session-posture.ts';

/** The posture for a person to read. Colours where `stream` is a terminal that wants them. */
export function describePosture(posture: Posture, stream: NodeJS.WritableStream): string {
  const paint = painter(stream);
  const sections = [
    [`${paint('bold', posture.practice.name)}, profile ${posture.practice.profile}`, ...summaryLines(posture)],
    section('Listeners', listenerLines(posture), paint),
    section(
      'Sub-processors',
      posture.subProcessors.flatMap((entry) => subProcessorLines(entry, paint)),
      paint,
    ),
    section(
      'Routes',
      posture.routes.flatMap((route) => routeLines(route, paint)),
      paint,
    ),
    section('Who may see what', clearanceLines(posture), paint),
    section('Who reads transcripts', posture.readers.map(readerLine), paint),
    section('Audit log', auditLines(posture), paint),
    section('Limits', limitLines(posture), paint),
    section('Refused', refusalLines(posture, paint), paint),
    section(
      'To be known',
      posture.warnings.map((warning) => paint('yellow', warning)),
      paint,
    ),
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

type Paint = (style: 'bold' | 'red' | 'green' | 'yellow', text: string) => string;

function painter(stream: NodeJS.WritableStream): Paint {
  return (style, text) => styleText(style, text, { stream });
}

function section(title: string, lines: readonly string[], paint: Paint): string[] {
  return [paint('bold', title), ...(lines.length === 0 ? ['  none'] : lines.map((line) => `  ${line}`))];
}

const labelWidth = 14;

function labelled(label: string, text: string): string {
  return `${label.padEnd(labelWidth)} ${text}`;
}

function indented(label: string, text: string): string {
  return `  ${labelled(label, text)}`;
}

function summaryLines({ file, policyHash, today, practice, routes }: Posture): string[] {
  const open = routes.filter(({ verdict }) => verdict.allowed);
  return [
    `${file} is sound; policy ${policyHash.slice(0, 12)}`,
    `Judged for ${today}, the day in ${practice.timeZone}`,
    `${open.length} of ${count(routes.length, 'route')} may take calls`,
  ];
}

function listenerLines({ listeners: { calls, admin } }: Posture): string[] {
  return [
    labelled('calls', `${calls.address}, reached as ${calls.publicUrl}`),
    labelled('TLS', calls.tls),
    labelled('admin', `${admin.address}, health and metrics`),
  ];
}

function subProcessorLines(entry: SubProcessorPosture, paint: Paint): string[] {
  const covered = { protocols: entry.protocols, models: entry.models, regions: entry.regions };
  const limits = Object.entries(covered).map(([what, names]) => `${what} ${listOr(names, 'any')}`);
  return [
    `${paint('bold', entry.id)}: ${entry.service}`,
    indented('agreement', agreementText(entry)),
    indented('training', entry.training === 'unstated' ? 'not stated' : entry.training),
    indented(
      'keeps data',
      entry.retentionDays === undefined ? 'no promise recorded' : count(entry.retentionDays, 'day'),
    ),
    indented('covers', limits.join('; ')),
    indented(
      'hosts',
      `${listOr(entry.hosts, 'never dialled')}${entry.pins > 0 ? `; ${count(entry.pins, 'pinned key')}` : ''}`,
    ),
    indented('passes on to', listOr(entry.subProcessors, 'nobody, as far as was declared')),
    indented('verdict', verdictText(entry.verdict, 'may receive calls', paint)),
  ];
}

function agreementText({ agreement, counterparty, coveredBy }: SubProcessorPosture): string {
  const { state, expires, daysLeft, missingPoints } = agreement;
  if (state === 'missing') return coveredBy === undefined ? 'none recorded' : `none: ${coveredBy} does not cover it`;
  const whose = `${counterparty ?? ''}${coveredBy === undefined ? '' : `, agreement of ${coveredBy}`}`;
  const days = daysLeft === undefined || daysLeft < 0 ? '' : ` (${count(daysLeft, 'day')} left)`;
  const sentences = {
    'document-changed': 'the document is not the one that was recorded',
    incomplete: `lacks ${missingPoints.join(', ')}`,
    'not-effective': 'not yet in effect',
    expired: `EXPIRED on ${expires ?? ''}`,
    live: `in force until ${expires ?? ''}${days}`,
  } as const;
  return `${whose}: ${sentences[state]}`;
}

function routeLines(route: RoutePosture, paint: Paint): string[] {
  const hears = route.audio ? "the caller's voice, which cannot be anonymised, and text" : 'text only';
  const link = route.encrypted ? 'TLS 1.2 or later, certificate checked' : 'plain text on this machine';
  return [
    `${paint('bold', route.name)}: ${route.address}`,
    indented('protocol', route.protocol),
    indented('goes to', `${route.vendor} at ${route.host} (${link})`),
    indented('receives', hears),
    ...(route.speechProviders.length === 0 ? [] : [indented('speech by', route.speechProviders.join(', '))]),
    ...(route.session === undefined ? [] : sessionLines(route.session)),
    ...(route.app === undefined ? [] : appLines(route.app)),
    indented('notice', route.notice),
    ...route.noticeLacks.map((lack) => indented('', paint('yellow', `it ${lack}`))),
    indented('human', route.human),
    indented('verdict', verdictText(route.verdict, 'calls are taken', paint)),
  ];
}

function sessionLines({ bridge, greeting, names, tools, webhook, enforced, account }: SessionPosture): string[] {
  return [
    indented('bridge to', bridge),
    indented('says first', greeting ?? 'nothing: the caller begins'),
    indented('names', listOr(names, 'nobody')),
    indented('tools', `${listOr(tools, 'none')}${webhook === undefined ? '' : `; answered by ${webhook}`}`),
    indented('enforced', listOr(enforced, 'nothing on the wire')),
    ...account.map((sentence) => indented('see to it', sentence)),
  ];
}

function appLines(app: AppPosture): string[] {
  const { paths, apps, credential, unknownParameters, caller, names, enforced, account } = app;
  return [
    indented('paths', paths.join(', ')),
    indented('apps', apps.join('; ')),
    indented('key', credential),
    indented(
      'caller',
      caller === 'required' ? 'has to be named by the app' : 'named where the app says it: else no erasure by number',
    ),
    indented('names', listOr(names, 'nobody by itself')),
    indented(
      'parameters',
      unknownParameters === 'refuse' ? 'unknown ones refuse the connection' : 'unknown ones are left out',
    ),
    indented('enforced', listOr(enforced, 'nothing on the wire')),
    ...account.map((sentence) => indented('see to it', sentence)),
  ];
}

function verdictText(verdict: Verdict, allowed: string, paint: Paint): string {
  return verdict.allowed ? paint('green', allowed) : paint('red', `REFUSED ${verdict.reason}: ${verdict.subject}`);
}

/** One line a kind, one column a party. */
function clearanceLines({ clearances }: Posture): string[] {
  const rows = phiKinds.map((kind) => {
    return tableRow(kind, [...parties.map((party) => clearances[party][kind]), kinds[kind].citation]);
  });
  return [tableRow('', parties), ...rows];
}

function tableRow(name: string, cells: readonly string[]): string {
  return `${name.padEnd(labelWidth)} ${cells.map((cell) => cell.padEnd(8)).join('')}`.trimEnd();
}

function readerLine({ id, how, purpose, sees, subProcessor }: ReaderPosture): string {
  const under = subProcessor === undefined ? '' : `, under the agreement of ${subProcessor}`;
  return labelled(id, `${how}, for ${purpose}${under}; sees ${listOr(sees, 'no kind in words')}`);
}

function auditLines({ audit }: Posture): string[] {
  return [
    labelled('directory', audit.directory),
    labelled('key', audit.key),
    labelled('origin', audit.origin ?? 'that of the log; of a new one, the public host'),
    ...audit.anchors.map((anchor, index) => labelled(index === 0 ? 'vouched for by' : '', anchor)),
    labelled('silence', `of these is reported ${audit.alarm}`),
    labelled('records kept', audit.records),
    labelled('content kept', audit.content),
    labelled('forgotten', audit.run),
  ];
}

function limitLines({ limits }: Posture): string[] {
  return [
    labelled('calls', `${limits.calls} at once; the next one goes to a human`),
    labelled('AI part', `${limits.callMs / 60_000} minutes at most, ${limits.idleMs / 1000} s of silence at most`),
    labelled('redaction', `${limits.frameBudgetMs} ms a frame; over it the text is masked whole`),
    labelled('shutdown', `${limits.drainMs / 1000} s for running calls`),
  ];
}

function refusalLines({ routes, subProcessors }: Posture, paint: Paint): string[] {
  const judged = [
    ...routes.map(({ name, verdict }) => ({ what: `route ${name}`, verdict })),
    ...subProcessors.map(({ id, verdict }) => ({ what: `sub-processor ${id}`, verdict })),
  ];
  return judged.flatMap(({ what, verdict }) =>
    verdict.allowed ? [] : [paint('red', `${what}: ${verdict.reason}. ${verdict.sentence} (${verdict.subject})`)],
  );
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function listOr(values: readonly string[] | undefined, otherwise: string): string {
  return values === undefined || values.length === 0 ? otherwise : values.join(', ');
}
