import type { Footprint } from './footprint.ts'
import type { Mark } from './shared-store.ts'

/** What one request may read from caches: nothing older than its own beginning. */
export interface View {
  /** How a request wants its answers: from caches, loaded anew and kept, or loaded and not kept. */
  readonly mode: 'USE' | 'REFRESH' | 'BYPASS'
  /** Where the sequence stood when the request began; null when that is unknown, and then memory is not asked. */
  readonly mark: Mark | null
  /** When the request began, on this process's own count of beginnings. */
  readonly tick: number
  /** The same on the clock, in milliseconds since 1970: what had expired by then does not answer it. */
  readonly at: number
  /** Counts what came from where; null when nobody wants to know. */
  readonly tally: Tally | null
  /** Nobody has asked for it, as when caches are warmed: what is found and what is not does not count. */
  readonly quiet?: boolean
  /** Gathers what the response is made from; null when it is not kept as a whole. */
  readonly footprint: Footprint | null
}

/** How many things a request got from where. */
export interface Tally {
  /** From memory or from the shared store. */
  hits: number
  /** Loaded from the source for this request, and perhaps for others that joined it. */
  loads: number
  /** Loaded from the source for another request that this one joined. */
  joins: number
}

/** What was found of each thing that was asked for. */
export interface Found<Id, Value> {
  /** Null where there is none. */
  readonly values: ReadonlyMap<Id, Value | null>
  /** Those that had to be loaded from the source. */
  readonly loaded: ReadonlySet<Id>
  /** When the first of the values ends, in milliseconds since 1970. */
  readonly until: number
  /** Where the sequence stood when they were asked for; null when that is unknown. */
  readonly mark: Mark | null
}

/** Loads what is kept, many ids at a time; what is absent is absent from the map. */
export type Load<Id, Value> = (ids: readonly Id[]) => Promise<ReadonlyMap<Id, Value>>
