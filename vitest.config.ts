import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/bench/**'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // What will come true is waited for as long as a slow machine needs.
    expect: { poll: { timeout: 10_000 } },
    // Two cores are what a small CI machine has; more workers only add noise to the timing of real sockets.
    maxWorkers: 2,
  },
});
