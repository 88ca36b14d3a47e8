import { expect } from 'vitest';

/** A text in which `[NAME]` stands for a name: one mask, or one a word. */
export function shown(text: string): unknown {
  const escaped = text.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);
  return expect.stringMatching(
    new RegExp(`^${escaped.replaceAll(String.raw`\[NAME\]`, String.raw`\[NAME\](?: \[NAME\])?`)}$`, 'u'),
  );
}
