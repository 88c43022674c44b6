import type { View } from '../cache/view.ts'
import type { Viewer } from '../domain/viewer.ts'
import type { CacheNotes } from './cache-notes.ts'

/** Whose session it is, and what decides what it may do. */
export interface SessionScope {
  readonly viewer: Viewer
  /** Throws once nobody waits for the outcome any more. */
  readonly signal: Pick<AbortSignal, 'throwIfAborted'>
  /** Aborted a little earlier: an answer of the tutor's that comes later could not be kept in time. */
  readonly tutorSignal: AbortSignal
  readonly cacheNotes: CacheNotes
  /** What the caller allows caches to do. */
  readonly cacheMode: View['mode']
  /** How the session reads caches, where that was decided already; null: when it first reads something. */
  readonly view: View | null
}
