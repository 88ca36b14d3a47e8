import { readFileSync } from 'node:fs';
import { tokenize } from '../../src/policy/phi/tokens.ts';
import type { Token } from '../../src/policy/phi/tokens.ts';
import type { PhiKind } from '../../src/policy/phi/kinds.ts';
import type { Speaker } from '../../src/policy/phi/recognizer.ts';
import type { Label } from './grammar.ts';
import type { Sentence } from './sentences.ts';
import type { NameTagger } from '../../src/policy/phi/tagger.ts';

/** A labelled utterance: `wanted` are the names, `free` the stretches that count neither way. */
export interface Utterance {
  readonly source: string;
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly asked: PhiKind | undefined;
  readonly speaker: Speaker;
  readonly wanted: readonly Stretch[];
  readonly free: readonly Stretch[];
  /** No identifier of any kind in it. */
  readonly clean: boolean;
}

export interface Stretch {
  readonly start: number;
  readonly end: number;
}

export const thresholds = [0.2, 0.3, 0.5, 0.7] as const;

/** Tokens inside a name that may stay: they mean nothing alone. */
const fillers = new Set(
  'um uh er erm hmm the of and sorry no not wait like on in is that s i mean well at dot dash underscore as for to or then so it double triple space hyphen point plus'.split(
    ' ',
  ),
);

interface Line {
  source?: string;
  turns: readonly { speaker: Speaker; text: string; spans: readonly { start: number; end: number; type: string }[] }[];
}

const neither = new Set(['STAFF', 'ORG', 'IGNORE', 'CONDITION', 'MEDICATION', 'TREATMENT']);
const asksName = /\bname\b|\bwho\b|\bwhom\b|\bwho's\b|\bsurname\b|\bcalling\b|\bspell\b/i;

/** Labelled JSONL: `{"turns":[{"speaker","text","spans":[{"start","end","type"}]}]}` a line. */
export function readLabelled(path: string): Utterance[] {
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  return lines.flatMap((line) => {
    const item: Line = JSON.parse(line);
    let asked: PhiKind | undefined;
    return item.turns.map((turn) => {
      const wanted = turn.spans.filter((span) => span.type === 'NAME');
      const others = turn.spans.filter((span) => span.type !== 'NAME');
      const now = turn.speaker === 'caller' ? asked : undefined;
      if (turn.speaker === 'agent') asked = asksName.test(turn.text) ? 'NAME' : undefined;
      return {
        source: item.source ?? 'none',
        text: turn.text,
        tokens: tokenize(turn.text),
        asked: now,
        speaker: turn.speaker,
        wanted,
        free: others,
        clean: turn.spans.every((span) => neither.has(span.type)),
      };
    });
  });
}

/** A generated sentence as if it had been labelled by hand; neighbouring names are one span each token. */
export function asUtterance(sentence: Sentence): Utterance {
  const at = (label: Label): Stretch[] =>
    sentence.tokens.filter((token, index) => sentence.labels[index] === label && token.kind !== 'punct');
  return { ...sentence, source: sentence.clean ? 'clean' : 'named', wanted: at('name'), free: at('either') };
}

export interface Score {
  spans: number;
  found: number[];
  clean: number;
  touched: number[];
}

const emptyScore = (): Score => ({
  spans: 0,
  found: thresholds.map(() => 0),
  clean: 0,
  touched: thresholds.map(() => 0),
});

export interface Fault {
  readonly kind: 'missed' | 'touched';
  readonly utterance: Utterance;
  readonly words: string;
  readonly score: number;
}

/** Scores by source and over all; faults at 0.5, worst first. */
export function measure(
  tagger: NameTagger,
  utterances: readonly Utterance[],
): { scores: Map<string, Score>; faults: Fault[] } {
  const scores = new Map<string, Score>();
  const faults: Fault[] = [];
  for (const utterance of utterances) {
    const { tokens } = utterance;
    const odds = tagger.tag(tokens, utterance.asked, utterance.speaker);
    for (const key of ['all', utterance.source]) {
      const score = scores.get(key) ?? emptyScore();
      scores.set(key, score);
      for (const span of utterance.wanted) {
        const needed = tokens.flatMap((token, at) =>
          inside(token, span) && token.kind !== 'punct' && !fillers.has(token.lower.replace(/'/g, ''))
            ? [odds[at] ?? 0]
            : [],
        );
        const least = Math.min(1, ...needed);
        score.spans += 1;
        thresholds.forEach(
          (threshold, at) => (score.found[at] = (score.found[at] ?? 0) + (least >= threshold ? 1 : 0)),
        );
        if (key === 'all' && least < 0.5)
          faults.push({ kind: 'missed', utterance, words: utterance.text.slice(span.start, span.end), score: least });
      }
      if (!utterance.clean) continue;
      const hits = tokens.flatMap((token, at) =>
        token.kind !== 'punct' && !utterance.free.some((span) => inside(token, span)) ? [odds[at] ?? 0] : [],
      );
      const most = Math.max(0, ...hits);
      score.clean += 1;
      thresholds.forEach(
        (threshold, at) => (score.touched[at] = (score.touched[at] ?? 0) + (most >= threshold ? 1 : 0)),
      );
      if (key === 'all' && most >= 0.5)
        faults.push({
          kind: 'touched',
          utterance,
          words: tokens
            .filter((_, at) => (odds[at] ?? 0) >= 0.5)
            .map((token) => token.lower)
            .join(' '),
          score: 1 - most,
        });
    }
  }
  return { scores, faults: faults.sort((a, b) => a.score - b.score) };
}

function inside(token: Token, span: Stretch): boolean {
  return token.start < span.end && span.start < token.end;
}

const percent = (part: number, whole: number): string =>
  (whole === 0 ? '-' : ((100 * part) / whole).toFixed(1)).padStart(5);

/** One line a source: share of names found and of clean utterances touched, at each threshold. */
export function report(title: string, scores: ReadonlyMap<string, Score>): string {
  const lines = [...scores].map(([source, score]) => {
    const found = score.found.map((count) => percent(count, score.spans)).join(' ');
    const touched = score.touched.map((count) => percent(count, score.clean)).join(' ');
    return `${source.padEnd(16)} ${String(score.spans).padStart(5)} names ${found}   ${String(score.clean).padStart(5)} clean ${touched}`;
  });
  return [`${title}: % of names found, % of clean utterances touched, at ${thresholds.join(' ')}`, ...lines].join('\n');
}
