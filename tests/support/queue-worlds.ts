import { fromPglite, PgBoss } from 'pg-boss'
import type { JobWrites } from '../../src/commands/unit-of-work.ts'
import type { Database } from '../../src/db/database.ts'
import type { RunSql } from '../../src/db/seed.ts'
import { type BossOptions, openBoss } from '../../src/jobs/boss.ts'
import type { Notices } from '../../src/work/notices.ts'
import type { EntryKey, Queues } from '../../src/work/queue.ts'
import { openTestEmbedded, openTestServer } from './databases.ts'
import { openMemoryDatabase } from './memory-database.ts'
import { createMemoryQueues } from './memory-queues.ts'

/** Queues with a hold on time, and on those who work. */
export interface QueueWorld extends AsyncDisposable {
  readonly queues: Queues
  readonly notices: Notices
  /** The same queues and notices as another process has them. */
  readonly elsewhere: Pick<QueueWorld, 'queues' | 'notices'>
  /** Queues and settles in a transaction, which is undone when the work throws. */
  run<T>(work: (jobs: JobWrites) => Promise<T>): Promise<T>
  /** Lets so many seconds pass for what waits. */
  pass(seconds: number): Promise<void>
  /** Lets so much time pass that who holds it should have given a sign of life again. */
  silence(entry: EntryKey): Promise<void>
  /** Takes away what is silent. */
  sweep(): Promise<void>
  /** Forgets all tasks, whoever has them. */
  forget(): Promise<void>
  /** Tells all who listen. */
  tell(notice: string): Promise<void>
  /** Ends the connections on which notices are heard. */
  cut(): Promise<void>
  /** What went wrong so far. */
  readonly troubles: readonly unknown[]
}

export async function openMemoryQueueWorld(): Promise<QueueWorld> {
  const troubles: unknown[] = []
  let now = 0
  const queues = createMemoryQueues({ now: () => now, trouble: (error) => troubles.push(error) })
  const database = openMemoryDatabase(queues)
  const { notices } = queues
  return {
    ...{ queues, notices, troubles, cut: uncut },
    elsewhere: { queues, notices },
    run: runIn(database),
    async pass(seconds) {
      now += seconds * 1000
    },
    silence: async (entry) => queues.silence(entry),
    sweep: async () => queues.sweep(),
    forget: async () => queues.forget(),
    tell: async (notice) => queues.tell(notice),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

export async function openEmbeddedQueueWorld(): Promise<QueueWorld> {
  const troubles: unknown[] = []
  let source: BossOptions['database'] = ''
  const database = await openTestEmbedded(undefined, undefined, undefined, async (client) => {
    source = client
    return openBoss(bossOptions(client, troubles))
  })
  const { queues, notices } = database
  return {
    ...(await engineWorld(database, source, troubles)),
    elsewhere: { queues, notices },
    cut: uncut,
  }
}

export async function openServerQueueWorld(): Promise<QueueWorld> {
  const troubles: unknown[] = []
  const opened = new AsyncDisposableStack()
  const openQueues = (url: string) => openBoss(bossOptions(url, troubles))
  const database = await openTestServer(undefined, undefined, undefined, openQueues)
  const world = opened.use(await engineWorld(database, database.url, troubles))
  const other = opened.use(await openQueues(database.url))
  return {
    ...world,
    elsewhere: { queues: other, notices: other.notices },
    async cut() {
      const listening = `select pg_terminate_backend(pid) from pg_stat_activity where query = 'LISTEN "honzik"'
        and datname = current_database()`
      if ((await database.run(listening, [])).length === 0) throw new Error('nobody listens')
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

const uncut = () => Promise.reject(new Error('nothing is heard over a connection'))

const bossOptions = (database: BossOptions['database'], troubles: unknown[]): BossOptions => ({
  database,
  supervises: false,
  longestTaskMs: 60_000,
  trouble: (error) => troubles.push(error),
})

const runIn =
  ({ unitOfWork }: Pick<Database, 'unitOfWork'>): QueueWorld['run'] =>
  async (work) =>
    (await unitOfWork.run(({ jobs }) => work(jobs))).result

/** The engine's own clock cannot be set: what it has written down is put back instead. */
async function engineWorld(
  database: Database & { readonly run: RunSql },
  source: BossOptions['database'],
  troubles: readonly unknown[],
): Promise<Omit<QueueWorld, 'elsewhere' | 'cut'>> {
  const engine = typeof source === 'string' ? { connectionString: source, max: 1 } : { db: fromPglite(source) }
  const backend = typeof source === 'string' ? {} : ({ backend: 'pglite' } as const)
  const supervisor = new PgBoss({ ...engine, ...backend, supervise: false, schedule: false, registerInstance: false })
  await supervisor.start()
  const { queues, notices } = database
  return {
    ...{ queues, notices, troubles, run: runIn(database) },
    async pass(seconds) {
      await database.run('update pgboss.job set start_after = start_after - make_interval(secs => $1)', [seconds])
    },
    async silence({ id }) {
      await database.run(`update pgboss.job set heartbeat_on = heartbeat_on - interval '11 s' where id = $1`, [id])
    },
    async sweep() {
      // It looks after a queue every few seconds at most.
      await database.run('update pgboss.queue set monitor_on = null, monitor_claim_on = null', [])
      await supervisor.supervise()
    },
    async forget() {
      await database.run('delete from pgboss.job', [])
    },
    async tell(notice) {
      await database.run(`select pg_notify('honzik', $1)`, [notice])
    },
    async [Symbol.asyncDispose]() {
      await supervisor.stop({ graceful: false, close: true })
      await database[Symbol.asyncDispose]()
    },
  }
}
