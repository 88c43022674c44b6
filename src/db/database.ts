import { setTimeout as pause } from 'node:timers/promises'
import type { Outbox } from '../cache/outbox.ts'
import type { UnitOfWork } from '../commands/unit-of-work.ts'
import { unavailable } from '../domain/error.ts'
import type { Readers } from '../loaders/readers.ts'
import type { Ledger } from '../replies/ledger.ts'
import type { Notices } from '../work/notices.ts'
import type { Queues } from '../work/queue.ts'
import { isAnswer, isRetryable, translated } from './failures.ts'
import { createLedger } from './ledger.ts'
import type { Orm } from './orm.ts'
import { changesOf, createOutbox } from './outbox.ts'
import type { QueueEngine } from './queue.ts'
import { createReaders } from './readers.ts'
import { only } from './rows.ts'
import { databaseIdentity } from './schema.ts'
import { createTransaction } from './transaction.ts'
import { createWatchdog, type Watchdog } from './watchdog.ts'

/** A migrated, open database. */
export interface Database extends AsyncDisposable {
  /** Which database this is: another one, with other data, has another. */
  readonly id: string
  readonly readers: Readers
  readonly unitOfWork: UnitOfWork
  readonly outbox: Outbox
  readonly ledger: Ledger
  readonly queues: Queues
  readonly notices: Notices
  /** Calls that wait for the database now; a transaction is one. */
  waiting(): number
}

/** Silence after which a caller stops waiting, in milliseconds; short of the 2 s in which callers expect an answer. */
const SILENCE_MS = 1500
const ATTEMPTS = 5

/** The ports over an open connection of either driver, and the engine that keeps queues in the same database. */
export async function createDatabase(orm: Orm, queues: QueueEngine, close: () => Promise<void>): Promise<Database> {
  const watchdog = createWatchdog({ silenceMs: SILENCE_MS, speaks: isAnswer })
  const { id } = only(await orm.select().from(databaseIdentity))
  return {
    id,
    readers: guarded(createReaders(orm), watchdog),
    unitOfWork: createUnitOfWork(orm, queues, watchdog),
    outbox: guardedOutbox(createOutbox(orm), watchdog),
    ledger: guardedLedger(createLedger(orm), watchdog),
    queues,
    notices: queues.notices,
    waiting: () => watchdog.waiting,
    async [Symbol.asyncDispose]() {
      await queues[Symbol.asyncDispose]()
      await close()
    },
  }
}

function createUnitOfWork(orm: Orm, queues: QueueEngine, watchdog: Watchdog): UnitOfWork {
  return {
    async run(work) {
      for (let attempt = 1; ; attempt += 1) {
        let abandoned = false
        const transaction = orm.transaction(async (tx) => {
          const result = await work(createTransaction(tx, queues))
          const changes = await changesOf(tx)
          // Nobody waits for the answer any more: keeping the change now would contradict what they were told.
          if (abandoned) throw unavailable('The transaction was given up.')
          return { result, changes }
        })
        try {
          return await answered(watchdog.watch(transaction, () => (abandoned = true)))
        } catch (error) {
          if (!isRetryable(error)) throw error
          if (attempt === ATTEMPTS) throw unavailable('The change collided with others. Try again in a moment.', error)
          // Those who collided must not come back at the same moment.
          await pause(Math.random() * 50 * attempt)
        }
      }
    },
  }
}

const answered = <T>(work: Promise<T>): Promise<T> =>
  work.catch((error) => {
    throw translated(error)
  })

type Guard = <Asked extends unknown[], Answer>(
  read: (...asked: Asked) => Promise<Answer>,
) => (...asked: Asked) => Promise<Answer>

/** The same calls, whose failures to reach the database are SERVICE_UNAVAILABLE. */
const guardOf =
  (watchdog: Watchdog): Guard =>
  (read) =>
  (...asked) =>
    answered(watchdog.watch(read(...asked)))

function guarded(readers: Readers, watchdog: Watchdog): Readers {
  const guard = guardOf(watchdog)
  return {
    users: guard(readers.users),
    userIdsByTelegramId: guard(readers.userIdsByTelegramId),
    settings: guard(readers.settings),
    stars: guard(readers.stars),
    practice: guard(readers.practice),
    practiceDays: guard(readers.practiceDays),
    messages: guard(readers.messages),
    lastActive: guard(readers.lastActive),
    listUsers: guard(readers.listUsers),
    usage: guard(readers.usage),
    said: guard(readers.said),
    backlog: guard(readers.backlog),
    recording: guard(readers.recording),
    jobs: guard(readers.jobs),
    speeches: guard(readers.speeches),
    speech: guard(readers.speech),
    jobUpdates: guard(readers.jobUpdates),
    listWebhooks: guard(readers.listWebhooks),
    deliveries: guard(readers.deliveries),
  }
}

function guardedOutbox(outbox: Outbox, watchdog: Watchdog): Outbox {
  const guard = guardOf(watchdog)
  return {
    pending: guard(outbox.pending),
    backlog: guard(outbox.backlog),
    forget: guard(outbox.forget),
    forgetOlder: guard(outbox.forgetOlder),
  }
}

function guardedLedger(ledger: Ledger, watchdog: Watchdog): Ledger {
  const guard = guardOf(watchdog)
  return {
    reserve: guard(ledger.reserve),
    release: guard(ledger.release),
    settle: guard(ledger.settle),
    save: guard(ledger.save),
  }
}
