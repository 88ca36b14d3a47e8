import { redact as arcjet } from '@arcjet/redact';
import { OpenRedaction } from '@openredaction/openredaction';
import { AnonymizeNlp } from 'anonymize-nlp';
import compromise from 'compromise';
import { SyncRedactor } from 'redact-pii';
import { fileURLToPath } from 'node:url';
import winkModel from 'wink-eng-lite-web-model';
import winkNlp, { type ItemToken } from 'wink-nlp';
import { createEngine } from '../../src/policy/phi/engine.ts';
import { profiles } from '../../src/policy/profiles/index.ts';
import { readItems, type Item } from '../../tools/eval/items.ts';
import { scoreCall } from '../../tools/eval/measure.ts';
import { redactCall } from '../../tools/eval/run.ts';

/** What a redactor of text reaches on the calls that nobody tunes on, and what it takes. */
export interface RedactorFigures {
  readonly name: string;
  /** Calls in which some part of an identifier stayed, of the calls that have one. */
  readonly callsLeaking: number;
  readonly calls: number;
  readonly meanUs: number;
  readonly p99Us: number;
}

type Redactor = (text: string) => string | Promise<string>;

/** Packages as they come, one utterance at a time: none of them has a stream or knows what was asked. */
function packages(): Readonly<Record<string, Redactor>> {
  const pii = new SyncRedactor();
  const open = new OpenRedaction();
  const nlp = new AnonymizeNlp();
  return {
    'redact-pii 3.4.0': (text) => pii.redact(text),
    '@openredaction/openredaction 1.0.4': (text) => open.detect(text).redacted,
    'anonymize-nlp 1.0.6': (text) => nlp.anonymize(text),
    'compromise 14.17.0, people and numbers': (text) => {
      const read = compromise(text);
      read.people().replaceWith('[NAME]');
      read.numbers().replaceWith('[NUMBER]');
      return read.text();
    },
    '@arcjet/redact 1.4.0': async (text) => (await arcjet(text))[0],
    'wink-nlp 2.4.0, entities and proper nouns': winkRedactor(),
  };
}

/** wink-nlp has no redactor and no entity for persons: its entities go, and what its tagger takes for a proper noun. */
function winkRedactor(): Redactor {
  const wink = winkNlp(winkModel);
  // oxlint-disable-next-line unbound-method -- wink-nlp takes its helpers as values
  const { pos, precedingSpaces } = wink.its;
  return (text) => {
    let out = '';
    const redactToken = (token: ItemToken): void => {
      const removed = token.parentEntity() !== undefined || token.out(pos) === 'PROPN';
      out += token.out(precedingSpaces) + (removed ? '[REMOVED]' : token.out());
    };
    wink.readDoc(text).tokens().each(redactToken);
    return out;
  };
}

const heldout = fileURLToPath(new URL('../../tools/eval/heldout/calls.jsonl', import.meta.url));
const rounds = 5;

export async function redactorFigures(): Promise<RedactorFigures[]> {
  const items = readItems(heldout);
  const figures = [engineFigures(items)];
  for (const [name, redactor] of Object.entries(packages())) figures.push(await packageFigures(name, redactor, items));
  return figures;
}

function engineFigures(items: readonly Item[]): RedactorFigures {
  const engine = createEngine();
  const { vendor } = profiles.medspa.clearances;
  const times: number[] = [];
  let outputs: string[][] = [];
  for (let round = 0; round < rounds; round += 1) {
    if (round === 1) times.length = 0;
    outputs = items.map((item) => redactCall(engine, item, vendor, times));
  }
  return summed('chaperone', items, outputs, times);
}

async function packageFigures(name: string, redactor: Redactor, items: readonly Item[]): Promise<RedactorFigures> {
  const times: number[] = [];
  let outputs: string[][] = [];
  for (let round = 0; round < rounds; round += 1) {
    if (round === 1) times.length = 0;
    outputs = [];
    for (const { turns } of items)
      outputs.push(
        await timed(
          redactor,
          turns.map(({ text }) => text),
          times,
        ),
      );
  }
  return summed(name, items, outputs, times);
}

async function timed(redactor: Redactor, texts: readonly string[], times: number[]): Promise<string[]> {
  const out: string[] = [];
  for (const text of texts) {
    const before = performance.now();
    out.push(await redactor(text));
    times.push((performance.now() - before) * 1000);
  }
  return out;
}

function summed(
  name: string,
  items: readonly Item[],
  outputs: readonly string[][],
  times: readonly number[],
): RedactorFigures {
  const scores = items
    .map((item, index) => scoreCall(item, outputs[index] ?? []))
    .filter(({ identifying }) => identifying);
  const sorted = times.toSorted((first, second) => first - second);
  return {
    name,
    callsLeaking: scores.filter(({ leaks }) => leaks).length,
    calls: scores.length,
    meanUs: Math.round(times.reduce((sum, time) => sum + time, 0) / times.length),
    p99Us: Math.round(sorted[Math.floor(sorted.length * 0.99)] ?? 0),
  };
}
