import type { Speaker } from '../../../src/policy/phi/recognizer.ts';
import type { Item, Label, Turn } from '../items.ts';
import { Random, seedOf } from '../random.ts';
import { backChannels, clean, closings, staff } from './clean.ts';
import { make } from './fill.ts';
import type { Style } from './fill.ts';
import { readBacks, remarks, scenes } from './scenes.ts';
import { people, say, digits } from './values.ts';

export type Split = 'dev' | 'test';

/** Every third frame is the test's; a scene with too few keeps one for each. */
function own(split: Split, frames: readonly string[]): readonly string[] {
  const mine = frames.filter((frame) => (seedOf(frame) % 3 === 0) === (split === 'test'));
  return mine.length > 0 ? mine : frames.slice(split === 'test' ? -1 : 0);
}

/** A frame with its slots filled; lower-case style loses punctuation as speech-to-text has none. */
function fill(frame: string, speaker: Speaker, style: Style): Turn {
  let text = '';
  const spans: Label[] = [];
  for (const part of frame.split(/(\{[^}]+\})/)) {
    if (!part.startsWith('{')) {
      text += style.spoken ? spokenForm(part, text === '') : part;
      continue;
    }
    const { text: value, type } = make(part.slice(1, -1), style);
    const written = style.spoken ? value.toLowerCase() : value;
    if (type !== undefined) spans.push({ start: text.length, end: text.length + written.length, type });
    text += written;
  }
  return { speaker, text: text.trimEnd(), spans };
}

function spokenForm(part: string, first: boolean): string {
  const bare = part
    .toLowerCase()
    .replace(/[.,?!:;]/g, ' ')
    .replace(/-/g, ' ')
    .replace(/\s+/g, ' ');
  return first ? bare.trimStart() : bare;
}

export class Writer {
  private readonly random: Random;
  private readonly split: Split;
  private readonly sides: ReturnType<typeof people>;

  constructor(split: Split, seed: number) {
    this.random = new Random(seed);
    this.split = split;
    this.sides = people(split === 'dev' ? 0 : 1);
  }

  item(id: string): Item {
    const spoken = this.random.chance(0.58);
    const style: Style = { spoken, random: this.random, people: this.sides };
    const turns = this.random.chance(0.12) ? this.digitTurns(style) : this.call(style);
    return { id, source: `synthetic-${this.split}`, tags: [spoken ? 'lower' : 'cased'], turns };
  }

  private pick(frames: readonly string[]): string {
    return this.random.pick(own(this.split, frames));
  }

  private call(style: Style): Turn[] {
    const turns: Turn[] = this.random.chance(0.3) ? [fill(this.pick(staff), 'agent', style)] : [];
    for (let left = this.random.whole(1, 3); left > 0; left -= 1) {
      const kind = this.random.next();
      if (kind < 0.45) {
        const scene = this.random.pick(scenes);
        turns.push(fill(this.pick(scene.ask), 'agent', style), fill(this.pick(scene.answer), 'caller', style));
      } else if (kind < 0.6) turns.push(fill(this.pick(remarks), 'caller', style));
      else if (kind < 0.68) turns.push(fill(this.pick(readBacks), 'agent', style));
      else {
        const [ask = '', answer = ''] = this.pick(clean).split('|');
        if (ask !== '') turns.push(fill(ask, 'agent', style));
        turns.push(fill(answer, 'caller', style));
      }
    }
    if (this.random.chance(0.2)) turns.push(fill(this.pick(closings), 'agent', style));
    return turns;
  }

  /** A number that is given in parts, with the agent saying "okay" in between. */
  private digitTurns(style: Style): Turn[] {
    const { random, spoken } = style;
    const phone = random.chance(0.6);
    const type = phone ? 'PHONE' : random.chance(0.5) ? 'CARD' : 'MRN';
    const ask = phone
      ? 'And a good callback number?'
      : type === 'CARD'
        ? 'Go ahead with the card number.'
        : 'What is the member ID?';
    const parts = phone ? [3, 3, 4] : type === 'CARD' ? [4, 4, 4, 4] : [3, 4, 3];
    const turns: Turn[] = [fill(ask, 'agent', style)];
    for (const [index, size] of parts.entries()) {
      const value = digits(size, random);
      const text = spoken ? say(value, random) : value;
      const lead = index === 0 && random.chance(0.4) ? (spoken ? 'sure ' : 'Sure, ') : '';
      turns.push({
        speaker: 'caller',
        text: lead + text,
        spans: [{ start: lead.length, end: lead.length + text.length, type }],
      });
      if (index < parts.length - 1) turns.push(fill(this.pick(backChannels), 'agent', style));
    }
    return turns;
  }
}
