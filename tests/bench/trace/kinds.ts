import type { Operation } from './operations.ts'

/** What one reading request reads of its learner, each through the cache. */
export const KINDS = ['profile', 'settings', 'stars', 'practice'] as const
export type KindName = (typeof KINDS)[number]

/** What each change makes stale. */
const STALE: Record<Operation['act'], readonly KindName[]> = {
  read: [],
  activity: ['stars', 'practice'],
  profile: ['profile'],
}

export const perKind = <Value>(make: (kind: KindName) => Value): Record<KindName, Value> => ({
  profile: make('profile'),
  settings: make('settings'),
  stars: make('stars'),
  practice: make('practice'),
})

/**
 * How often a cache without any fault would have to load each kind: at the first reading of a thing, and at the first
 * one after each change of it. It is one cache for all nodes, without limits, and takes no time.
 */
export function idealLoads(trace: Iterable<Operation>): Record<KindName, number> {
  const loads = perKind(() => 0)
  const kept = perKind(() => new Set<number>())
  for (const { act, learner } of trace) {
    for (const kind of STALE[act]) kept[kind].delete(learner)
    if (act !== 'read') continue
    for (const kind of KINDS) {
      if (kept[kind].has(learner)) continue
      kept[kind].add(learner)
      loads[kind] += 1
    }
  }
  return loads
}
