import type { CacheDeps, CacheOptions } from './deps.ts'
import { invalidate } from './invalidation.ts'
import { createKind, type Kind } from './kind.ts'
import type { Policy } from './policy.ts'
import type { Mark, Tag } from './shared-store.ts'
import { nextTurn } from './turns.ts'
import type { Load, Tally, View } from './view.ts'

export interface EntityCache {
  /** To be called when a request begins, and waited for before anything is read. */
  open(mode: View['mode'], tally?: Tally): Promise<View>
  /**
   * A view for the rest of a request that has changed something: it sees at least that change. Without a mark the
   * change is not confirmed, and nothing is read from caches.
   */
  after(mark: Mark | null, mode?: View['mode'], tally?: Tally): View
  /** Everything of one kind, read through the caches. */
  kind<Id, Value>(policy: Policy<Id, Value>, load: Load<Id, Value>): Kind<Id, Value>
  /**
   * Makes what was changed unreadable for every request that begins from now on, on every node. To be called after the
   * change is kept and before it is acknowledged. Throws StoreUnavailable when that could not be confirmed in time.
   */
  invalidate(tags: readonly Tag[]): Promise<Mark>
}

export function createEntityCache(options: CacheOptions): EntityCache {
  const { store, coherence, namespace } = options
  let ticks = 0
  const tick = () => {
    ticks += 1
    return ticks
  }
  const deps: CacheDeps = { turn: nextTurn, ...options, tick }

  return {
    async open(mode, tally) {
      const began = tick()
      return { mode, mark: mode === 'BYPASS' ? null : await coherence.mark(), tick: began, tally: tally ?? null }
    },
    after: (mark, mode = 'USE', tally) => ({
      mode: mark === null ? 'BYPASS' : mode,
      mark,
      tick: tick(),
      tally: tally ?? null,
    }),
    kind: (policy, load) => createKind(deps, policy, load),
    async invalidate(tags) {
      const mark = await invalidate(store, namespace, tags)
      coherence.originated(tags, mark)
      return mark
    },
  }
}
