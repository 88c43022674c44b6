import type { Command, Identity } from '../commands/command.ts'
import type { UnitOfWork } from '../commands/unit-of-work.ts'
import type { Clock } from '../domain/calendar.ts'
import type { Health } from '../domain/health.ts'
import type { Viewer } from '../domain/viewer.ts'
import { createLoaders } from '../loaders/loaders.ts'
import type { Readers } from '../loaders/readers.ts'
import { createReads, type Reads } from '../loaders/reads.ts'
import type { RequestNotes } from './notes.ts'

/** What a resolver may use. One per request. */
export interface GraphQLContext {
  /** Everything readable, as of this request's last change. */
  readonly reads: Reads
  /** Runs a command for a signed-in viewer in a transaction of its own. Returns only after it is kept. */
  perform<Result>(command: Command<Result>): Promise<Result>
  /** The same for a command that makes its own proof of who asks. */
  performUnsigned<Result>(command: Command<Result>): Promise<Result>
  health(): Promise<Health>
  /** For the request log. */
  readonly notes: RequestNotes
}

/** What lives as long as the server. */
export interface GraphQLDeps {
  readonly readers: Readers
  readonly unitOfWork: UnitOfWork
  readonly identity: Identity
  readonly clock: Clock
  readonly health: () => Promise<Health>
}

export interface RequestScope {
  readonly viewer: Viewer
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal
  readonly notes: RequestNotes
}

export function createContext(deps: GraphQLDeps, { viewer, signal, notes }: RequestScope): GraphQLContext {
  const { readers, unitOfWork, identity, clock, health } = deps
  const freshLoaders = () => createLoaders({ readers, signal })
  let loaders = freshLoaders()
  // One object for the whole request, whose loaders change: Apollo copies the context's properties once.
  const reads = createReads({ loaders: () => loaders, readers, viewer, clock })

  async function performUnsigned<Result>(command: Command<Result>): Promise<Result> {
    const result = await unitOfWork.run(async (transaction) => {
      signal.throwIfAborted()
      const done = await command({ ...transaction, viewer, identity, now: clock() })
      // The caller was told that it failed; then it has to fail.
      signal.throwIfAborted()
      return done
    })
    // What the loaders remember is from before the change.
    loaders = freshLoaders()
    return result
  }

  return {
    reads,
    async perform(command) {
      await reads.signedIn()
      return performUnsigned(command)
    },
    performUnsigned,
    health,
    notes,
  }
}
