import type { Mark } from './shared-store.ts'

/** What one request may read from caches: nothing older than its own beginning. */
export interface View {
  /** How a request wants its answers: from caches, loaded anew and kept, or loaded and not kept. */
  readonly mode: 'USE' | 'REFRESH' | 'BYPASS'
  /** Where the sequence stood when the request began; null when that is unknown, and then memory is not asked. */
  readonly mark: Mark | null
  /** When the request began, on this process's own count of beginnings. */
  readonly tick: number
}

/** Loads what is kept, many ids at a time; what is absent is absent from the map. */
export type Load<Id, Value> = (ids: readonly Id[]) => Promise<ReadonlyMap<Id, Value>>
