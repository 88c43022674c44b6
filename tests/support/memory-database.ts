import type { Committed } from '../../src/commands/unit-of-work.ts'
import type { Database } from '../../src/db/database.ts'
import { messageIdFromRow } from '../../src/domain/ids.ts'
import type { Message } from '../../src/domain/message.ts'
import { createMemoryLedger } from './memory-ledger.ts'
import { createMemoryOutbox, tagsBetween } from './memory-outbox.ts'
import { createMemoryQueues, type MemoryQueues, type MemoryQueueTransaction } from './memory-queues.ts'
import { createMemoryReaders } from './memory-readers.ts'
import { change, createSequence, type Tables } from './memory-state.ts'
import { createMemoryTransaction } from './memory-transaction.ts'
import { createMemoryWebhookReaders } from './memory-webhooks.ts'

/** A message before the database has numbered it. */
export type NewMessage = Omit<Message, 'id'>

export interface MemoryDatabase extends Database {
  readonly queues: MemoryQueues
  /** Adds messages in the order given and returns them with their ids. */
  insertMessages(messages: readonly NewMessage[]): Promise<readonly Message[]>
}

type Work<T> = (tables: Tables, purged: string[], queued: MemoryQueueTransaction) => Promise<T>

/** A database that keeps everything in memory, for tests that want no other. */
export function openMemoryDatabase(queues = createMemoryQueues()): MemoryDatabase {
  let committed: Tables = { learners: new Map(), webhooks: new Map(), agenda: new Map() }
  let queue: Promise<unknown> = Promise.resolve()
  // As in PostgreSQL, outside of transactions: an id that was given out and rolled back is not given out again.
  const next = { userId: createSequence(), messageId: createSequence() }
  const ledger = createMemoryLedger(() => committed.learners)
  const outbox = createMemoryOutbox()

  /** Runs one after another; what the work changed counts only if it resolves. */
  function alone<T>(work: Work<T>): Promise<Committed<T>> {
    const turn = queue.then(async () => {
      const { learners, webhooks, agenda } = committed
      const copy = { learners: new Map(learners), webhooks: new Map(webhooks), agenda: new Map(agenda) }
      const purged: string[] = []
      const queued = queues.begin()
      const result = await work(copy, purged, queued)
      const changes = outbox.note([...tagsBetween(committed.learners, copy.learners), ...purged])
      committed = copy
      queued.commit()
      return { result, changes }
    })
    queue = turn.catch(() => {})
    return turn
  }

  return {
    waiting: () => 0,
    id: 'memory',
    readers: {
      ...createMemoryReaders(() => committed.learners),
      ...createMemoryWebhookReaders(() => committed),
      usage: ledger.usage,
    },
    unitOfWork: {
      run: (work) =>
        alone(({ learners, ...tables }, purged, queued) =>
          work(createMemoryTransaction(learners, tables, purged, queued, next)),
        ),
    },
    outbox,
    ledger,
    queues,
    notices: queues.notices,
    async insertMessages(messages) {
      const { result } = await alone(async ({ learners }) => {
        const numbered = messages.map((message) => ({ ...message, id: messageIdFromRow(next.messageId()) }))
        for (const message of numbered)
          change(learners, message.userId, (learner) => ({ messages: [...learner.messages, message] }))
        return numbered
      })
      return result
    },
    async [Symbol.asyncDispose]() {
      await queue
    },
  }
}
