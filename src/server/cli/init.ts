import { Command, Option } from 'commander';
import { access, chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createKeyFile } from '../../audit/keys/file.ts';
import { jsonSchema } from '../config/faults.ts';
import { agreementsReadme, schemaName, starterConfiguration } from '../config/starter.ts';
import { appStarters, type AppStarter } from '../config/starter-app.ts';

/** sysexits EX_CANTCREAT: what should be made is there already. */
const cannotCreate = 73;

export function initCommand(): Command {
  return new Command('init')
    .description('Write a commented starter configuration, a key for the audit log and a folder for agreements')
    .option('--dir <folder>', 'where to write', '.')
    .addOption(
      new Option(
        '--app <protocol>',
        'for an app of your own with the SDK of a vendor, or Retell, instead of Twilio',
      ).choices([...appStarters.keys()]),
    )
    .option('--force', 'overwrite the files of an earlier init; the key is never overwritten')
    .addHelpText('after', '\nExit codes: 0 written, 73 a file is there already.\n')
    .action(async ({ dir, force, app }: Options) => init(dir, force === true, app));
}

interface Options {
  readonly dir: string;
  readonly force?: true;
  readonly app?: string;
}

const keyName = 'keys/chaperone.key';

async function init(folder: string, force: boolean, app: string | undefined): Promise<void> {
  const starter = appStarters.get(app ?? '');
  const files = starterFiles(starter);
  const present = await presentIn(folder, Object.keys(files));
  if (present.length > 0 && !force) {
    process.stderr.write(`Nothing was written: ${present.join(', ')} in ${folder} already there; --force overwrites\n`);
    process.exitCode = cannotCreate;
    return;
  }
  for (const [name, content] of Object.entries(files)) await write(join(folder, name), content);
  const keyIsNew = (await presentIn(folder, [keyName])).length === 0;
  if (keyIsNew) await makeKey(join(folder, keyName));
  process.stdout.write(report(folder, Object.keys(files), keyIsNew, starter?.variables ?? carrierVariables));
}

const carrierVariables = ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'VENDOR_KEY'];

function starterFiles(app: AppStarter | undefined): Readonly<Record<string, string>> {
  return {
    'chaperone.yaml': starterConfiguration(new Intl.DateTimeFormat().resolvedOptions().timeZone, app?.parts),
    [schemaName]: `${JSON.stringify(jsonSchema(), null, 2)}\n`,
    'baa/README.md': agreementsReadme,
    'keys/.gitignore': '*\n',
  };
}

async function presentIn(folder: string, names: readonly string[]): Promise<string[]> {
  const checks = names.map((name) =>
    access(join(folder, name)).then(
      () => [name],
      () => [],
    ),
  );
  return (await Promise.all(checks)).flat();
}

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

async function makeKey(path: string): Promise<void> {
  await chmod(dirname(path), 0o700);
  await createKeyFile(path);
}

function report(folder: string, names: readonly string[], keyIsNew: boolean, variables: readonly string[]): string {
  const key = keyIsNew ? `${keyName}: a new key, kept from git` : `${keyName}: was there and was kept`;
  const config = join(folder, 'chaperone.yaml');
  return `Written to ${folder}:
${names.map((name) => `  ${name}`).join('\n')}
  ${key}

Next:
  1. Fill in what is marked in ${config}
  2. Set ${variables.join(', ')} in the environment
  3. chaperone check --config ${config}
`;
}
