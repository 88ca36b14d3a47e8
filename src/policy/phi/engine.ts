import { Dialogue } from './dialogue.ts';
import type { PhiKind } from './kinds.ts';
import { buildLexicon } from './lexicon/index.ts';
import { customRecognizer } from './custom.ts';
import type { Matcher } from './custom.ts';
import type { RecognizerContext, Span } from './recognizer.ts';
import { recognizers } from './recognizers/index.ts';
import { cleared, maskedWhole, redact } from './redact.ts';
import { Scanner } from './scan.ts';
import type { Rules } from './scan.ts';
import { createNameTagger } from './tagger.ts';
import { UtteranceStream } from './stream.ts';
import type { Conversation, KindCounts, Utterance } from './stream.ts';

export interface EngineOptions {
  /** What a practice adds: compiled by the caller, so that unsafe patterns are refused before they come here. */
  readonly matchers?: readonly Matcher[];
}

/** The word lists and recognizers, compiled once; every call gets a conversation of its own. */
export interface Engine {
  conversation(): Conversation;
}

export function createEngine(options: EngineOptions = {}): Engine {
  const lexicon = buildLexicon();
  const own = (options.matchers ?? []).map(customRecognizer);
  const rules: Rules = { lexicon, tagger: createNameTagger(), recognizers: [...recognizers(lexicon), ...own] };
  return { conversation: () => converse(rules) };
}

/** An aside has no history: nothing was asked, nothing is known but the values of the call. */
function outside(context: RecognizerContext): RecognizerContext {
  return { ...context, asked: [], pending: undefined };
}

function converse(rules: Rules): Conversation {
  const dialogue = new Dialogue(rules.lexicon);
  return {
    utterance(speaker, clearance) {
      const utterance: Utterance = {
        clearance,
        scanner: () => new Scanner(rules, dialogue.contextFor(speaker)),
        heard: (text, spans) => dialogue.heard(speaker, text, spans),
      };
      return new UtteranceStream(utterance);
    },
    aside(text, clearance) {
      const scanner = new Scanner(rules, outside(dialogue.contextFor('caller')));
      scanner.append(text);
      scanner.finish();
      const found = count(scanner.spans);
      if (Object.values(clearance).every((allowed) => allowed === 'pass'))
        return { text: cleared(text, clearance), found };
      if (scanner.failed) return { text: maskedWhole(text), found };
      return { text: redact(text, 0, text.length, scanner.spans, clearance), found };
    },
    know: (kind, value) => dialogue.know(kind, value),
  };
}

function count(spans: readonly Span[]): KindCounts {
  const counts: Partial<Record<PhiKind, number>> = {};
  for (const span of spans) counts[span.kind] = (counts[span.kind] ?? 0) + 1;
  return counts;
}
