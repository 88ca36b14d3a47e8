import { reasons } from '../policy/reason.ts';
import { leftWithTheAi, needsInWords } from '../policy/handoff/sheet.ts';
import type { Config, Route } from './config.ts';
import { humanAfter } from './human.ts';

/** One page for the front desk, as plain data: a heading and sections of lines. */
export interface StaffSheet {
  readonly title: string;
  readonly about: string;
  readonly sections: readonly { readonly title: string; readonly lines: readonly string[] }[];
}

/** Faults that end the AI's part of a call; each is a person's call as well. */
const faults = ['VENDOR_REVOKED', 'VENDOR_CLOSED', 'AUDIT_UNAVAILABLE', 'CALL_TOO_LONG'] as const;

/** `today` is the day that is printed, `2026-01-31`. */
export function staffSheetOf(config: Config, today: string): StaffSheet {
  const { practice, policyHash, routes } = config;
  return {
    title: `${practice.name}: when the AI takes the call, when a human does`,
    about: `Profile ${practice.profile}. Printed on ${today} from policy ${policyHash.slice(0, 12)}; print it again when the policy changes.`,
    sections: [
      { title: 'The AI takes', lines: leftWithTheAi },
      { title: 'A human takes the call at once, when the caller says something like', lines: needLines(config) },
      {
        title: 'A human takes the call, too, when',
        lines: [
          ...(config.handoff.zeroKey === true ? ['The caller presses 0, and nothing after it'] : []),
          ...faults.map((code) => reasons[code].sentence),
          'Anything else fails: the caller is never left in silence',
        ],
      },
      { title: 'Lines', lines: routes.flatMap((route) => routeLines(config, route)) },
      {
        title: 'To stop the AI',
        lines: [
          'Set `status: suspended` at its sub-processor in chaperone.yaml: live calls reach a human within a second',
        ],
      },
    ],
  };
}

function needLines({ handoff }: Config): string[] {
  return needsInWords.map(({ need, title, examples, first }) =>
    handoff[need]
      ? `${title}: ${examples.map((text) => `"${text}"`).join(', ')}. ${first}`
      : `${title}: the AI keeps the call; this practice has switched it off`,
  );
}

function routeLines(config: Config, route: Route): string[] {
  const { name, human, notice } = route;
  const dialled = human.dial === undefined ? 'nobody is dialled' : `${human.dial} is dialled`;
  const listens =
    route.protocol === 'twilio-media-streams' && route.bridge === undefined
      ? 'its words are not read here: the AI itself must send these callers on'
      : 'its words are read as they are spoken';
  return [
    `${name}: ${dialled}; ${listens}`,
    `${name}, told first: ${notice}`,
    `${name}, told before you answer: ${humanAfter(config, route).say ?? ''}`,
  ];
}

export function staffSheetText({ title, about, sections }: StaffSheet): string {
  const parts = sections.map((section) => [section.title, ...section.lines.map((line) => `  - ${line}`)].join('\n'));
  return `${[`${title}\n${about}`, ...parts].join('\n\n')}\n`;
}

export function staffSheetHtml({ title, about, sections }: StaffSheet): string {
  const parts = sections.map(
    (section) =>
      `<h2>${escape(section.title)}</h2>\n<ul>\n${section.lines.map((line) => `<li>${escape(line)}</li>`).join('\n')}\n</ul>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${escape(title)}</title>
<style>
@page { margin: 14mm }
body { font: 11pt/1.35 system-ui, sans-serif; max-width: 46em; margin: 1em auto; color: #111 }
h1 { font-size: 16pt } h2 { font-size: 12pt; margin: 1em 0 0.3em } ul { margin: 0; padding-left: 1.2em } li { margin: 0.2em 0 }
</style>
<h1>${escape(title)}</h1>
<p>${escape(about)}</p>
${parts.join('\n')}
</html>
`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escape(text: string): string {
  return text.replace(/[&<>"]/gu, (character) => entities[character] ?? '');
}
