import type { CacheDeps, CacheOptions } from './deps.ts'
import { CachedKind, type Kind } from './kind.ts'
import type { Policy } from './policy.ts'
import type { Mark } from './shared-store.ts'
import { ENTRY_MAX_BYTES } from './size.ts'
import { nextTurn } from './turns.ts'
import type { Load, View } from './view.ts'

export interface EntityCache {
  /** To be called when a request begins, and waited for before anything is read. */
  open(mode: View['mode'], watched?: Watched): Promise<View>
  /** The same where it can be told at once; null where it has to be waited for. */
  openNow(mode: View['mode'], watched?: Watched): View | null
  /**
   * A view for the rest of a request that has changed something: it sees at least that change. Without a mark the
   * change is not confirmed, and nothing is read from caches.
   */
  after(mark: Mark | null, mode?: View['mode'], watched?: Watched): View
  /** Whether memory and the shared store keep what is read in this view. */
  keeps(view: View): boolean
  /** Resolves when all that was read by now has been put in its place, or has failed to be. */
  settled(): Promise<void>
  /** Everything of one kind, read through the caches. */
  kind<Id, Value>(policy: Policy<Id, Value>, load: Load<Id, Value>): Kind<Id, Value>
}

/** What is noted of a request while it reads. */
export type Watched = Partial<Pick<View, 'tally' | 'footprint' | 'quiet'>>

/** What goes on although nobody waits for it. */
class Asides {
  readonly #pending = new Set<Promise<unknown>>()

  readonly aside = (work: Promise<unknown>): void => {
    this.#pending.add(work)
    void work.finally(() => this.#pending.delete(work))
  }

  readonly settled = async (): Promise<void> => {
    await Promise.all(this.#pending)
  }
}

export function createEntityCache(options: CacheOptions): EntityCache {
  const { coherence, now } = options
  let ticks = 0
  const tick = () => {
    ticks += 1
    return ticks
  }
  const { aside, settled } = new Asides()
  const deps: CacheDeps = { turn: nextTurn, entryMaxBytes: ENTRY_MAX_BYTES, compresses: true, ...options, tick, aside }

  const view = (
    mode: View['mode'],
    mark: Mark | null,
    { tally = null, footprint = null, quiet = false }: Watched = {},
  ): View => ({
    mode,
    mark,
    tick: tick(),
    at: now(),
    tally,
    quiet,
    footprint,
  })

  return {
    open(mode, watched) {
      const opened = view(mode, null, watched)
      return mode === 'BYPASS' ? Promise.resolve(opened) : coherence.mark().then((mark) => ({ ...opened, mark }))
    },
    openNow(mode, watched) {
      const mark = mode === 'BYPASS' ? null : coherence.now()
      return mark === undefined ? null : view(mode, mark, watched)
    },
    after: (mark, mode = 'USE', watched) => view(mark === null ? 'BYPASS' : mode, mark, watched),
    keeps: ({ mode, mark }) => mode !== 'BYPASS' && mark !== null && coherence.admits(mark),
    settled,
    kind: (policy, load) => new CachedKind(deps, policy, load),
  }
}
