import type { KindClearance } from '../../src/policy/clearance.ts';
import type { Engine } from '../../src/policy/phi/engine.ts';
import type { Item } from './items.ts';

/** Every turn of a call as a whole, in order, through one conversation. `times` gets the microseconds of each turn. */
export function redactCall(engine: Engine, item: Item, clearance: KindClearance, times: number[]): string[] {
  const conversation = engine.conversation();
  return item.turns.map((turn) => {
    const before = performance.now();
    const text = conversation.utterance(turn.speaker, clearance).restate(turn.text, true);
    times.push((performance.now() - before) * 1_000);
    return text;
  });
}
