import { count, percent } from '../world/say.ts'
import type { Case, Target } from './cases.ts'
import type { Result } from './contest.ts'
import type { Tally } from './workload.ts'

/** A case with what came of it. */
export interface Outcome {
  readonly it: Case
  readonly results: readonly Result[]
}

/** Each case as a table in Markdown. */
export const tablesOf = (outcomes: readonly Outcome[]): string =>
  outcomes.map((outcome) => `**${outcome.it.name}**\n\n${table(headOf(outcome.it), rowsOf(outcome))}`).join('\n\n')

const headOf = ({ changes }: Case): readonly string[] => [
  'contender',
  'requests/s',
  'of ours',
  'target: ours ÷ this',
  'p50 at half',
  'p99 at half',
  'CPU: server, load',
  ...(changes > 0 ? ['stale answers', 'changes, pending'] : []),
]

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

function rowsOf({ it, results }: Outcome): readonly (readonly string[])[] {
  const base = results.find(({ contender }) => contender.kind === 'ours')
  return results.map(({ contender, perSecond, waits, tally, serverCpu, generatorCpu }) => [
    contender.kind === 'ours' ? `**${contender.name}**` : contender.name,
    count(perSecond),
    base ? (perSecond / base.perSecond).toFixed(2) : '',
    it.targets
      .filter(({ other }) => other.key === contender.key)
      .map((target) => verdictOn(target, results, perSecond))
      .join('; '),
    `${waits.p50Ms.toFixed(2)} ms`,
    p99(waits.p99Ms, contender.kind === 'ours' ? it.p99MaxMs : null),
    `${(100 * serverCpu).toFixed(0)} %, ${(100 * generatorCpu).toFixed(0)} %`,
    ...(it.changes > 0 ? freshnessOf(tally) : []),
  ])
}

const freshnessOf = ({ reads, stale, changes, pending }: Tally): readonly string[] => [
  `${count(stale)} of ${count(reads)} (${percent(stale, reads)})`,
  `${count(changes)}, ${count(pending)}`,
]

/** Says whose target it is where it is not that of the first of ours. */
function verdictOn({ ours, atLeast }: Target, results: readonly Result[], perSecond: number): string {
  const mine = results.find(({ contender }) => contender.key === ours.key)
  if (!mine) return ''
  const times = mine.perSecond / perSecond
  const whose = mine === results[0] ? '' : `${ours.name}: `
  return `${whose}≥ ${atLeast}: ${times.toFixed(2)} ${times >= atLeast ? '✓' : '✗'}`
}

const p99 = (ms: number, maxMs: number | null): string =>
  `${ms.toFixed(2)} ms${maxMs === null ? '' : ` (≤ ${maxMs} ${ms <= maxMs ? '✓' : '✗'})`}`
