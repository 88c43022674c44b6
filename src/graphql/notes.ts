import { type CacheNotes, createCacheNotes } from '../session/cache-notes.ts'

/** Characters of an operation's name at most, in logs. */
export const OPERATION_NAME_MAX = 64

/** What the request log and the answer's headers want to know of an operation. */
export interface RequestNotes {
  /** Told every fault that callers only see as an internal server error. */
  readonly report: (fault: unknown) => void
  /** As the document names it, at most 64 characters; null without a name, undefined when there was none to run. */
  operation: string | null | undefined
  /** Whether the operation is a query. */
  query: boolean
  /** What the operation is; left out as long as that is not known. */
  type?: 'query' | 'mutation' | 'subscription'
  /** The error codes of the answer, each once. */
  codes: readonly string[]
  /** The code of what lay behind a service that was not available, such as ECONNREFUSED. */
  cause?: string
  readonly cache: CacheNotes
}

export const createNotes = (report: RequestNotes['report']): RequestNotes => ({
  report,
  operation: undefined,
  query: false,
  codes: [],
  cache: createCacheNotes(),
})

/** How much of an answer came from caches, as the header `x-cache` says it. */
export type CacheStatus = 'HIT' | 'MISS' | 'COALESCED' | 'BYPASS' | 'DEGRADED'

export function cacheStatus({ access, tally: { hits, loads, joins } }: CacheNotes): CacheStatus {
  if (access === 'DEGRADED') return 'DEGRADED'
  if (access !== 'USED' || hits + loads + joins === 0) return 'BYPASS'
  if (loads > 0) return 'MISS'
  return joins > 0 ? 'COALESCED' : 'HIT'
}
