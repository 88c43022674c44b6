import type { Cache } from '../cache/cache.ts'
import type { Confirmation } from '../cache/confirm.ts'
import type { View } from '../cache/view.ts'
import type { Command, Identity } from '../commands/command.ts'
import type { UnitOfWork } from '../commands/unit-of-work.ts'
import type { Clock } from '../domain/calendar.ts'
import type { InspectCache } from '../loaders/cache-entries.ts'
import { createLoaders } from '../loaders/loaders.ts'
import { createReads, type Reads } from '../loaders/reads.ts'
import type { Sources } from '../loaders/sources.ts'
import type { Replies } from '../replies/replies.ts'
import type { SessionScope } from './scope.ts'
import { createTutoring, type Tutoring } from './tutoring.ts'

/** What one caller may do at one time: a request, or a job that runs for a learner. */
export interface Session extends Tutoring {
  /** Everything readable, as of this session's last change. */
  readonly reads: Reads
  /** Runs a command for a signed-in viewer in a transaction of its own. Returns only after it is kept. */
  perform<Result>(command: Command<Result>): Promise<Result>
  /** The same for a command that makes its own proof of who asks. */
  performUnsigned<Result>(command: Command<Result>): Promise<Result>
  /** What is read from now on is not from before. */
  renew(): void
}

/** What lives as long as the process. */
export interface SessionDeps {
  readonly sources: Sources
  readonly cache: Pick<Cache, 'open' | 'after' | 'confirm'>
  readonly unitOfWork: UnitOfWork
  readonly identity: Identity
  readonly clock: Clock
  readonly replies: Replies
  readonly inspectCache: InspectCache
}

export function createSession(deps: SessionDeps, scope: SessionScope): Session {
  const { sources, clock, inspectCache } = deps
  const { viewer, signal } = scope
  const caches = createCacheView(deps, scope)
  const freshLoaders = () => createLoaders({ sources, view: caches.view, signal })
  let loaders = freshLoaders()
  // One object for the whole session, whose loaders change: Apollo copies the context's properties once.
  const reads = createReads({ loaders: () => loaders, sources, view: caches.view, viewer, clock, inspectCache })

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
    renew() {
      caches.renew()
      loaders = freshLoaders()
    },
    ...createTutoring({ replies: deps.replies, clock, reads, perform }, scope),
  }
}

/** How this session reads caches: from its first read on, and anew after each of its changes. */
function createCacheView({ cache }: SessionDeps, { cacheMode, cacheNotes, view: given }: SessionScope) {
  let view: Promise<View> | undefined

  async function open(): Promise<View> {
    const opened = given ?? (await cache.open(cacheMode, { tally: cacheNotes.tally }))
    cacheNotes.access = opened.mode !== 'USE' ? 'BYPASSED' : opened.mark === null ? 'DEGRADED' : 'USED'
    return opened
  }

  return {
    view(): Promise<View> {
      view ??= open()
      return view
    },
    renew(): void {
      view = undefined
    },
    moveTo({ confirmed, mark }: Confirmation): void {
      if (!confirmed) cacheNotes.pending = true
      // Anew in every mode: what was being loaded before the change must not be joined either.
      const after = cacheMode === 'BYPASS' ? null : mark
      view = Promise.resolve(cache.after(after, cacheMode, { tally: cacheNotes.tally }))
    },
  }
}
