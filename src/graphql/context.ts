import type { RoomLimits } from '../commands/backlog.ts'
import type { WebhookMeans } from '../commands/webhook-means.ts'
import type { WindowStats } from '../domain/cache-report.ts'
import type { Clock } from '../domain/calendar.ts'
import type { Health } from '../domain/health.ts'
import type { MessageId } from '../domain/ids.ts'
import type { Job } from '../domain/job.ts'
import { requireAdmin } from '../domain/viewer.ts'
import type { AudioLink, Recording } from '../domain/voice.ts'
import { createFollowing, type Feed } from '../session/following.ts'
import { createSession, type Session, type SessionDeps } from '../session/session.ts'
import type { RequestNotes } from './notes.ts'
import type { RequestScope } from './scope.ts'

/** What a resolver may use. One per request. */
export interface GraphQLContext extends Session {
  health(): Promise<Health>
  /** How the caches have done lately. For admins. */
  cacheStats(): Promise<readonly WindowStats[]>
  readonly dailyLimit: number | null
  readonly roomLimits: RoomLimits
  readonly webhookMeans: WebhookMeans
  readonly clock: Clock
  /** What uploaded bytes are. @throws BAD_USER_INPUT and PAYLOAD_TOO_LARGE naming `audio` */
  recordingOf(audio: Buffer): Promise<Recording>
  /** A link to what a message sounds like, for whoever has it. */
  audioLink(id: MessageId): AudioLink
  /** A job as of each of its changes after a revision, until it is over. */
  followJob(id: string, after: number | null): Promise<AsyncIterable<Job>>
  /** For the request log and the answer's headers. */
  readonly notes: RequestNotes
}

/** What lives as long as the server. */
export interface GraphQLDeps extends SessionDeps {
  readonly health: () => Promise<Health>
  readonly cacheStats: () => Promise<readonly WindowStats[]>
  /** Calls of a model a day for each learner; null: no limit. */
  readonly dailyLimit: number | null
  readonly roomLimits: RoomLimits
  readonly webhookMeans: WebhookMeans
  readonly feed: Feed
  readonly recordingOf: GraphQLContext['recordingOf']
  readonly audioLink: GraphQLContext['audioLink']
}

export function createContext(deps: GraphQLDeps, scope: RequestScope): GraphQLContext {
  const { health, dailyLimit, roomLimits, webhookMeans, clock, recordingOf, audioLink } = deps
  const { notes } = scope
  const session = createSession(deps, { ...scope, cacheNotes: notes.cache })
  const followJob = createFollowing({ ...session, feed: deps.feed, signal: scope.tutorSignal })
  async function cacheStats() {
    requireAdmin(await session.reads.signedIn())
    return deps.cacheStats()
  }
  const own = {
    health,
    cacheStats,
    dailyLimit,
    roomLimits,
    webhookMeans,
    clock,
    recordingOf,
    audioLink,
    followJob,
    notes,
  }
  return { ...session, ...own }
}
