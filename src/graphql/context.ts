import type { Health } from '../domain/health.ts'
import { createSession, type Session, type SessionDeps } from '../session/session.ts'
import type { RequestNotes } from './notes.ts'
import type { RequestScope } from './scope.ts'

/** What a resolver may use. One per request. */
export interface GraphQLContext extends Session {
  health(): Promise<Health>
  readonly dailyLimit: number | null
  /** For the request log and the answer's headers. */
  readonly notes: RequestNotes
}

/** What lives as long as the server. */
export interface GraphQLDeps extends SessionDeps {
  readonly health: () => Promise<Health>
  /** Calls of a model a day for each learner; null: no limit. */
  readonly dailyLimit: number | null
}

export function createContext(deps: GraphQLDeps, scope: RequestScope): GraphQLContext {
  const { health, dailyLimit } = deps
  const { notes } = scope
  return { ...createSession(deps, { ...scope, cacheNotes: notes.cache }), health, dailyLimit, notes }
}
