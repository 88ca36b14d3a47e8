import { describe, it } from 'vitest';
import { vectorCases } from './vectors.ts';

describe('vectors', () => {
  it.each(vectorCases())('$name', ({ run }) => {
    run();
  });
});
