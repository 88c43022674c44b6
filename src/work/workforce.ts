import type { Viewer } from '../domain/viewer.ts'
import { type CacheNotes, createCacheNotes } from '../session/cache-notes.ts'
import type { Session } from '../session/session.ts'
import { Deliveries, type DeliveriesDeps, readDeliveryTask } from './deliveries.ts'
import { readErrand } from './errand-task.ts'
import { runErrand } from './errands.ts'
import { jobIn, type Notices } from './notices.ts'
import type { Queues } from './queue.ts'
import { Scheduler, type SchedulerOptions } from './scheduler.ts'
import { readStageTask, Stages, type StagesDeps } from './stages.ts'
import { Worker } from './worker.ts'

export interface WorkforceOptions
  extends Omit<StagesDeps, 'session'>,
    Pick<DeliveriesDeps, 'sender' | 'vault' | 'clock'>,
    Pick<SchedulerOptions, 'messageRetentionDays'> {
  readonly queues: Queues
  readonly notices: Notices
  readonly session: (viewer: Viewer, signal: AbortSignal, cacheNotes: CacheNotes) => Session
  /** Stages that are worked on at once. */
  readonly slots: number
  /** Hears what went wrong with queues; must not throw. */
  readonly trouble: (error: unknown) => void
  /** Runs a task, for whoever wants to know how it went. */
  readonly follow?: (name: string, task: () => Promise<void>) => Promise<void>
}

/** Webhooks that are sent at once: they wait for others most of the time. */
const DELIVERY_SLOTS = 16

/** All who work in this process. */
export async function openWorkforce(options: WorkforceOptions): Promise<AsyncDisposable> {
  await using opened = new AsyncDisposableStack()
  const session = (viewer: Viewer, signal: AbortSignal) => options.session(viewer, signal, createCacheNotes())
  const parts = [
    opened.use(await openStages({ ...options, session })),
    opened.use(await openDeliveries({ ...options, session })),
    opened.use(await openErrands({ ...options, session })),
  ]
  opened.move()
  return {
    async [Symbol.asyncDispose]() {
      // At the same time: each is patient for as long as the process may be.
      await Promise.all(parts.map((part) => part[Symbol.asyncDispose]()))
    },
  }
}

/** The same options, with sessions as tasks ask for them. */
type Options = Omit<WorkforceOptions, 'session'> & Pick<StagesDeps, 'session'>

/** Nobody wants to know. */
const alone = (_: string, task: () => Promise<void>): Promise<void> => task()

async function openStages(options: Options): Promise<AsyncDisposable> {
  const { queues, notices, slots, trouble, follow = alone } = options
  const stages = new Stages(options)
  await using opened = new AsyncDisposableStack()
  const worker = opened.use(
    new Worker({
      ...{ name: 'stages', notices, slots, trouble },
      queue: queues.of('stages', readStageTask),
      work: (entry, signal) => follow(`stage ${entry.task.stage}`, () => stages.run(entry, signal)),
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

async function openDeliveries(options: Options): Promise<AsyncDisposable> {
  const { queues, notices, trouble, follow = alone } = options
  const deliveries = new Deliveries(options)
  await using opened = new AsyncDisposableStack()
  const worker = opened.use(
    new Worker({
      ...{ name: 'deliveries', notices, slots: DELIVERY_SLOTS, trouble },
      queue: queues.of('deliveries', readDeliveryTask),
      work: (entry, signal) => follow('delivery', () => deliveries.run(entry, signal)),
    }),
  )
  const gravedigger = opened.use(
    new Worker({
      ...{ name: 'lost-deliveries', notices, slots: 1, trouble },
      queue: queues.of('lost-deliveries', readDeliveryTask),
      work: (entry, signal) => deliveries.bury(entry, signal),
      times: { look: 30_000 },
    }),
  )
  await worker.start()
  await gravedigger.start()
  return opened.move()
}

/** Errands that are done at once: each is one transaction. */
const ERRAND_SLOTS = 2

async function openErrands(options: Options): Promise<AsyncDisposable> {
  const { queues, notices, trouble, session, follow = alone } = options
  await using opened = new AsyncDisposableStack()
  const worker = opened.use(
    new Worker({
      ...{ name: 'errands', notices, slots: ERRAND_SLOTS, trouble },
      queue: queues.of('errands', readErrand),
      work: (entry, signal) => follow('errand', () => runErrand(session, entry, signal)),
      // Whoever queues one gives notice.
      times: { look: 10_000 },
    }),
  )
  await worker.start()
  opened.use(new Scheduler(options))
  return opened.move()
}
