import { setTimeout as pause } from 'node:timers/promises'
import type { UnitOfWork } from '../commands/unit-of-work.ts'
import { unavailable } from '../domain/error.ts'
import type { Readers } from '../loaders/readers.ts'
import { isAnswer, isRetryable, translated } from './failures.ts'
import type { Orm } from './orm.ts'
import { createReaders } from './readers.ts'
import { createTransaction } from './transaction.ts'
import { createWatchdog, type Watchdog } from './watchdog.ts'

/** A migrated, open database. */
export interface Database extends AsyncDisposable {
  readonly readers: Readers
  readonly unitOfWork: UnitOfWork
  /** Resolves when the database answers; throws SERVICE_UNAVAILABLE when it does not. */
  ping(): Promise<void>
}

/** Silence after which a caller stops waiting, in milliseconds; short of the 2 s in which callers expect an answer. */
const SILENCE_MS = 1500
const ATTEMPTS = 5

/** The ports over an open connection of either driver. */
export function createDatabase(orm: Orm, close: () => Promise<void>): Database {
  const watchdog = createWatchdog({ silenceMs: SILENCE_MS, speaks: isAnswer })
  return {
    readers: guarded(createReaders(orm), watchdog),
    unitOfWork: createUnitOfWork(orm, watchdog),
    ping: () => answered(watchdog.watch(orm.execute('select 1').then(() => {}))),
    [Symbol.asyncDispose]: close,
  }
}

function createUnitOfWork(orm: Orm, watchdog: Watchdog): UnitOfWork {
  return {
    async run(work) {
      for (let attempt = 1; ; attempt += 1) {
        let abandoned = false
        const transaction = orm.transaction(async (tx) => {
          const result = await work(createTransaction(tx))
          // Nobody waits for the answer any more: keeping the change now would contradict what they were told.
          if (abandoned) throw unavailable('The transaction was given up.')
          return result
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

/** The same readers, whose failures to reach the database are SERVICE_UNAVAILABLE. */
function guarded(readers: Readers, watchdog: Watchdog): Readers {
  const guard =
    <Asked extends unknown[], Answer>(read: (...asked: Asked) => Promise<Answer>) =>
    (...asked: Asked): Promise<Answer> =>
      answered(watchdog.watch(read(...asked)))
  return {
    users: guard(readers.users),
    userIdsByTelegramId: guard(readers.userIdsByTelegramId),
    settings: guard(readers.settings),
    stars: guard(readers.stars),
    practice: guard(readers.practice),
    practiceDays: guard(readers.practiceDays),
    messages: guard(readers.messages),
    listUsers: guard(readers.listUsers),
  }
}
