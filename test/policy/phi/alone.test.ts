import { describe, it } from 'vitest';
import { aloneCases } from './alone.ts';

describe('a recognizer alone', () => {
  it.each(aloneCases())('$name', ({ run }) => {
    run();
  });
});
