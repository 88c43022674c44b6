import type { Reporter } from './cache-event.ts'
import type { Coherence } from './coherence.ts'
import { createKind, type Kind, type KindDeps } from './kind.ts'
import type { L1 } from './l1.ts'
import { keyOf, type Policy } from './policy.ts'
import type { Mark, SharedStore, Tag } from './shared-store.ts'
import { type NextTurn, nextTurn } from './turns.ts'

/** What one request may read from caches: nothing older than its own beginning. */
export interface View {
  /** How a request wants its answers: from caches, loaded anew and kept, or loaded and not kept. */
  readonly mode: 'USE' | 'REFRESH' | 'BYPASS'
  /** Where the sequence stood when the request began; null when that is unknown, and then memory is not asked. */
  readonly mark: Mark | null
  /** When the request began, on this process's own count of beginnings. */
  readonly tick: number
}

export interface EntityCache {
  /** To be called when a request begins, and waited for before anything is read. */
  open(mode: View['mode']): Promise<View>
  /** A view for the rest of a request that has changed something: it sees at least that change. */
  after(mark: Mark | null): View
  /** Everything of one kind, read through the caches. */
  kind<Id, Value>(policy: Policy<Id, Value>, load: Load<Id, Value>): Kind<Id, Value>
  /**
   * Makes what was changed unreadable for every request that begins from now on, on every node. To be called after the
   * change is kept and before it is acknowledged. Throws StoreUnavailable when that could not be confirmed in time.
   */
  invalidate(tags: readonly Tag[]): Promise<Mark>
}

/** Loads what is kept, many ids at a time; what is absent is absent from the map. */
export type Load<Id, Value> = (ids: readonly Id[]) => Promise<ReadonlyMap<Id, Value>>

export interface EntityCacheOptions {
  readonly store: SharedStore
  readonly coherence: Coherence
  readonly l1: L1
  readonly namespace: string
  readonly report: Reporter
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** From 0 up to 1. */
  readonly random: () => number
  /** Something that no other token ever is. */
  readonly unique: () => string
  /** Milliseconds after which another process may fill what this one set out to fill. */
  readonly leaseMs: number
  readonly turn?: NextTurn
}

export function createEntityCache(options: EntityCacheOptions): EntityCache {
  const { store, coherence, namespace } = options
  let ticks = 0
  const tick = () => {
    ticks += 1
    return ticks
  }
  const deps: KindDeps = { turn: nextTurn, ...options, tick }

  return {
    async open(mode) {
      const began = tick()
      return { mode, mark: mode === 'BYPASS' ? null : await coherence.mark(), tick: began }
    },
    after: (mark) => ({ mode: mark === null ? 'BYPASS' : 'USE', mark, tick: tick() }),
    kind: (policy, load) => createKind(deps, policy, load),
    async invalidate(tags) {
      // First the entries, then the announcement: whoever has read the new number finds no entry from before it.
      await store.remove(tags.map((tag) => keyOf(namespace, tag)))
      const mark = await store.announce(tags)
      coherence.originated(tags, mark)
      return mark
    },
  }
}
