import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { protocols } from '../../src/stream/protocols/index.ts';
import { replay } from './playbook.ts';

const folder = new URL('../vectors/protocols/', import.meta.url);

for (const [name, codec] of Object.entries(protocols))
  describe(`${name}`, () => {
    const books = readdirSync(new URL(`${name}/`, folder)).filter((file) => file.endsWith('.call'));
    test.each(books)('%s', (file) => {
      const book = readFileSync(new URL(`${name}/${file}`, folder), 'utf8');
      expect(replay(book, codec)).toBe(book);
    });
  });
