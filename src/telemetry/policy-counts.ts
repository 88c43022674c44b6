/** What has happened to things of one kind since the process began. */
export interface PolicyCounts {
  hitsL1: number
  hitsL2: number
  misses: number
  /** Taken from another request that was fetching the same. */
  coalesced: number
  /** Brought from the source or computed. */
  loaded: number
  loadMs: number
  filled: number
  /** Put nowhere: a change, or somebody else, was faster. */
  fillsRefused: number
  /** Not kept in memory: a change was faster. */
  putsRefused: number
  /** Found in Redis, but of another release, another database, or broken. */
  unusable: number
  tooLarge: number
  compressed: number
  /** Bytes that compression has spared in Redis. */
  sparedBytes: number
  invalidations: number
  samples: number
  stale: number
  /** What the hits would have taken at the source. */
  savedMs: number
  /** Hits of before the first load, which are worth what that takes. */
  unvalued: number
}

export const noPolicyCounts = (): PolicyCounts => ({
  hitsL1: 0,
  hitsL2: 0,
  misses: 0,
  coalesced: 0,
  loaded: 0,
  loadMs: 0,
  filled: 0,
  fillsRefused: 0,
  putsRefused: 0,
  unusable: 0,
  tooLarge: 0,
  compressed: 0,
  sparedBytes: 0,
  invalidations: 0,
  samples: 0,
  stale: 0,
  savedMs: 0,
  unvalued: 0,
})

/** Counts hits, and what they have spared by what others had to wait. */
export function countHits(counts: PolicyCounts, tier: 'L1' | 'L2', count: number): void {
  if (tier === 'L1') counts.hitsL1 += count
  else counts.hitsL2 += count
  if (counts.loaded > 0) counts.savedMs += (count * counts.loadMs) / counts.loaded
  else counts.unvalued += count
}

export function countLoads(counts: PolicyCounts, count: number, ms: number): void {
  counts.loaded += count
  counts.loadMs += ms
  counts.savedMs += (counts.unvalued * counts.loadMs) / counts.loaded
  counts.unvalued = 0
}
