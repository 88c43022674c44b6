import { setTimeout as pause } from 'node:timers/promises'
import type { Outbox } from '../cache/outbox.ts'
import type { UnitOfWork } from '../commands/unit-of-work.ts'
import { unavailable } from '../domain/error.ts'
import type { Readers } from '../loaders/readers.ts'
import type { Ledger } from '../replies/ledger.ts'
import type { Notices } from '../work/notices.ts'
import type { Queues } from '../work/queue.ts'
import { isAnswer, isRetryable, translated } from './failures.ts'
import { changesOf } from './outbox.ts'
import type { Access, Ports } from './ports.ts'
import type { QueueEngine } from './queue.ts'
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

/** The ports over an open database of either driver, and the engine that keeps queues in the same database. */
export async function createDatabase(access: Access, queues: QueueEngine): Promise<Database> {
  const watchdog = createWatchdog({ silenceMs: SILENCE_MS, speaks: isAnswer })
  const guard = guardOf(access, watchdog)
  const { id } = only(await access.share(({ orm }) => orm.select().from(databaseIdentity)))
  return {
    id,
    readers: guardedReaders(guard),
    unitOfWork: createUnitOfWork(access, queues, watchdog),
    outbox: guardedOutbox(guard),
    ledger: guardedLedger(guard),
    queues,
    notices: queues.notices,
    waiting: () => watchdog.waiting,
    async [Symbol.asyncDispose]() {
      await queues[Symbol.asyncDispose]()
      await access.close()
    },
  }
}

function createUnitOfWork(access: Access, queues: QueueEngine, watchdog: Watchdog): UnitOfWork {
  return {
    async run(work) {
      for (let attempt = 1; ; attempt += 1) {
        let abandoned = false
        const transaction = access.transact(async (tx) => {
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
  call: (ports: Ports) => (...asked: Asked) => Promise<Answer>,
) => (...asked: Asked) => Promise<Answer>

/** The same calls over whichever connection, whose failures to reach the database are SERVICE_UNAVAILABLE. */
const guardOf =
  (access: Access, watchdog: Watchdog): Guard =>
  (call) =>
  (...asked) =>
    answered(watchdog.watch(access.share((ports) => call(ports)(...asked))))

function guardedReaders(guard: Guard): Readers {
  return {
    users: guard(({ readers }) => readers.users),
    userIdsByTelegramId: guard(({ readers }) => readers.userIdsByTelegramId),
    settings: guard(({ readers }) => readers.settings),
    stars: guard(({ readers }) => readers.stars),
    practice: guard(({ readers }) => readers.practice),
    practiceDays: guard(({ readers }) => readers.practiceDays),
    messages: guard(({ readers }) => readers.messages),
    lastActive: guard(({ readers }) => readers.lastActive),
    listUsers: guard(({ readers }) => readers.listUsers),
    usage: guard(({ readers }) => readers.usage),
    said: guard(({ readers }) => readers.said),
    backlog: guard(({ readers }) => readers.backlog),
    recording: guard(({ readers }) => readers.recording),
    jobs: guard(({ readers }) => readers.jobs),
    speeches: guard(({ readers }) => readers.speeches),
    speech: guard(({ readers }) => readers.speech),
    jobUpdates: guard(({ readers }) => readers.jobUpdates),
    listWebhooks: guard(({ readers }) => readers.listWebhooks),
    deliveries: guard(({ readers }) => readers.deliveries),
  }
}

function guardedOutbox(guard: Guard): Outbox {
  return {
    pending: guard(({ outbox }) => outbox.pending),
    backlog: guard(({ outbox }) => outbox.backlog),
    forget: guard(({ outbox }) => outbox.forget),
    forgetOlder: guard(({ outbox }) => outbox.forgetOlder),
  }
}

function guardedLedger(guard: Guard): Ledger {
  return {
    reserve: guard(({ ledger }) => ledger.reserve),
    release: guard(({ ledger }) => ledger.release),
    settle: guard(({ ledger }) => ledger.settle),
    save: guard(({ ledger }) => ledger.save),
  }
}
