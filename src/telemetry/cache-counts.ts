import type { CacheEvent, ResyncReason } from '../cache/cache-event.ts'
import type { Tag } from '../cache/shared-store.ts'
import type { HeardInvalidation } from '../domain/cache-report.ts'
import { Durations } from './durations.ts'
import { countHits, countLoads, noPolicyCounts, type PolicyCounts } from './policy-counts.ts'

export interface CacheCountsOptions {
  /** The policies that file things under a tag. */
  readonly policiesOf: (tag: Tag) => readonly string[]
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Milliseconds on a clock that is never set. */
  readonly monotonic: () => number
}

/** As many changes as are told, and tags of each. */
const RECENT = 20
const TAGS_TOLD = 8
/** As many announcements as wait to be matched with their echo. */
const ECHOES = 256

/** Adds up what a cache reports. A hit costs a look into a map and an addition. */
export class CacheCounts {
  readonly policies = new Map<string, PolicyCounts>()
  /** From a change's being kept until caches were told of it. */
  readonly confirmations = new Durations()
  readonly resyncs = new Map<ResyncReason, number>()
  readonly storeFailures = { read: 0, lease: 0, fill: 0 }
  heard = 0
  /** Changes of which nobody was told in time. */
  unconfirmed = 0
  relayed = 0
  relayFailures = 0
  breakerOpenings = 0
  breakerOpen = false
  /** Milliseconds that an announcement took back to its sender the last time. */
  lagMs: number | null = null
  readonly #options: CacheCountsOptions
  /** Announcements of this process by number: when they were sent, or when they were heard, whichever was known first. */
  readonly #echoes = new Map<number, number>()
  readonly #recent: HeardInvalidation[] = []

  constructor(options: CacheCountsOptions) {
    this.#options = options
  }

  /** The changes that were heard of lately, the latest first. */
  get recent(): readonly HeardInvalidation[] {
    return this.#recent.toReversed()
  }

  readonly report = (event: CacheEvent): void => {
    if ('policy' in event) this.#count(event, this.policies.getOrInsertComputed(event.policy, noPolicyCounts))
    else this.#note(event)
  }

  #count(event: PolicyEvent, counts: PolicyCounts): void {
    switch (event.kind) {
      case 'hit':
        countHits(counts, event.tier, event.count)
        break
      case 'miss':
        counts.misses += event.count
        break
      case 'joined':
        counts.coalesced += event.count
        break
      case 'loaded':
        countLoads(counts, event.count, event.ms)
        break
      case 'filled':
        counts.filled += event.count
        break
      case 'fill-refused':
        counts.fillsRefused += event.count
        break
      case 'put-refused':
        counts.putsRefused += 1
        break
      default:
        countOddities(event, counts)
    }
  }

  #note(event: Exclude<CacheEvent, PolicyEvent>): void {
    switch (event.kind) {
      case 'invalidated':
        this.#countChanges(event.tags)
        break
      case 'relayed':
        this.relayed += event.count
        this.#countChanges(event.tags)
        break
      case 'heard':
        // A store is asked whether it is in order by telling nothing.
        if (event.tags.length === 0) break
        this.heard += 1
        this.#echo(event.number, this.#options.monotonic(), (sent, heard) => heard - sent)
        this.#remember(event.tags)
        break
      case 'confirmed':
        this.#confirm(event.number, event.ms)
        break
      case 'relay-failed':
        this.relayFailures += 1
        break
      case 'breaker':
        this.breakerOpen = event.state === 'open'
        if (this.breakerOpen) this.breakerOpenings += 1
        break
      case 'resynced':
        this.resyncs.set(event.reason, (this.resyncs.get(event.reason) ?? 0) + 1)
        break
      case 'store-failed':
        this.storeFailures[event.during] += 1
        break
    }
  }

  #countChanges(tags: readonly Tag[]): void {
    for (const policy of tags.flatMap(this.#options.policiesOf))
      this.policies.getOrInsertComputed(policy, noPolicyCounts).invalidations += 1
  }

  #confirm(number: number | null, ms: number): void {
    this.confirmations.add(ms / 1000)
    if (number === null) this.unconfirmed += 1
    else this.#echo(number, this.#options.monotonic() - ms, (heard, sent) => heard - sent)
  }

  /** The second word of the same announcement tells how long it was under way. */
  #echo(number: number, at: number, lagOf: (first: number, second: number) => number): void {
    const before = this.#echoes.get(number)
    if (before !== undefined) {
      this.#echoes.delete(number)
      this.lagMs = Math.max(0, lagOf(before, at))
      return
    }
    this.#echoes.set(number, at)
    // Those of other processes are never matched.
    for (const oldest of this.#echoes.keys()) {
      if (this.#echoes.size <= ECHOES) break
      this.#echoes.delete(oldest)
    }
  }

  #remember(tags: readonly Tag[]): void {
    const told = tags.slice(0, TAGS_TOLD)
    this.#recent.push({ at: this.#options.now(), tags: told, more: tags.length - told.length })
    if (this.#recent.length > RECENT) this.#recent.shift()
  }
}

type PolicyEvent = Extract<CacheEvent, { readonly policy: string }>

function countOddities(event: PolicyEvent, counts: PolicyCounts): void {
  switch (event.kind) {
    case 'unusable':
      counts.unusable += event.count
      break
    case 'too-large':
      counts.tooLarge += event.count
      break
    case 'overtaken':
      counts.invalidations += event.count
      break
    case 'compressed':
      counts.compressed += 1
      counts.sparedBytes += event.from - event.to
      break
    case 'sampled':
      counts.samples += 1
      if (event.stale) counts.stale += 1
      break
    default:
  }
}
