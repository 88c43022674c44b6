import { type Db, fromPglite, PgBoss, type Queue as QueueSettings } from 'pg-boss'
import type { Notices } from '../work/notices.ts'
import { type EntryKey, QUEUES, type Queue, type QueueName, type Queues, type QueueWrites } from '../work/queue.ts'
import { ChannelNotices } from './notices.ts'

export interface BossOptions {
  /** A server's address, or the database inside this process. */
  readonly database: string | Parameters<typeof fromPglite>[0]
  /** Whether this process looks after what others have taken and lost; some process has to. */
  readonly supervises: boolean
  /** Milliseconds after which a task that is still held is taken away from whoever holds it. */
  readonly longestTaskMs: number
  /** Hears what goes wrong between calls; must not throw. */
  readonly trouble: (error: Error) => void
}

/** Runs a statement with its values. */
type RunStatement = (text: string, values: readonly unknown[]) => Promise<{ rows: Record<string, unknown>[] }>

/** Queues in PostgreSQL, kept by pg-boss. */
export interface Boss extends Queues, AsyncDisposable {
  readonly notices: Notices
  /** The queues inside somebody's transaction. */
  within(run: RunStatement): QueueWrites
}

/** Connections of its own on a server: it cannot use those of another driver. */
const POOL_MAX = 2
/** Seconds without a sign of life after which a task is taken away: the least that pg-boss allows. */
export const HEARTBEAT_S = 10
/** Seconds between two looks for what was lost. Together with the heartbeat well below 30 s, which is promised. */
const SUPERVISION_S = 3

const SETTINGS: Omit<QueueSettings, 'name' | 'deadLetter' | 'expireInSeconds'> = {
  heartbeatSeconds: HEARTBEAT_S,
  // Only losses are repeated by the engine; what comes to an error is queued anew by whoever knows the error.
  retryLimit: 50,
  retryDelay: 1,
  // Acknowledged means kept, however long no worker is there.
  retentionSeconds: 365 * 86_400,
  deleteAfterSeconds: 86_400,
}

/** @throws the driver's error when the database cannot be reached */
export async function openBoss({ database, supervises, longestTaskMs, trouble }: BossOptions): Promise<Boss> {
  const boss = new PgBoss({
    ...connectionOf(database),
    supervise: supervises,
    superviseIntervalSeconds: SUPERVISION_S,
    monitorIntervalSeconds: SUPERVISION_S,
    schedule: false,
    registerInstance: false,
    persistWarnings: false,
    // Both need rights and time that a small queue is not worth.
    reindex: false,
    monitorVacuum: false,
  })
  boss.on('error', trouble)
  await boss.start()
  await makeQueues(boss, Math.ceil(longestTaskMs / 1000))
  const notices = new ChannelNotices(boss.getDb(), (error) => trouble(asError(error)))
  return {
    notices,
    of: (name, decode) => queueOf(boss, name, decode, trouble),
    within: (run) => writesOf(boss, { executeSql: (text, values = []) => run(text, values) }),
    async [Symbol.asyncDispose]() {
      await notices[Symbol.asyncDispose]()
      await boss.stop({ graceful: false, close: true })
    },
  }
}

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)))

function connectionOf(database: BossOptions['database']) {
  if (typeof database !== 'string') return { db: fromPglite(database), backend: 'pglite' } as const
  const connectionString = asLibpqReads(database)
  return { connectionString, max: POOL_MAX, application_name: 'honzik-jobs', connectionTimeoutMillis: 1_500 }
}

/**
 * The driver of queues takes `sslmode=require` for a demand to verify certificates, unless it is told to read addresses as
 * PostgreSQL's own library does, and as our other driver does.
 */
export function asLibpqReads(address: string): string {
  const url = new URL(address)
  if (url.searchParams.has('sslmode')) url.searchParams.set('uselibpqcompat', 'true')
  return url.href
}

/** Dead letters first: a queue names its own. */
async function makeQueues(boss: PgBoss, expireInSeconds: number): Promise<void> {
  const names = Object.entries(QUEUES).sort(
    ([, a], [, b]) => Number(a.deadLetter !== null) - Number(b.deadLetter !== null),
  )
  for (const [name, { deadLetter }] of names) {
    const settings = { ...SETTINGS, expireInSeconds, ...(deadLetter !== null && { deadLetter }) }
    await boss.createQueue(name, settings)
    // One that was there already may be another release's.
    await boss.updateQueue(name, settings)
  }
}

function queueOf<Task>(
  boss: PgBoss,
  name: QueueName,
  decode: (task: unknown) => Task,
  trouble: BossOptions['trouble'],
): Queue<Task> {
  return {
    async take(most) {
      const jobs = await boss.fetch(name, { batchSize: most })
      return jobs.flatMap(({ id, retryCount, data }) => {
        try {
          return [{ id, retryCount, task: decode(data) }]
        } catch (error) {
          // A newer release knows it, and gets it when nobody holds it.
          trouble(asError(error))
          return []
        }
      })
    },
    async hold(entries) {
      return entries.length === 0 ? new Set() : settledOf(await boss.touch(name, entries.map(attemptOf)))
    },
    finish: async (entry) => hasTouched(await boss.complete(name, attemptOf(entry))),
  }
}

const writesOf = (boss: PgBoss, db: Db): QueueWrites => ({
  async send(name, task, delaySeconds) {
    await boss.send(name, task, { db, ...(delaySeconds > 0 && { startAfter: delaySeconds }) })
  },
  async sendAll(name, tasks) {
    const queued = tasks.map((data) => ({ data }))
    if (queued.length > 0) await boss.insert(name, queued, { db })
  },
  // The count, and not the ids: not every driver that a transaction may have reads arrays.
  settle: async (name, entry) => hasTouched(await boss.complete(name, attemptOf(entry), null, { db })),
})

const attemptOf = ({ id, retryCount }: EntryKey) => ({ id, retryCount })

/** Declared is neither how many a command has touched nor which; the engine's own code relies on both. */
const hasTouched = (response: object): boolean => 'affected' in response && Number(response.affected) > 0

function settledOf(response: object): ReadonlySet<string> {
  const settled: unknown = 'settled' in response ? response.settled : []
  return new Set(Array.isArray(settled) ? settled.map(String) : [])
}
