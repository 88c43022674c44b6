import type { SessionScope } from '../session/scope.ts'
import type { RequestNotes } from './notes.ts'

/** One request, as far as what it may do depends on it. */
export interface RequestScope extends Omit<SessionScope, 'cacheNotes'> {
  readonly notes: RequestNotes
}
