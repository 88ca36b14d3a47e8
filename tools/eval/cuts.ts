import type { Random } from './random.ts';

export const cutStyles = ['token', 'word', 'hard', 'char'] as const;
export type CutStyle = (typeof cutStyles)[number];

/** A turn cut at random borders; joined, the pieces give the turn. */
export function cutText(text: string, style: CutStyle, random: Random): string[] {
  if (style === 'word') return groups(text.match(/\s*\S+|\s+$/g) ?? [], 1, 3, random);
  if (style === 'token') return groups(text.match(/\s*[^\s]{1,5}|\s+/g) ?? [], 1, 2, random);
  return lengths(text, style === 'hard' ? 14 : 3, random);
}

function groups(units: readonly string[], low: number, high: number, random: Random): string[] {
  const out: string[] = [];
  for (let at = 0; at < units.length;) {
    const size = random.whole(low, high);
    out.push(units.slice(at, at + size).join(''));
    at += size;
  }
  return out;
}

function lengths(text: string, longest: number, random: Random): string[] {
  const out: string[] = [];
  for (let at = 0; at < text.length;) {
    const size = random.whole(1, longest);
    out.push(text.slice(at, at + size));
    at += size;
  }
  return out;
}

const homophones: readonly (readonly [RegExp, string])[] = [
  [/\btwo\b/i, 'to'],
  [/\bfour\b/i, 'for'],
  [/\beight\b/i, 'ate'],
  [/\bone\b/i, 'won'],
  [/\bto\b/i, 'two'],
  [/\bfor\b/i, 'four'],
  [/\boh\b/i, 'o'],
  [/\bmay\b/i, 'my'],
  [/\bsixteen\b/i, 'sixty'],
  [/\bdot\b/i, 'dott'],
  [/\bnine\b/i, 'nein'],
  [/\bthree\b/i, 'tree'],
  [/\bright\b/i, 'write'],
];

/** Growing hypotheses that also revise; none is the turn itself. */
export function hypotheses(text: string, random: Random): string[] {
  const out: string[] = [];
  const words = text.match(/\s*\S+/g) ?? [];
  for (let count = random.whole(1, 2); count <= words.length; count += random.whole(1, 3)) {
    out.push(revise(words.slice(0, count).join(''), random));
    if (random.chance(0.08) && count > 3) out.push(words.slice(0, count - random.whole(1, 2)).join(''));
  }
  return out;
}

function revise(text: string, random: Random): string {
  const kind = random.next();
  if (kind < 0.2) {
    const [from, to] = random.pick(homophones);
    return text.replace(from, to);
  }
  if (kind < 0.4) return text.slice(0, Math.max(1, text.length - random.whole(1, 4)));
  if (kind < 0.5) return text.toLowerCase();
  if (kind < 0.56) return text.toUpperCase();
  if (kind < 0.62) return text.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
  return text;
}
