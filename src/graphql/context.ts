import type { Cache } from '../cache/cache.ts'
import type { Confirmation } from '../cache/confirm.ts'
import type { View } from '../cache/view.ts'
import type { Command, Identity } from '../commands/command.ts'
import type { UnitOfWork } from '../commands/unit-of-work.ts'
import type { Clock } from '../domain/calendar.ts'
import type { Health } from '../domain/health.ts'
import { createLoaders } from '../loaders/loaders.ts'
import { createReads, type Reads } from '../loaders/reads.ts'
import type { Sources } from '../loaders/sources.ts'
import type { Replies } from '../replies/replies.ts'
import type { RequestNotes } from './notes.ts'
import type { RequestScope } from './scope.ts'
import { createTutoring, type Tutoring } from './tutoring.ts'

/** What a resolver may use. One per request. */
export interface GraphQLContext extends Tutoring {
  /** Everything readable, as of this request's last change. */
  readonly reads: Reads
  /** Runs a command for a signed-in viewer in a transaction of its own. Returns only after it is kept. */
  perform<Result>(command: Command<Result>): Promise<Result>
  /** The same for a command that makes its own proof of who asks. */
  performUnsigned<Result>(command: Command<Result>): Promise<Result>
  health(): Promise<Health>
  readonly dailyLimit: number | null
  /** For the request log and the answer's headers. */
  readonly notes: RequestNotes
}

/** What lives as long as the server. */
export interface GraphQLDeps {
  readonly sources: Sources
  readonly cache: Pick<Cache, 'open' | 'after' | 'confirm'>
  readonly unitOfWork: UnitOfWork
  readonly identity: Identity
  readonly clock: Clock
  readonly health: () => Promise<Health>
  readonly replies: Replies
  /** Calls of a model a day for each learner; null: no limit. */
  readonly dailyLimit: number | null
}

export function createContext(deps: GraphQLDeps, scope: RequestScope): GraphQLContext {
  const { sources, clock, health } = deps
  const { viewer, signal, notes } = scope
  const caches = createCacheView(deps, scope)
  const freshLoaders = () => createLoaders({ sources, view: caches.view, signal })
  let loaders = freshLoaders()
  // One object for the whole request, whose loaders change: Apollo copies the context's properties once.
  const reads = createReads({ loaders: () => loaders, sources, view: caches.view, viewer, clock })

  async function performUnsigned<Result>(command: Command<Result>): Promise<Result> {
    const { result, changes } = await deps.unitOfWork.run(async (transaction) => {
      signal.throwIfAborted()
      const done = await command({ ...transaction, viewer, identity: deps.identity, now: clock() })
      // The caller was told that it failed; then it has to fail.
      signal.throwIfAborted()
      return done
    })
    if (changes.length > 0) caches.moveTo(await deps.cache.confirm(changes))
    // What the loaders remember is from before the change.
    loaders = freshLoaders()
    return result
  }

  async function perform<Result>(command: Command<Result>): Promise<Result> {
    await reads.signedIn()
    return performUnsigned(command)
  }

  return {
    reads,
    perform,
    performUnsigned,
    ...createTutoring({ replies: deps.replies, clock, reads, perform }, scope),
    health,
    dailyLimit: deps.dailyLimit,
    notes,
  }
}

/** How this request reads caches: from its first read on, and anew after each of its changes. */
function createCacheView({ cache }: GraphQLDeps, { cacheMode, notes, view: given }: RequestScope) {
  let view: Promise<View> | undefined

  async function open(): Promise<View> {
    const opened = given ?? (await cache.open(cacheMode, { tally: notes.cache.tally }))
    notes.cache.access = opened.mode !== 'USE' ? 'BYPASSED' : opened.mark === null ? 'DEGRADED' : 'USED'
    return opened
  }

  return {
    view(): Promise<View> {
      view ??= open()
      return view
    },
    moveTo({ confirmed, mark }: Confirmation): void {
      if (!confirmed) notes.cache.pending = true
      // Anew in every mode: what was being loaded before the change must not be joined either.
      const after = cacheMode === 'BYPASS' ? null : mark
      view = Promise.resolve(cache.after(after, cacheMode, { tally: notes.cache.tally }))
    },
  }
}
