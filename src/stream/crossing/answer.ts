import type { ModelPiece, ToolCall } from '../bridge.ts';
import { bounds } from '../limits.ts';

interface Asked {
  id: string;
  name: string;
  input: string;
}

/** One answer of a text model while it is being written. */
export class Answer {
  /** As the model names it. */
  name = '';
  written = '';
  /** What the caller was given of it. */
  spoken = '';
  private readonly asked = new Map<number, Asked>();
  private readonly askedAt: number;
  private heardAt: number | undefined;
  private isDamaged = false;

  constructor(now: number) {
    this.askedAt = now;
  }

  /** False: it is longer than anybody listens to, or calls more tools than a call may. */
  add({ answer, written, calls }: ModelPiece, now: number): boolean {
    this.heardAt = now;
    if (answer !== '') this.name = answer;
    this.written += written;
    let input = 0;
    for (const { index, id, name, input: piece } of calls) {
      const call = this.asked.get(index) ?? { id: '', name: '', input: '' };
      this.asked.set(index, call);
      call.id ||= id;
      call.name ||= name;
      call.input += piece;
      input = Math.max(input, call.input.length);
    }
    return Math.max(this.written.length, input) <= bounds.answerText && this.asked.size <= bounds.openTools;
  }

  speaks(token: string): void {
    this.spoken += token;
  }

  /** A piece of it is missing. */
  lacks(): void {
    this.isDamaged = true;
  }

  /** It says nothing, or nobody can know what it asks of a tool. */
  get isUseless(): boolean {
    return this.asked.size === 0 ? this.written === '' : this.isDamaged;
  }

  get hasSpoken(): boolean {
    return this.spoken !== '';
  }

  /** In the order in which the model made them. One without a name of its own gets one. */
  get calls(): readonly ToolCall[] {
    return [...this.asked.values()].map(({ id, ...call }, index) => ({ ...call, id: id || `${this.name}.${index}` }));
  }

  isLate(now: number): boolean {
    return this.heardAt === undefined
      ? now - this.askedAt > bounds.answerMs
      : now - this.heardAt > bounds.answerPauseMs;
  }
}
