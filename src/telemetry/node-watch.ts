import { monitorEventLoopDelay } from 'node:perf_hooks'
import { ageOf, type MemoryUsage } from '../cache/usage.ts'
import type { NodeState } from '../domain/cache-report.ts'
import { type ComponentStatus, overallStatus } from '../domain/health.ts'
import type { NodeNotice } from './node-notice.ts'
import type { Counts, Holding } from './tally.ts'

export interface NodeFacts {
  readonly id: string
  readonly version: string
  readonly counts: Counts
  /** Whether processes share a cache. */
  readonly shared: boolean
  readonly usage: () => MemoryUsage
  readonly ai: () => ComponentStatus
  /** How many changes were noted so many milliseconds ago that nobody has applied; fails while the database is away. */
  readonly backlog: (ageMs: number) => Promise<number>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Milliseconds between two samples of the event loop, which are part of what is measured. */
const LOOP_MS = 20
/** Milliseconds after which a change that nobody has applied counts as left behind. */
const LEFT_BEHIND_MS = 1_000
const NS_PER_MS = 1_000_000
/** Looks back on so many moments for the rate of requests. */
const MOMENTS = 6

/** Knows how this process is. */
export class NodeWatch implements Disposable {
  readonly #facts: NodeFacts
  readonly #startedAt: number
  readonly #loop = monitorEventLoopDelay({ resolution: LOOP_MS })
  #moments: { readonly at: number; readonly requests: number }[] = []
  #loopP99Ms = 0
  /** Null while the database is away. */
  #backlog: number | null = null

  constructor(facts: NodeFacts) {
    this.#facts = facts
    this.#startedAt = facts.now()
    this.#loop.enable()
  }

  /** Looks at what changes: the database's backlog, the rate of requests, and the event loop since the last look. */
  async look(): Promise<void> {
    this.#moments = [...this.#moments, { at: performance.now(), requests: this.#requests() }].slice(-MOMENTS)
    const p99 = this.#loop.percentile(99) / NS_PER_MS - LOOP_MS
    this.#loopP99Ms = this.#loop.count === 0 ? 0 : Math.max(0, p99)
    this.#loop.reset()
    this.#backlog = await this.#facts.backlog(LEFT_BEHIND_MS).catch(() => null)
  }

  notice(): NodeNotice {
    const { kinds } = this.#facts.usage()
    const holdings = kinds.map((usage): [string, Holding] => {
      const ageMs = ageOf(usage)
      return [
        usage.name,
        { entries: usage.entries, bytes: usage.bytes, ageSeconds: ageMs === null ? null : ageMs / 1000 },
      ]
    })
    return { state: this.#state(), holdings: Object.fromEntries(holdings) }
  }

  [Symbol.dispose](): void {
    this.#loop.disable()
  }

  #state(): NodeState {
    const { id, version, counts, now, usage } = this.#facts
    const { bytes, maxBytes, kinds } = usage()
    return {
      ...{ id, version, startedAt: this.#startedAt, seenAt: now() },
      ...this.#health(),
      breakerOpen: this.#facts.shared ? counts.cache.breakerOpen : null,
      lagMs: counts.cache.lagMs,
      // Alone, this process applies all changes as it makes them; only others leave some behind.
      backlog: this.#facts.shared ? this.#backlog : null,
      memoryBytes: bytes,
      memoryMaxBytes: maxBytes,
      memoryEntries: kinds.reduce((sum, { entries }) => sum + entries, 0),
      eventLoopP99Ms: this.#loopP99Ms,
      requestsPerSecond: this.#rate(),
    }
  }

  /** Without asking anyone: how things went lately. */
  #health(): Pick<NodeState, 'status' | 'redis' | 'database'> {
    const { shared, counts, ai } = this.#facts
    const redis = shared ? (counts.cache.breakerOpen ? 'UNAVAILABLE' : 'HEALTHY') : 'DISABLED'
    const database = this.#backlog === null ? 'UNAVAILABLE' : 'HEALTHY'
    const of = (status: ComponentStatus) => ({ status, latencyMs: null })
    const jobs = { ...of('HEALTHY'), waiting: null, oldestAgeSeconds: null }
    const status = overallStatus({ database: of(database), redis: of(redis), ai: of(ai()), jobs })
    return { status, redis, database }
  }

  #requests(): number {
    return this.#facts.counts.requests.answers.reduce((sum, { durations }) => sum + durations.count, 0)
  }

  #rate(): number {
    const first = this.#moments[0]
    if (first === undefined) return 0
    const seconds = (performance.now() - first.at) / 1000
    return seconds < 0.5 ? 0 : (this.#requests() - first.requests) / seconds
  }
}
