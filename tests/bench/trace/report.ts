import { count, percent, say, sayTable } from '../world/say.ts'
import { KINDS, type KindName } from './kinds.ts'
import type { KindOutcome, Outcome } from './run.ts'

export interface Compared {
  /** Without a cache, in several ways. */
  readonly bare: readonly Outcome[]
  readonly cached: Outcome
  /** Loads of the ideal cache. */
  readonly ideal: Readonly<Record<KindName, number>>
}

export function sayOutcome(compared: Compared): void {
  sayHits(compared)
  sayCosts(compared)
  const { pending, stale, reads, events } = compared.cached
  say(`Stale answers: ${stale} of ${count(reads)}. Changes that were acknowledged as pending: ${pending}.`)
  const told = [...events].filter(([name]) => !/^(hit|miss|joined|filled|invalidated)$/.test(name))
  say(`Also told: ${told.map(([name, times]) => `${name} ${count(times)}`).join(', ') || 'nothing'}.`)
}

function sayHits({ cached: { kinds, reads }, ideal }: Compared): void {
  const rowOf = (name: string, { l1, l2, loads, joins }: KindOutcome, ideally: number, all: number) => [
    name,
    count(l1),
    count(l2),
    count(loads),
    count(joins),
    percent(l1 + l2, all),
    percent(all - ideally, all),
    ((l1 + l2) / (all - ideally)).toFixed(4),
    (1 - (loads - ideally) / (all - ideally)).toFixed(4),
  ]
  const sum: KindOutcome = { l1: 0, l2: 0, loads: 0, joins: 0 }
  for (const kind of KINDS) for (const from of ['l1', 'l2', 'loads', 'joins'] as const) sum[from] += kinds[kind][from]
  const idealSum = KINDS.reduce((total, kind) => total + ideal[kind], 0)
  sayTable(
    ['kind', 'L1 hits', 'L2 hits', 'loads', 'joins', 'hit rate', 'ideal', 'ratio', 'ratio with joins as hits'],
    [
      ...KINDS.map((kind) => rowOf(kind, kinds[kind], ideal[kind], reads)),
      rowOf('all', sum, idealSum, reads * KINDS.length),
    ],
  )
}

function sayCosts({ bare, cached }: Compared): void {
  const selects = (outcome: Outcome) => outcome.selects / outcome.reads
  const databaseCpu = (outcome: Outcome) => outcome.databaseCpuSeconds / outcome.operations
  const nodesCpu = (outcome: Outcome) => outcome.nodesCpuSeconds / outcome.operations
  const lookups = (outcome: Outcome) => KINDS.reduce((sum, kind) => sum + outcome.kinds[kind].loads, 0) / outcome.reads
  const perThousand = (cost: (outcome: Outcome) => number) => (outcome: Outcome) => {
    const saved = outcome === cached ? '' : ` (saved: ${percent(1 - cost(cached) / cost(outcome), 1)})`
    return `${(1000 * cost(outcome)).toFixed(cost(outcome) < 0.01 ? 3 : 1)}${saved}`
  }
  const costs = [selects, lookups, databaseCpu, nodesCpu].map(perThousand)
  sayTable(
    [
      '',
      'operations',
      'seconds',
      'operations/s',
      'SELECTs per 1,000 reads',
      'rows looked up',
      'database CPU s per 1,000 operations',
      "the nodes'",
    ],
    [...bare, cached].map((outcome) => {
      const { name, operations, seconds } = outcome
      const rate = count(operations / seconds)
      return [name, count(operations), seconds.toFixed(1), rate, ...costs.map((cost) => cost(outcome))]
    }),
  )
}
