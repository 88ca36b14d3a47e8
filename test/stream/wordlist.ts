import type { PhiKind } from '../../src/policy/phi/kinds.ts';
import type { Span } from '../../src/policy/phi/recognizer.ts';
import { maskedWhole, nothing, redact, withUndecided, type Redacted } from '../../src/policy/phi/redact.ts';
import type { Conversation, KindCounts, TextStream } from '../../src/policy/phi/stream.ts';
import type { KindClearance } from '../../src/policy/clearance.ts';

/** Phrases that count as PHI, lower case, with their kind. */
export type WordList = Map<string, PhiKind>;

/**
 * A conversation that knows its identifiers beforehand. It keeps the three laws of a text stream and nothing else, so that
 * the tests of the relay say what moves where and do not change with what the recognizers can do.
 */
export function listConversation(words: WordList): Conversation {
  return {
    utterance: (_speaker, clearance) => new ListStream(words, clearance),
    aside(text, clearance) {
      const spans = spansOf(words, text);
      return { text: redact(text, 0, text.length, spans, clearance), found: countsOf(spans) };
    },
    standIn: (kind, value, clearance) =>
      redact(value, 0, value.length, [{ kind, start: 0, end: value.length, score: 1 }], clearance),
    know: (kind, value) => {
      words.set(value.toLowerCase(), kind);
    },
  };
}

function spansOf(words: WordList, text: string): readonly Span[] {
  const lower = text.toLowerCase();
  const spans: Span[] = [];
  for (const [phrase, kind] of words)
    for (let start = lower.indexOf(phrase); start >= 0; start = lower.indexOf(phrase, start + phrase.length))
      spans.push({ kind, start, end: start + phrase.length, score: 1 });
  return spans.toSorted((first, second) => first.start - second.start);
}

/** From where on a phrase may still begin or grow. */
function openFrom(words: WordList, text: string): number {
  const lower = text.toLowerCase();
  for (let start = Math.max(0, lower.length - 64); start < lower.length; start += 1) {
    const rest = lower.slice(start);
    if ([...words.keys()].some((phrase) => phrase.length > rest.length && phrase.startsWith(rest))) return start;
  }
  return text.length;
}

function countsOf(spans: readonly Span[]): KindCounts {
  const counts: Partial<Record<PhiKind, number>> = {};
  for (const { kind } of spans) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

class ListStream implements TextStream {
  private readonly words: WordList;
  private readonly clearance: KindClearance;
  private text = '';
  private released = 0;

  constructor(words: WordList, clearance: KindClearance) {
    this.words = words;
    this.clearance = clearance;
  }

  push(delta: string): Redacted {
    this.text += delta;
    return this.releaseTo(openFrom(this.words, this.text));
  }

  restate(whole: string, final: boolean): Redacted {
    this.text = whole;
    const open = final ? whole.length : openFrom(this.words, whole);
    this.released = whole.length;
    const shown = redact(whole, 0, open, this.spans(), this.clearance);
    return open < whole.length ? withUndecided(shown) : shown;
  }

  flush(): Redacted {
    return this.releaseTo(this.text.length);
  }

  expire(): Redacted {
    const held = this.text.slice(this.released);
    this.released = this.text.length;
    return held === '' ? nothing : maskedWhole(held);
  }

  shownTo(clearance: KindClearance): Redacted {
    return redact(this.text, 0, this.text.length, this.spans(), clearance);
  }

  get held(): number {
    return this.text.length - this.released;
  }

  get found(): KindCounts {
    return countsOf(this.spans());
  }

  private spans(): readonly Span[] {
    return spansOf(this.words, this.text);
  }

  private releaseTo(open: number): Redacted {
    const from = this.released;
    const all = this.spans();
    // Two phrases may overlap: what may still grow into one must not cut the other.
    this.released = Math.max(
      from,
      all.find(({ start, end }) => start >= from && start < open && end > open)?.start ?? open,
    );
    const spans = all
      .filter(({ end }) => end > from && end <= this.released)
      .map((span) => ({ ...span, start: Math.max(span.start, from) }));
    return redact(this.text, from, this.released, spans, this.clearance);
  }
}
