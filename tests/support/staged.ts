import type { Queued } from '../../src/commands/send-message-later.ts'
import { sendMessageLater } from '../../src/commands/send-message-later.ts'
import { openCore } from '../../src/core.ts'
import type { UserId } from '../../src/domain/ids.ts'
import type { Job, JobUpdate } from '../../src/domain/job.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { createCacheNotes } from '../../src/session/cache-notes.ts'
import { createSession, type Session } from '../../src/session/session.ts'
import { createLog } from '../../src/telemetry/log.ts'
import type { Entry, QueueName } from '../../src/work/queue.ts'
import { readStageTask, Stages, type StageTask } from '../../src/work/stages.ts'
import { somebody } from '../contracts/suite.ts'
import { type MemoryDatabase, openMemoryDatabase } from './memory-database.ts'
import { createMemoryQueues } from './memory-queues.ts'
import { type MemoryTutor, type MemoryTutorOptions, openMemoryTutor } from './memory-tutor.ts'
import { NOW, testConfig } from './test-app.ts'

/** Stages of jobs that are done when a test says so, and time that passes when it does. */
export interface Staged extends AsyncDisposable {
  readonly stages: Stages
  readonly database: MemoryDatabase
  readonly tutor: MemoryTutor
  /** Faults that were told. */
  readonly faults: readonly unknown[]
  pass(seconds: number): void
  session(viewer: Viewer): Session
  newLearner(): Promise<UserId>
  /** A message that is to be answered in the background. */
  send(learner: UserId, text?: string): Promise<Queued>
  /** Takes what is in a queue: one entry, no more and no less. */
  take(name?: QueueName): Promise<Entry<StageTask>>
  /** Takes it and brings it to its end. */
  runNext(signal?: AbortSignal): Promise<void>
  /** As if whoever has the entry had died. */
  lose(entry: Entry<StageTask>): void
  job(job: Pick<Job, 'id'>): Promise<Job>
  updates(job: Pick<Job, 'id'>): Promise<readonly JobUpdate[]>
  /** How often and with what success the learner has practised. */
  standing(learner: UserId): Promise<{ messages: number; stars: number; said: readonly string[] }>
}

const never = new AbortController().signal

interface StagedOptions extends MemoryTutorOptions {
  readonly timeoutMs?: number
}

export async function openStaged({ timeoutMs = 60_000, ...options }: StagedOptions = {}): Promise<Staged> {
  let now = NOW
  const queues = createMemoryQueues({ now: () => now.epochMilliseconds })
  const database = openMemoryDatabase(queues)
  const tutor = openMemoryTutor(options)
  const faults: unknown[] = []
  const log = createLog('silent')
  const opened = { openDatabase: async () => database, openTutor: async () => tutor }
  const core = await openCore(testConfig(), { log, clock: () => now, ...opened })
  const { readers } = database
  const sessionOf = (viewer: Viewer, signal: AbortSignal): Session =>
    createSession(core.sessionDeps, {
      ...{ viewer, signal, tutorSignal: signal, cacheNotes: createCacheNotes(), cacheMode: 'USE', view: null },
    })
  const stages = new Stages({
    ...{ session: sessionOf, readers, voices: null, timeoutMs },
    // Leaves waits as they are.
    chance: () => 0.5,
    fault: (error) => faults.push(error),
  })

  const staged: Staged = {
    ...{ stages, database, tutor, faults },
    pass(seconds) {
      now = now.add({ milliseconds: seconds * 1000 })
    },
    session: (viewer) => sessionOf(viewer, never),
    async newLearner() {
      const { result } = await database.unitOfWork.run(({ users }) => users.insert(somebody(), NOW))
      if (result === null) throw new Error('the Telegram id is taken')
      return result.id
    },
    send: (id, text = 'Ahoj!') =>
      staged.session({ role: 'user', id }).perform(sendMessageLater({ text }, { jobsMax: 1_000 })),
    async take(name = 'stages') {
      const [entry, ...others] = await queues.of(name, readStageTask).take(10)
      if (entry === undefined || others.length > 0) throw new Error('there is not one entry')
      return entry
    },
    async runNext(signal = never) {
      await stages.run(await staged.take(), signal)
    },
    lose(entry) {
      queues.silence(entry)
      queues.sweep()
    },
    async job({ id }) {
      const job = (await readers.jobs([id])).get(id)
      if (job === undefined) throw new Error('there is no such job')
      return job
    },
    updates: async ({ id }) => (await readers.jobUpdates([{ jobId: id, after: null }]))[0] ?? [],
    async standing(id) {
      const practice = (await readers.practice([id])).get(id)
      const stars = (await readers.stars([id])).get(id)
      const [said = []] = await readers.messages([{ userId: id, after: null, limit: 100 }])
      return {
        messages: practice?.totalMessages ?? 0,
        stars: stars?.total ?? 0,
        said: said.map(({ role, answered }) => (answered ? role : `${role} UNANSWERED`)),
      }
    },
    [Symbol.asyncDispose]: () => core[Symbol.asyncDispose](),
  }
  return staged
}
