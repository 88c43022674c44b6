import type { Tally } from '../cache/view.ts'

/** What caches had to do with a session. */
export interface CacheNotes {
  /** Undefined while nothing was read that caches could have. */
  access: 'USED' | 'BYPASSED' | 'DEGRADED' | undefined
  readonly tally: Tally
  /** A change of this session is kept, but other nodes may not know of it yet. */
  pending: boolean
}

export const createCacheNotes = (): CacheNotes => ({
  access: undefined,
  tally: { hits: 0, loads: 0, joins: 0 },
  pending: false,
})
