import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** They count the timers of their process, and nobody else may have left any in it. */
const COUNTING = ['tests/http/leaving.test.ts', 'tests/http/dashboard-route.test.ts']

export default defineConfig({
  resolve: {
    // Node itself takes graphql's CommonJS build; with another one here, `instanceof` would fail between the two.
    alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }],
  },
  test: {
    root: '.',
    // Files share modules, as nothing here keeps a state in one; loading them anew for each took a fifth of the time.
    projects: [
      { extends: true, test: { name: 'tests', include: ['tests/**/*.test.ts'], exclude: COUNTING, isolate: false } },
      { extends: true, test: { name: 'counts', include: COUNTING } },
    ],
    reporters: ['default', './tests/support/summary-reporter.ts'],
    globalSetup: ['tests/support/global-setup.ts'],
    // Many a test waits for a process that it has started.
    maxWorkers: availableParallelism() + 1,
    // Tells what hangs from what is slow, on any machine: a test may start five servers, each of which takes seconds.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    teardownTimeout: 20_000,
  },
})
