import type { ToolAnswer } from '../bridge.ts';
import { bounds } from '../limits.ts';

const goesOn = '{"error":"The caller went on speaking, so the call was not ended."}';

/** The agent wants the call to end. It does once the caller has heard all of it, unless the caller goes on. */
export class Goodbye {
  /** Which call of a tool said so, and when. */
  private said: { readonly id: string; readonly at: number } | undefined;

  get isSaid(): boolean {
    return this.said !== undefined;
  }

  /** Only the first one counts. `id`: the call of the tool; empty where the vendor itself ended its session. */
  say(id: string, now: number): void {
    this.said ??= { id, at: now };
  }

  /** The caller is still there. Gives what the tool is answered; undefined where nobody had said goodbye. */
  withdraw(): ToolAnswer | undefined {
    const { said } = this;
    this.said = undefined;
    return said && { id: said.id, output: goesOn };
  }

  /** `isHeard`: the caller is likely to have heard all that was said. */
  isOver(isHeard: boolean, now: number): boolean {
    if (this.said === undefined) return false;
    const waited = now - this.said.at;
    return (waited > bounds.goodbyeMs && isHeard) || waited > bounds.longestGoodbyeMs;
  }
}
