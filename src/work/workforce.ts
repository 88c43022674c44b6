import type { Viewer } from '../domain/viewer.ts'
import { type CacheNotes, createCacheNotes } from '../session/cache-notes.ts'
import type { Session } from '../session/session.ts'
import { jobIn, type Notices } from './notices.ts'
import type { Queues } from './queue.ts'
import { readStageTask, Stages, type StagesDeps } from './stages.ts'
import { Worker } from './worker.ts'

export interface WorkforceOptions extends Omit<StagesDeps, 'session'> {
  readonly queues: Queues
  readonly notices: Notices
  readonly session: (viewer: Viewer, signal: AbortSignal, cacheNotes: CacheNotes) => Session
  /** Stages that are worked on at once. */
  readonly slots: number
  /** Hears what went wrong with queues; must not throw. */
  readonly trouble: (error: unknown) => void
}

/** All who work in this process. */
export async function openWorkforce(options: WorkforceOptions): Promise<AsyncDisposable> {
  const { queues, notices, slots, trouble } = options
  const stages = new Stages({
    ...options,
    session: (viewer, signal) => options.session(viewer, signal, createCacheNotes()),
  })
  await using opened = new AsyncDisposableStack()
  const worker = opened.use(
    new Worker({
      ...{ name: 'stages', notices, slots, trouble },
      queue: queues.of('stages', readStageTask),
      work: (entry, signal) => stages.run(entry, signal),
    }),
  )
  const gravedigger = opened.use(
    new Worker({
      ...{ name: 'lost-stages', notices, slots: 1, trouble },
      queue: queues.of('lost-stages', readStageTask),
      work: (entry, signal) => stages.bury(entry, signal),
    }),
  )
  const hear = (notice: string) => {
    const id = jobIn(notice)
    if (id !== null) stages.changed(id).catch(trouble)
  }
  opened.use(await notices.listen(hear, () => {}))
  await worker.start()
  await gravedigger.start()
  return opened.move()
}
