import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: {
    // Node itself takes graphql's CommonJS build; with another one here, `instanceof` would fail between the two.
    alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }],
  },
  test: {
    root: '.',
    include: ['tests/**/*.test.ts'],
    reporters: ['default', './tests/support/summary-reporter.ts'],
    globalSetup: ['tests/support/global-setup.ts'],
    // Files share modules, as nothing here keeps a state in one; loading them anew for each took a fifth of the time.
    isolate: false,
    // Many a test waits for a process that it has started.
    maxWorkers: availableParallelism() + 1,
    // Tells what hangs from what is slow, on any machine: a test may start five servers, each of which takes seconds.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    teardownTimeout: 20_000,
  },
})
