import { describe, it } from 'vitest';
import { generatedCases } from './generated.ts';

describe('generated calls', () => {
  it.each(generatedCases())('$name', ({ run }) => {
    run();
  });
});
