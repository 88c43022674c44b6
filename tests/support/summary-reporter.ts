import type { Reporter, TestModule } from 'vitest/node'

/** Ends the output with one plain line, for programs that read it. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const counts = { passed: 0, failed: errors.length, skipped: 0, pending: 0 }
    for (const module of modules) {
      const tests = [...module.children.allTests()]
      for (const test of tests) counts[test.result().state] += 1
      if (module.state() === 'failed' && tests.length === 0) counts.failed += 1
    }
    const skipped = counts.skipped + counts.pending > 0 ? `, ${counts.skipped + counts.pending} skipped` : ''
    process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed${skipped}\n`)
  }
}
