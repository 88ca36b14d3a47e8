import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { protocols } from '../../src/stream/protocols/index.ts';
import { booksOf } from '../suites/books.ts';
import { replay } from './playbook.ts';

describe.each(Object.entries(protocols))('%s', (name, codec) => {
  test.each(booksOf(name))('$title', ({ file }) => {
    const book = readFileSync(file, 'utf8');
    expect(replay(book, codec)).toBe(book);
  });
});
