import type { View } from '../cache/view.ts'
import type { Viewer } from '../domain/viewer.ts'
import type { RequestNotes } from './notes.ts'

/** One request, as far as what it may do depends on it. */
export interface RequestScope {
  readonly viewer: Viewer
  /** Throws once nobody waits for the answer any more. */
  readonly signal: Pick<AbortSignal, 'throwIfAborted'>
  /** Aborted a little earlier: an answer of the tutor's that comes later could not be kept in time. */
  readonly tutorSignal: AbortSignal
  readonly notes: RequestNotes
  /** What the caller allows caches to do. */
  readonly cacheMode: View['mode']
  /** How the request reads caches, where that was decided already; null: when it first reads something. */
  readonly view: View | null
}
