import { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { styleText } from 'node:util';
import { findInvitations, type Invitation } from '../../policy/intake.ts';
import { describeFaults } from '../config/faults.ts';
import { loadConfig } from '../config/load.ts';

/** sysexits EX_CONFIG and EX_NOINPUT. */
const configurationFault = 78;
const noInput = 66;

interface Options {
  readonly config?: string;
  readonly json?: true;
}

export function intakeCommand(): Command {
  return new Command('intake')
    .description('Find the lines of greetings, notices and agent instructions that invite callers to say too much')
    .argument('[scripts...]', 'text files: a greeting, a prompt, a call script')
    .option('--config <file>', 'also read the notices and greetings of this configuration')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExit codes: 0 nothing to avoid, 1 something to avoid, 66 no such file, 78 faults of the configuration.\n',
    )
    .action(async (scripts: string[], options: Options) => intake(scripts, options));
}

interface Script {
  readonly name: string;
  readonly text: string;
}

interface Finding extends Omit<Invitation, 'start' | 'end'> {
  readonly script: string;
  readonly line: number;
  readonly column: number;
  readonly words: string;
}

async function intake(files: readonly string[], { config, json }: Options): Promise<void> {
  const scripts = await readScripts(files, config);
  if (scripts === undefined) return;
  const findings = scripts.flatMap((script) => findingsIn(script));
  if (json === true) process.stdout.write(`${JSON.stringify({ scripts: scripts.length, findings })}\n`);
  else process.stdout.write(describe(scripts.length, findings));
  if (findings.some(({ advice }) => advice === 'avoid')) process.exitCode = 1;
}

/** Undefined when something could not be read; what that was stands on standard error. */
async function readScripts(files: readonly string[], config: string | undefined): Promise<Script[] | undefined> {
  const scripts: Script[] = [];
  for (const name of files) {
    const text = await readFile(name, 'utf8').catch(() => undefined);
    if (text === undefined) {
      process.stderr.write(`${name} cannot be read\n`);
      process.exitCode = noInput;
      return undefined;
    }
    scripts.push({ name, text });
  }
  const spoken = config === undefined ? [] : await spokenTexts(config);
  return spoken && [...scripts, ...spoken];
}

/** Everything that the configuration makes chaperone say to a caller. */
async function spokenTexts(file: string): Promise<Script[] | undefined> {
  const result = await loadConfig(file, process.env);
  if ('faults' in result) {
    process.stderr.write(describeFaults(result.faults));
    process.exitCode = configurationFault;
    return undefined;
  }
  return result.config.routes.flatMap(({ name, notice, human, conversationRelay }) => {
    const said = { notice, 'human.say': human.say, welcome_greeting: conversationRelay?.welcomeGreeting ?? '' };
    return Object.entries(said)
      .filter(([, text]) => text !== '')
      .map(([key, text]) => ({ name: `route ${name}, ${key}`, text }));
  });
}

function findingsIn({ name, text }: Script): Finding[] {
  return findInvitations(text).map(({ start, end, kind, advice, sentence }) => {
    const before = text.slice(0, start).split('\n');
    const column = (before.at(-1)?.length ?? 0) + 1;
    return { script: name, line: before.length, column, words: text.slice(start, end), kind, advice, sentence };
  });
}

function describe(scripts: number, findings: readonly Finding[]): string {
  const lines = findings.map(({ script, line, column, words, kind, advice, sentence }) => {
    const shown = styleText(advice === 'avoid' ? 'red' : 'yellow', advice, { stream: process.stdout });
    return `${script}:${line}:${column}  ${shown} ${kind} "${words}": ${sentence}`;
  });
  const avoid = findings.filter(({ advice }) => advice === 'avoid').length;
  const read = `${scripts} ${scripts === 1 ? 'text' : 'texts'} read`;
  return [...lines, `${read}: ${avoid} to avoid, ${findings.length - avoid} to limit`, ''].join('\n');
}
