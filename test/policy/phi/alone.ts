import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isPhiKind } from '../../../src/policy/phi/kinds.ts';
import type { PhiKind } from '../../../src/policy/phi/kinds.ts';
import { readDigits } from '../../../src/policy/phi/digits.ts';
import { buildLexicon } from '../../../src/policy/phi/lexicon/index.ts';
import type { Lexicon } from '../../../src/policy/phi/lexicon/index.ts';
import type { Recognizer, RecognizerContext, Run } from '../../../src/policy/phi/recognizer.ts';
import { asks, asksBirth, asksTime, questionKinds } from '../../../src/policy/phi/questions.ts';
import { recognizers } from '../../../src/policy/phi/recognizers/index.ts';
import { createRules, type Rules } from '../../../src/policy/phi/rules.ts';
import { Scanner } from '../../../src/policy/phi/scan.ts';
import { createNameTagger } from '../../../src/policy/phi/tagger.ts';
import type { NameTagger } from '../../../src/policy/phi/tagger.ts';
import { tokenize } from '../../../src/policy/phi/tokens.ts';
import type { VectorCase } from './vectors.ts';

/**
 * Recognizers without the others, which mask many of the same words: `test/vectors/alone/phone.txt` holds what the recognizer
 * `phone` alone finds, `street+place.txt` what two find together. A mark is `[[words|kind score]]`, the score in per cent. A line
 * may begin with what the dialogue lends: `asked=DATE,NAME birth pending=PHONE known=NAME:ines,PHONE:0143 >`.
 * `odds=0.3` gives every word those odds of being a name, in the place of the tagger's.
 */
const folder = join(import.meta.dirname, '../../vectors/alone');

export function aloneCases(): VectorCase[] {
  const lexicon = buildLexicon();
  const all = recognizers(lexicon);
  const tagger = createNameTagger();
  const runs = readCases(lexicon, tagger);
  const found = readdirSync(folder).flatMap((file) => {
    const names = file.replace('.txt', '').split('+');
    const named = all.filter(({ name }) => names.includes(name));
    assert.ok(named.length >= names.length, file);
    const rules = createRules(lexicon, tagger, named);
    return readFileSync(join(folder, file), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => ({ name: `alone/${file}: ${line}`, run: () => check(rules, line) }));
  });
  return [...found, ...runs, ...questionCases()];
}

function check(rules: Rules, line: string): void {
  const [, facts = '', marked = ''] = /^(?:(.*?) > )?(.*)$/.exec(line) ?? [];
  const text = marked.replaceAll(/\[\[([^|]*)\|[^\]]*\]\]/g, '$1');
  assert.equal(found(rules, facts, text), marked);
}

/** The text with a mark around each span. */
export function found(rules: Rules, facts: string, text: string): string {
  const odds = /odds=(\S+)/.exec(facts)?.[1];
  const tagger = odds === undefined ? rules.tagger : everyWord(Number(odds));
  const scanner = new Scanner({ ...rules, tagger }, contextOf(facts));
  scanner.append(text);
  scanner.finish();
  assert.ok(!scanner.failed, 'a recognizer failed');
  let out = '';
  let at = 0;
  for (const { kind, start, end, score } of scanner.spans) {
    const words = text.slice(start, end);
    out += `${text.slice(at, start)}[[${words}|${kind.toLowerCase()} ${(score * 100).toFixed(0)}]]`;
    at = end;
  }
  return out + text.slice(at);
}

function everyWord(odds: number): NameTagger {
  return { settled: 0, tag: (tokens) => new Float32Array(tokens.length).fill(odds) };
}

function contextOf(facts: string): RecognizerContext {
  const value = (key: string): string | undefined => new RegExp(`${key}=(\\S+)`).exec(facts)?.[1];
  const known = (value('known') ?? '').split(',').map((each) => each.split(':'));
  const kindOf = (matches: (word: string) => boolean): PhiKind | undefined => {
    const kind = known.find(([, word = '']) => word !== '' && matches(word))?.[0];
    return kind !== undefined && isPhiKind(kind) ? kind : undefined;
  };
  return {
    speaker: facts.includes('agent') ? 'agent' : 'caller',
    asked: (value('asked') ?? '').split(',').filter(isPhiKind),
    asksBirth: facts.includes('birth'),
    pending: [value('pending') ?? ''].find(isPhiKind),
    knownWord: (lower) => kindOf((word) => word === lower),
    knownDigits: (digits) => kindOf((word) => word.includes(digits)),
  };
}

/** `test/vectors/reading.txt`: what the first run of a text reads, part by part, and the digits of the text as of a known value. */
function readCases(lexicon: Lexicon, tagger: NameTagger): VectorCase[] {
  return readFileSync(join(folder, '../reading.txt'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({
      name: `reading: ${line}`,
      run: () => {
        const [said = ''] = line.split(' = ');
        assert.equal(reading(lexicon, tagger, said), line);
      },
    }));
}

export function reading(lexicon: Lexicon, tagger: NameTagger, said: string): string {
  const [, facts = '', text = ''] = /^(?:(.*?) > )?(.*)$/.exec(said) ?? [];
  const runs: Run[] = [];
  const probe: Recognizer = {
    name: 'probe',
    opens: ~0,
    match: (view, at) => {
      const run = view.run(at);
      if (run !== undefined) runs.push(run);
      return undefined;
    },
  };
  const scanner = new Scanner(createRules(lexicon, tagger, [probe]), contextOf(facts));
  scanner.append(text);
  scanner.finish();
  assert.equal(scanner.spans.length, 0);
  const parts = (runs[0]?.atoms ?? []).map(
    ({ form, value, start, end }) => `${form} ${value} ${String(start)}-${String(end)}`,
  );
  return `${said} = ${parts.join(', ')} = ${readDigits(tokenize(text))}`;
}

/** `test/vectors/questions.txt`: the kinds that a turn asks for, the last first, and what else is seen in it. */
function questionCases(): VectorCase[] {
  return readFileSync(join(folder, '../questions.txt'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({
      name: `question: ${line}`,
      run: () => {
        const [said = ''] = line.split(' = ');
        assert.equal(question(said), line);
      },
    }));
}

export function question(said: string): string {
  const tokens = tokenize(said);
  const seen = [asks(tokens) && 'asks', asksBirth(tokens) && 'birth', asksTime(tokens) && 'time'];
  return `${said} = ${[...questionKinds(tokens), ...seen.filter((each) => each !== false)].join(' ')}`;
}
