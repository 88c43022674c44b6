import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Phase, Report } from './checker.ts'
import type { Latencies } from './latency.ts'

const ms = (value: number): string => value.toFixed(value < 10 ? 1 : 0)

const quantiles = (latencies: Latencies): string => `${ms(latencies.quantile(0.5))}/${ms(latencies.quantile(0.99))}`

/** One line for each fault, as it ends. */
export const lineOfPhase = ({ name, lasted, before, during, recovered, ...phase }: Phase): string =>
  [
    `${phase.violations === 0 ? 'ok ' : 'BAD'} ${name}`.padEnd(72),
    `${ms(lasted).padStart(5)} ms`,
    `reads p50/p99 ${quantiles(before)} ms before, ${quantiles(during)} during`,
    `caches back after ${ms(recovered)} ms`,
    `${Math.round(100 * phase.whole)} % whole`,
    `${phase.pending} pending`,
    ...(phase.violations > 0 ? [`${phase.violations} VIOLATIONS`] : []),
  ].join('  ')

/** The worst that a fault did to reads: how much longer they took, at the median and at the 99th percentile. */
function worstOf(phases: readonly Phase[], part: number): string {
  const added = phases.map(({ name, before, during }) => ({
    name,
    more: during.quantile(part) - before.quantile(part),
  }))
  const [worst] = added.filter(({ more }) => Number.isFinite(more)).sort((a, b) => b.more - a.more)
  return worst === undefined ? '–' : `${ms(worst.more)} ms (${worst.name})`
}

export function summaryOf({ seed, phases, history: { counts, repairs, cached } }: Report): string {
  return [
    `seed ${seed}: ${counts.reads} reads, ${counts.writes} writes, ${phases.length} faults`,
    `answered by caches: ${[...cached].map(([word, count]) => `${word} ${count}`).join(', ')}`,
    `answered whole: ${counts.whole}; told that nothing had changed: ${counts.notModified}`,
    `${counts.pending} acknowledgements were pending; ${counts.excused} operations were cut off by the end of their server or of a connection to the database`,
    `${counts.betweenCommitAndRemoval} servers ended between COMMIT and the removal of the entries`,
    `changes without an acknowledgement were everywhere after at most ${ms(Math.max(0, ...repairs))} ms`,
    `added to reads, at worst: p50 ${worstOf(phases, 0.5)}, p99 ${worstOf(phases, 0.99)}`,
    `${counts.violations} violations`,
  ].join('\n')
}

/** Writes the violations with their traces to a file, and returns its path. */
export function keepViolations({ seed, history }: Report): string {
  const path = join(tmpdir(), `honzik-live-${seed}-${process.pid}.json`)
  writeFileSync(path, JSON.stringify(history.violations, null, 1))
  return path
}
