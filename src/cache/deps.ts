import type { Reporter } from './cache-event.ts'
import type { Coherence } from './coherence.ts'
import type { Heat } from './heat.ts'
import type { L1 } from './l1.ts'
import type { SharedStore } from './shared-store.ts'
import type { NextTurn } from './turns.ts'

/** What a cache is made of. */
export interface CacheOptions {
  readonly store: SharedStore
  readonly coherence: Coherence
  readonly l1: L1
  readonly namespace: string
  /** Which source the values come from: what was stored from another one does not count. */
  readonly origin: string
  readonly report: Reporter
  /** Shown what is read. */
  readonly heat: Heat
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** From 0 up to 1. */
  readonly random: () => number
  /** Something that no other token ever is. */
  readonly unique: () => string
  /** Milliseconds after which another process may fill what this one set out to fill. */
  readonly leaseMs: number
  /** As much as the JSON of one value may have to be kept; 1 MiB when left out. */
  readonly entryMaxBytes?: number
  /** Whether large values are compressed for the store; true when left out. */
  readonly compresses?: boolean
  readonly turn?: NextTurn
}

/** The same inside the cache, with what is counted there. */
export interface CacheDeps extends Required<CacheOptions> {
  /** Counts the beginnings of requests and loads in this process. */
  readonly tick: () => number
  /** Takes note of work that no request waits for. It must not fail. */
  readonly aside: (work: Promise<unknown>) => void
}
