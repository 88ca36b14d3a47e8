import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bridges } from '../../../src/stream/bridges/index.ts';
import { protocols } from '../../../src/stream/protocols/index.ts';
import { booksOf } from '../../suites/books.ts';
import { replay } from '../playbook.ts';

describe.each(Object.entries(bridges))('%s', (name, bridge) => {
  test.each(booksOf(name, 'bridges'))('$title', ({ file }) => {
    const book = readFileSync(file, 'utf8');
    expect(replay(book, protocols[bridge.caller], bridge)).toBe(book);
  });
});
