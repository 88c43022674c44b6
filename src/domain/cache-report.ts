import type { Health } from './health.ts'

/** Spans of time that are looked back on. */
export const STATS_WINDOWS = ['HOUR', 'DAY', 'WEEK'] as const
export type StatsWindow = (typeof STATS_WINDOWS)[number]

/** What caching one kind of thing has come to, in all processes together. */
export interface PolicyStats {
  /** The policy's name, such as `profile`; `response` for whole answers. */
  readonly policy: string
  /** Found in a process's memory or in Redis. */
  readonly hits: number
  /** Looked for in vain. */
  readonly misses: number
  /** Neither: taken from another request that was fetching the same. */
  readonly coalesced: number
  /** Hits of hits and misses, from 0 to 1; null where nothing was looked for. */
  readonly hitRate: number | null
  /** In the memory of all processes now, whatever the window. */
  readonly entries: number
  /** Of these entries. */
  readonly bytes: number
  /** Mean age of these entries; null where there are none. */
  readonly ageSeconds: number | null
  /** Changes that made things of this kind stale. */
  readonly invalidations: number
  /** What the hits would have taken at the source, by what the misses took. */
  readonly timeSavedMs: number
}

/** One window. */
export interface WindowStats {
  readonly window: StatsWindow
  readonly policies: readonly PolicyStats[]
  /** Paid for models. */
  readonly usdSpent: number
  /** Not paid again for what was remembered. */
  readonly usdSaved: number
}

/** One minute, of all processes together. */
export interface MinuteStats {
  /** When it began, in milliseconds since 1970. */
  readonly at: number
  readonly requests: number
  /** Of those whose answers came from caches alone. */
  readonly answeredFromCache: number
  readonly hits: number
  readonly misses: number
  /** Milliseconds within which half, and 99 of 100, were answered; null without requests. */
  readonly p50Ms: number | null
  readonly p99Ms: number | null
  readonly usdSpent: number
  readonly usdSaved: number
}

/** One process, as it last told. */
export interface NodeState {
  /** Another one after each start. */
  readonly id: string
  readonly version: string
  /** Milliseconds since 1970. */
  readonly startedAt: number
  /** Milliseconds since 1970. */
  readonly seenAt: number
  readonly status: Health['status']
  readonly redis: Health['redis']['status']
  readonly database: Health['database']['status']
  /** Whether Redis is not asked at the moment; null without Redis. */
  readonly breakerOpen: boolean | null
  /** Milliseconds that an announcement took back to its sender the last time; null where there was none. */
  readonly lagMs: number | null
  /** Changes left behind that nobody has applied to caches; null without Redis, and while the database is away. */
  readonly backlog: number | null
  /** Of this process's memory for cached things. */
  readonly memoryBytes: number
  readonly memoryMaxBytes: number
  readonly memoryEntries: number
  /** Milliseconds by which 99 of 100 turns of the event loop were late at most, lately. */
  readonly eventLoopP99Ms: number
  readonly requestsPerSecond: number
}

/** Something that is asked for often. */
export interface TopKey {
  /** What it is filed under, such as `practice:42`. */
  readonly tag: string
  /** Its part of all reads, from 0 to 1, by samples. */
  readonly share: number
}

/** A change that caches heard of. */
export interface HeardInvalidation {
  /** Milliseconds since 1970. */
  readonly at: number
  /** The first few; `*` is everything. */
  readonly tags: readonly string[]
  /** How many there are besides. */
  readonly more: number
}

/** Everything that the dashboard shows, as of one moment. */
export interface Snapshot {
  /** Milliseconds since 1970. */
  readonly at: number
  /** The process that says so: top keys and changes are as it has seen them. */
  readonly node: string
  readonly windows: readonly WindowStats[]
  /** The last 60, the oldest first, the one that runs last. */
  readonly minutes: readonly MinuteStats[]
  readonly nodes: readonly NodeState[]
  /** The most asked first. */
  readonly topKeys: readonly TopKey[]
  /** The latest first. */
  readonly invalidations: readonly HeardInvalidation[]
}

/** One copy of a thing in a cache. */
export interface CachedCopy {
  /** As JSON. */
  readonly value: string
  /** Milliseconds since 1970; null for copies that do not say. */
  readonly loadedAt: number | null
  /** Milliseconds since 1970. */
  readonly expiresAt: number
  readonly bytes: number
}

/** What caches and the database say of one thing at one moment. */
export interface CacheEntry {
  readonly tag: string
  /** The policies that file something under the tag; none for a tag that only whole answers have. */
  readonly policy: string | null
  /** In the memory of the process that tells; null where it is not. */
  readonly memory: CachedCopy | null
  /** In Redis; null where it is not, or Redis cannot be asked. */
  readonly shared: CachedCopy | null
  /** Whole answers in the memory of the process that tells, which show it. */
  readonly responses: number
  /** What the database says, as JSON; null for what does not come from there. */
  readonly database: string | null
  /** Whether each copy says what the database says; null where there is nothing to compare. */
  readonly isFresh: boolean | null
}
