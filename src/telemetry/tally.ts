import type { MinuteStats, PolicyStats, WindowStats } from '../domain/cache-report.ts'
import type { CacheCounts } from './cache-counts.ts'
import { DURATION_BOUNDS_S, quantileMs } from './durations.ts'
import type { UpstreamCounts } from './model-counts.ts'
import type { RequestCounts } from './request-counts.ts'

/** Things that were counted, by name. What is not there was not counted, or 0 times. */
export type Tally = ReadonlyMap<string, number>

/** What is counted by policy, as it is called in a tally. */
const BY_POLICY = ['hits', 'misses', 'coalesced', 'invalidations', 'savedMs'] as const

export interface Counts {
  readonly cache: CacheCounts
  readonly requests: RequestCounts
  readonly upstream: UpstreamCounts
}

/** Everything that is told by time, as it has come to since the process began. */
export function tallyOf({ cache, requests, upstream }: Counts): Tally {
  const tally = new Map<string, number>()
  const add = (name: string, count: number) => {
    if (count !== 0) tally.set(name, (tally.get(name) ?? 0) + count)
  }
  for (const [policy, counts] of cache.policies) {
    const { misses, coalesced, invalidations, savedMs } = counts
    const told = { hits: counts.hitsL1 + counts.hitsL2, misses, coalesced, invalidations, savedMs }
    for (const name of BY_POLICY) add(`${name} ${policy}`, told[name])
  }
  for (const { cache: status, durations } of requests.answers) {
    for (const [at, count] of durations.counts.entries()) {
      add(`took ${at}`, count)
      if (status === 'HIT') add('from caches', count)
    }
  }
  add('usd spent', upstream.usdSpent)
  add('usd saved', upstream.usdSaved)
  return tally
}

/** What has been added since. */
export function since(now: Tally, before: Tally): Tally {
  const added = [...now].map(([name, count]): [string, number] => [name, count - (before.get(name) ?? 0)])
  return new Map(added.filter(([, count]) => count !== 0))
}

export function sumOf(tallies: readonly Tally[]): Tally {
  const sum = new Map<string, number>()
  for (const tally of tallies) for (const [name, count] of tally) sum.set(name, (sum.get(name) ?? 0) + count)
  return sum
}

export const written = (tally: Tally): string => JSON.stringify(Object.fromEntries(tally))

/** The tally in a text; whatever is none in it, of another release say, is left out. */
export function read(text: string): Tally {
  try {
    const json: unknown = JSON.parse(text)
    if (typeof json !== 'object' || json === null) return new Map()
    const counts = Object.entries(json).filter((entry): entry is [string, number] => Number.isFinite(entry[1]))
    return new Map(counts)
  } catch {
    return new Map()
  }
}

/** What is kept in memory of one kind, in all processes together. */
export interface Holding {
  readonly entries: number
  readonly bytes: number
  /** Mean; null where there is nothing. */
  readonly ageSeconds: number | null
}

const NOTHING: Holding = { entries: 0, bytes: 0, ageSeconds: null }

export interface WindowFacts {
  readonly window: WindowStats['window']
  readonly tally: Tally
  readonly holdings: ReadonlyMap<string, Holding>
  readonly policies: readonly string[]
}

export function windowStats({ window, tally, holdings, policies }: WindowFacts): WindowStats {
  const count = (name: string) => tally.get(name) ?? 0
  const statsOf = (policy: string): PolicyStats => {
    const [hits, misses] = [count(`hits ${policy}`), count(`misses ${policy}`)]
    return {
      policy,
      hits,
      misses,
      coalesced: count(`coalesced ${policy}`),
      hitRate: hits + misses === 0 ? null : hits / (hits + misses),
      ...(holdings.get(policy) ?? NOTHING),
      invalidations: count(`invalidations ${policy}`),
      timeSavedMs: count(`savedMs ${policy}`),
    }
  }
  return {
    window,
    policies: policies.map(statsOf),
    usdSpent: count('usd spent'),
    usdSaved: count('usd saved'),
  }
}

export function minuteStats(at: number, tally: Tally, policies: readonly string[]): MinuteStats {
  const count = (name: string) => tally.get(name) ?? 0
  const total = (of: string) => policies.reduce((sum, policy) => sum + count(`${of} ${policy}`), 0)
  const took = Array.from({ length: DURATION_BOUNDS_S.length + 1 }, (_, place) => count(`took ${place}`))
  return {
    at,
    requests: took.reduce((sum, each) => sum + each, 0),
    answeredFromCache: count('from caches'),
    hits: total('hits'),
    misses: total('misses'),
    p50Ms: quantileMs(took, 0.5),
    p99Ms: quantileMs(took, 0.99),
    usdSpent: count('usd spent'),
    usdSaved: count('usd saved'),
  }
}
