import { Command, Option } from 'commander';
import { createInterface } from 'node:readline';
import { createEngine } from '../../policy/phi/engine.ts';
import { profiles, type ProfileName } from '../../policy/profiles/index.ts';
import { TranscriptRedactor } from '../transcripts.ts';

/** EX_DATAERR of sysexits: a line of the input was not what the contract says. */
const dataFault = 65;

interface RedactOptions {
  readonly profile: ProfileName;
  readonly text?: true;
}

export function redactCommand(): Command {
  return new Command('redact')
    .description('Remove identifiers from transcripts on standard input, with the engine that the relay uses')
    .addOption(new Option('--profile <name>', 'kind of practice').choices(Object.keys(profiles)).default('medspa'))
    .option('--text', 'for a person: each line is a sentence of the caller, the answer is the redacted sentence')
    .addHelpText('after', contract)
    .action(async ({ profile, text }: RedactOptions) =>
      text === true ? redactSentences(profile) : redactFrames(profile),
    );
}

const contract = `
Without --text: one JSON line in, one JSON line out, in order.
  in   {"call":"c1","turn":1,"speaker":"caller","kind":"delta","text":"hi it's ja","seq":0}
       kind is delta (a piece), interim (the turn so far) or final (the whole turn); "last":true ends a turn of deltas
       {"call":"c1","end":true} ends a call
  out  {"frames":[{"turn":1,"speaker":"caller","kind":"delta","text":"hi it's ","seq":0}]}   what may leave now

Examples:
  echo "hi it's jane about my botox" | chaperone redact --text
  chaperone redact --profile therapy < transcript.jsonl

Exit codes: 0 done, 65 a line was not understood (its answer is {"frames":[],"fault":"..."}).
`;

async function redactFrames(profile: ProfileName): Promise<void> {
  const redactor = new TranscriptRedactor(createEngine(), profiles[profile].clearances.vendor);
  let number = 0;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    const frames = redactor.take(line);
    if (frames === undefined) process.exitCode = dataFault;
    const fault = `Line ${number} is not a frame: wanted call, turn, speaker, kind, text and seq, or call and end`;
    await write(JSON.stringify(frames === undefined ? { frames: [], fault } : { frames }));
  }
}

async function redactSentences(profile: ProfileName): Promise<void> {
  const conversation = createEngine().conversation();
  if (process.stdin.isTTY) process.stderr.write('One sentence of a caller a line; Ctrl-D ends.\n');
  for await (const line of createInterface({ input: process.stdin })) {
    await write(conversation.utterance('caller', profiles[profile].clearances.vendor).restate(line, true));
  }
}

/** Waits for a slow reader: a pipe has little room. */
async function write(line: string): Promise<void> {
  if (process.stdout.write(`${line}\n`)) return;
  await new Promise((resolve) => process.stdout.once('drain', resolve));
}
