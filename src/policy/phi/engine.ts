import { seesAll, type KindClearance } from '../clearance.ts';
import { Dialogue } from './dialogue.ts';
import type { PhiKind } from './kinds.ts';
import { buildLexicon } from './lexicon/index.ts';
import { customRecognizer } from './custom.ts';
import type { Matcher } from './custom.ts';
import type { RecognizerContext, Span } from './recognizer.ts';
import { recognizers } from './recognizers/index.ts';
import { cleared, maskedWhole, redact, restoredWhole } from './redact.ts';
import type { Redacted } from './redact.ts';
import { RestoringStream } from './restoring.ts';
import { createRules, type Rules } from './rules.ts';
import { Scanner } from './scan.ts';
import { strangersIn, vocabularyOf } from './hints.ts';
import { createNameTagger } from './tagger.ts';
import { UtteranceStream } from './stream.ts';
import type { Conversation, KindCounts, Utterance } from './stream.ts';
import { Pseudonyms } from './tokenise.ts';

export interface EngineOptions {
  /** What a practice adds: compiled by the caller, so that unsafe patterns are refused before they come here. */
  readonly matchers?: readonly Matcher[];
  /** Terms of its trade that are no names, for hints. */
  readonly vocabulary?: readonly string[];
}

/** The word lists and recognizers, compiled once; every call gets a conversation of its own. */
export interface Engine {
  conversation(): Conversation;
}

export function createEngine(options: EngineOptions = {}): Engine {
  const lexicon = buildLexicon();
  const own = (options.matchers ?? []).map(customRecognizer);
  const rules = createRules(lexicon, createNameTagger(), [...recognizers(lexicon), ...own]);
  const vocabulary = vocabularyOf(options.vocabulary ?? []);
  return { conversation: () => converse(rules, vocabulary) };
}

/** An aside has no history: nothing was asked, nothing is known but the values of the call. */
function outside(context: RecognizerContext): RecognizerContext {
  return { ...context, asked: [], pending: undefined };
}

function converse(rules: Rules, vocabulary: ReadonlySet<string>): Conversation {
  const dialogue = new Dialogue(rules.lexicon);
  const pseudonyms = new Pseudonyms();
  return {
    utterance(speaker, clearance) {
      const utterance: Utterance = {
        clearance,
        pseudonyms,
        scanner: () => new Scanner(rules, dialogue.contextFor(speaker)),
        heard: (words, spans) => dialogue.heard(speaker, words, spans),
      };
      const stream = new UtteranceStream(utterance);
      return pseudonyms.size === 0 ? stream : new RestoringStream(stream, pseudonyms.restorer(clearance));
    },
    aside(text, clearance, hint = false) {
      const scanner = new Scanner(rules, outside(dialogue.contextFor('caller')));
      scanner.append(text);
      scanner.finish();
      const spans = hint ? strangersIn(scanner.words, scanner.spans, rules.lexicon, vocabulary) : scanner.spans;
      const shown = scanner.failed ? hidden(text, clearance) : seen(text, spans, clearance, pseudonyms);
      return { text: restoredWhole(shown, pseudonyms.restorer(clearance)), found: count(spans) };
    },
    standIn(kind, value, clearance) {
      const span = { kind, start: 0, end: value.length, score: 1 };
      return redact(value, 0, value.length, [span], clearance, pseudonyms);
    },
    know: (kind, value) => dialogue.know(kind, value),
  };
}

function hidden(text: string, clearance: KindClearance): Redacted {
  return seesAll(clearance) ? cleared(text, clearance) : maskedWhole(text);
}

function seen(text: string, spans: readonly Span[], clearance: KindClearance, pseudonyms: Pseudonyms): Redacted {
  return seesAll(clearance) ? cleared(text, clearance) : redact(text, 0, text.length, spans, clearance, pseudonyms);
}

function count(spans: readonly Span[]): KindCounts {
  const counts: Partial<Record<PhiKind, number>> = {};
  for (const span of spans) counts[span.kind] = (counts[span.kind] ?? 0) + 1;
  return counts;
}
