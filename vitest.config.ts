import { defineConfig } from 'vitest/config';
import { PAGES_IN_TESTS } from './build/bundle/pages.mjs';

/**
 * Four projects, from quick to slow. `npm run check` runs unit; `npm test` runs all.
 *
 * A slow file mostly waits for a box or a window of its own, so two of them share the machine.
 */
const slow = {
  testTimeout: 300_000,
  hookTimeout: 400_000,
  maxWorkers: 2,
  pool: 'forks' as const,
  sequence: { groupOrder: 1 },
};

export default defineConfig({
  test: {
    projects: [
      // Unit tests leave nothing behind, so files share what they import: loading it anew took half the time.
      {
        plugins: [PAGES_IN_TESTS],
        test: { name: 'unit', include: ['test/unit/**/*.test.{ts,tsx}'], testTimeout: 20_000, isolate: false },
      },
      { plugins: [PAGES_IN_TESTS], test: { name: 'crossing', include: ['test/crossing/**/*.test.ts'], ...slow } },
      { plugins: [PAGES_IN_TESTS], test: { name: 'device', include: ['test/device/**/*.test.ts'], ...slow } },
      { plugins: [PAGES_IN_TESTS], test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], ...slow } },
    ],
  },
});
