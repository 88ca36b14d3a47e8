import type { ToolAnswer, ToolCall, Turn } from '../bridge.ts';
import { bounds } from '../limits.ts';

interface Said {
  readonly by: 'agent';
  text: string;
  calls: readonly ToolCall[];
  /** As the caller was to hear it. */
  spoken: string;
}

type Entry = Said | Extract<Turn, { by: 'caller' }> | { readonly by: 'tool'; readonly id: string; output?: string };

/**
 * The talk with a text model as the model may see it: what it was told of the caller, and what it said itself, cut to what
 * the caller has heard. Bounded: the oldest turns go first, each whole, so that no answer of a tool stands without its call.
 */
export class Talk {
  private entries: Entry[] = [];

  get turns(): readonly Turn[] {
    return this.entries.map((entry) =>
      entry.by === 'tool' ? { by: 'tool', answer: { id: entry.id, output: entry.output ?? '' } } : entry,
    );
  }

  /** Calls of tools that have no answer. A model takes no request while one is missing. */
  get waiting(): number {
    return this.entries.filter((entry) => entry.by === 'tool' && entry.output === undefined).length;
  }

  caller(text: string): void {
    this.entries.push({ by: 'caller', text });
    this.forget();
  }

  agent(text: string, spoken: string, calls: readonly ToolCall[]): void {
    if (text === '' && calls.length === 0) return;
    this.entries.push({ by: 'agent', text, spoken, calls });
    for (const { id } of calls) this.entries.push({ by: 'tool', id });
  }

  /** False where no call of this name waits. */
  answer({ id, output }: ToolAnswer): boolean {
    const waits = this.entries.find((entry) => entry.by === 'tool' && entry.id === id && entry.output === undefined);
    if (waits?.by !== 'tool') return false;
    waits.output = output;
    return true;
  }

  /**
   * The caller broke in. Of what the agent said since the caller spoke last, only this was heard; `told` are the same words
   * as the model may see them. What does not fit to anything that was said changes nothing.
   */
  cut(heard: string, told: string): void {
    const since = this.entries.slice(this.entries.findLastIndex(({ by }) => by === 'caller') + 1);
    const said = since.filter((entry) => entry.by === 'agent');
    const cut = said.findLastIndex(({ spoken }) => begins(spoken, heard));
    if (cut < 0) return;
    for (const [index, entry] of said.entries()) {
      if (index === cut && !isWhole(entry.spoken, heard)) entry.text = told;
      if (index > cut) entry.text = '';
    }
    this.entries = this.entries.filter((entry) => entry.by !== 'agent' || entry.text !== '' || entry.calls.length > 0);
  }

  private forget(): void {
    while (this.entries.length > bounds.talkEntries || this.size > bounds.talkText) {
      const next = this.entries.findIndex(({ by }, index) => index > 0 && by === 'caller');
      if (next < 0) return;
      this.entries.splice(0, next);
    }
  }

  private get size(): number {
    return this.entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  }
}

function sizeOf(entry: Entry): number {
  if (entry.by === 'tool') return entry.output?.length ?? 0;
  const calls = entry.by === 'agent' ? entry.calls : [];
  return calls.reduce((sum, { input }) => sum + input.length, entry.text.length);
}

/** Carriers change spaces and marks when they say what was heard. */
function lettersOf(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '');
}

function begins(spoken: string, heard: string): boolean {
  return lettersOf(spoken).startsWith(lettersOf(heard));
}

function isWhole(spoken: string, heard: string): boolean {
  return lettersOf(spoken) === lettersOf(heard);
}
