import type { CacheDeps, CacheOptions } from './deps.ts'
import { CachedKind, type Kind } from './kind.ts'
import type { Policy } from './policy.ts'
import type { Mark } from './shared-store.ts'
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
}

export function createEntityCache(options: CacheOptions): EntityCache {
  const { coherence, now } = options
  let ticks = 0
  const tick = () => {
    ticks += 1
    return ticks
  }
  const deps: CacheDeps = { turn: nextTurn, ...options, tick }

  return {
    async open(mode, tally) {
      const began = tick()
      const at = now()
      const mark = mode === 'BYPASS' ? null : await coherence.mark()
      return { mode, mark, tick: began, at, tally: tally ?? null }
    },
    after: (mark, mode = 'USE', tally) => ({
      mode: mark === null ? 'BYPASS' : mode,
      mark,
      tick: tick(),
      at: now(),
      tally: tally ?? null,
    }),
    kind: (policy, load) => new CachedKind(deps, policy, load),
  }
}
