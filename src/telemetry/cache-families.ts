import type { Cache } from '../cache/cache.ts'
import type { CacheCounts } from './cache-counts.ts'
import type { DurationFamily, Family, Sample } from './family.ts'
import type { PolicyCounts } from './policy-counts.ts'

/** What is counted by policy: the metric's name, what it means, and where it is counted. */
const BY_POLICY: readonly (readonly [name: string, help: string, of: (counts: PolicyCounts) => number])[] = [
  ['misses', 'Looked for in vain, in memory and in Redis.', (counts) => counts.misses],
  ['coalesced', 'Taken from another request that was fetching the same.', (counts) => counts.coalesced],
  ['loads', 'Brought from the database, or computed.', (counts) => counts.loaded],
  [
    'load_seconds',
    'Seconds that loads took; what is loaded together takes its time once.',
    (counts) => counts.loadMs / 1000,
  ],
  ['fills', 'Put into Redis.', (counts) => counts.filled],
  ['fills_rejected', 'Not put into Redis, as a change or somebody else was faster.', (counts) => counts.fillsRefused],
  ['puts_rejected', 'Not kept in memory, as a change was faster.', (counts) => counts.putsRefused],
  ['unusable', 'Found in Redis, but of another release or database, or broken.', (counts) => counts.unusable],
  ['too_large', 'Not cached, as larger than CACHE_ENTRY_MAX_KB.', (counts) => counts.tooLarge],
  ['compressed', 'Compressed for Redis, where that saves a fifth.', (counts) => counts.compressed],
  ['compression_saved_bytes', 'Bytes that compression has spared.', (counts) => counts.sparedBytes],
  [
    'invalidations',
    'Made stale by changes that this process has made known; of `response`, removed from its memory.',
    (counts) => counts.invalidations,
  ],
  ['saved_seconds', 'Seconds that hits would have taken at the source.', (counts) => counts.savedMs / 1000],
  ['samples', 'Compared with the database by the sampler.', (counts) => counts.samples],
  [
    'stale',
    'Entities found by the sampler to differ from the database, and to go on differing.',
    (counts) => counts.stale,
  ],
]

export interface CacheFamiliesOptions {
  readonly counts: CacheCounts
  readonly usage: Cache['usage']
  /** Policies that are always told of, so that what has not happened is told as 0. */
  readonly policies: readonly string[]
}

/** What is counted of all kinds together. */
const OVERALL: readonly (readonly [name: string, help: string, of: (options: CacheFamiliesOptions) => number])[] = [
  ['l1_evictions', 'Removed from memory for want of room.', ({ usage }) => usage().evictions],
  ['breaker_openings', 'Times that Redis was given up for a while.', ({ counts }) => counts.breakerOpenings],
  ['announcements_heard', 'Invalidations heard of, of all processes.', ({ counts }) => counts.heard],
  [
    'invalidations_unconfirmed',
    'Changes of which caches were not told in time (PENDING).',
    ({ counts }) => counts.unconfirmed,
  ],
  ['relayed', 'Changes left behind by others, applied by this process.', ({ counts }) => counts.relayed],
  ['relay_failures', 'Looks for changes left behind that failed.', ({ counts }) => counts.relayFailures],
]

export function cacheCounters(options: CacheFamiliesOptions): readonly Family[] {
  const { counts, policies } = options
  const named = (): readonly (readonly [string, PolicyCounts | undefined])[] =>
    [...new Set([...policies, ...counts.policies.keys()])].map((policy) => [policy, counts.policies.get(policy)])
  const byPolicy = BY_POLICY.map(
    ([name, help, of]): Family => ({
      name: `honzik_cache_${name}_total`,
      help,
      labels: ['policy'],
      samples: () => named().map(([policy, each]): Sample => [each ? of(each) : 0, policy]),
    }),
  )
  const hits: Family = {
    name: 'honzik_cache_hits_total',
    help: 'Found in memory (L1) or in Redis (L2).',
    labels: ['policy', 'tier'],
    samples: () =>
      named().flatMap(([policy, each]): Sample[] => [
        [each?.hitsL1 ?? 0, policy, 'L1'],
        [each?.hitsL2 ?? 0, policy, 'L2'],
      ]),
  }
  const overall = OVERALL.map(
    ([name, help, of]): Family => ({
      name: `honzik_cache_${name}_total`,
      help,
      samples: () => [[of(options)]],
    }),
  )
  return [hits, ...byPolicy, ...overall, ...doubts(counts)]
}

const doubts = (counts: CacheCounts): readonly Family[] => [
  {
    name: 'honzik_cache_resyncs_total',
    help: 'Times that memory was emptied and begun anew, by reason; `gap` and `behind` are gaps in the sequence.',
    labels: ['reason'],
    samples: () => [...counts.resyncs].map(([reason, count]): Sample => [count, reason]),
  },
  {
    name: 'honzik_cache_store_failures_total',
    help: 'Calls of Redis that failed, by what they were for.',
    labels: ['during'],
    samples: () => Object.entries(counts.storeFailures).map(([during, count]): Sample => [count, during]),
  },
]

export function cacheGauges({ counts, usage }: CacheFamiliesOptions): readonly Family[] {
  const byKind = (
    name: string,
    help: string,
    of: (kind: ReturnType<Cache['usage']>['kinds'][number]) => number,
  ): Family => ({
    name: `honzik_cache_l1_${name}`,
    help,
    labels: ['policy'],
    samples: () => usage().kinds.map((kind): Sample => [of(kind), kind.name]),
  })
  return [
    byKind('entries', 'Things in memory.', ({ entries }) => entries),
    byKind('bytes', 'Bytes that things in memory take, roughly.', ({ bytes }) => bytes),
    {
      name: 'honzik_cache_l1_max_bytes',
      help: 'Bytes that things in memory may take together.',
      samples: () => [[usage().maxBytes]],
    },
    {
      name: 'honzik_cache_breaker_open',
      help: '1 while Redis is not asked because it does not answer, else 0.',
      samples: () => [[counts.breakerOpen ? 1 : 0]],
    },
    {
      name: 'honzik_cache_invalidation_lag_seconds',
      help: 'Seconds that the last announcement of this process took back to it; NaN before the first.',
      samples: () => [[counts.lagMs === null ? Number.NaN : counts.lagMs / 1000]],
    },
  ]
}

export const cacheDurations = ({ counts }: CacheFamiliesOptions): readonly DurationFamily[] => [
  {
    name: 'honzik_cache_invalidation_duration_seconds',
    help: 'Seconds from a change being kept until caches were told of it, which its acknowledgement waits for.',
    samples: () => [[counts.confirmations]],
  },
]
