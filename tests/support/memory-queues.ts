import { randomUUID } from 'node:crypto'
import type { Notices } from '../../src/work/notices.ts'
import { type EntryKey, QUEUES, type QueueName, type Queues, type QueueWrites } from '../../src/work/queue.ts'

interface Kept {
  readonly id: string
  readonly name: QueueName
  readonly task: object
  retryCount: number
  taken: boolean
  silent: boolean
  /** Milliseconds of the given clock. */
  readonly notBefore: number
}

export interface MemoryQueues extends Queues {
  readonly notices: Notices
  /** What a transaction does to queues, done only if it is kept. */
  begin(): MemoryQueueTransaction
  /** As if whoever holds it had given no sign of life for too long; it is taken away with the next {@link sweep}. */
  silence(entry: EntryKey): void
  /** Takes away what is silent; after too many losses, to the dead letters. */
  sweep(): void
  /** Forgets all tasks, whoever has them. */
  forget(): void
  /** Tells all who listen. */
  tell(notice: string): void
  /** How many of a queue wait or are being worked on. */
  size(name: QueueName): number
}

export interface MemoryQueueTransaction extends QueueWrites {
  commit(): void
  notify(notice: string): void
}

const LOSSES_MAX = 50

interface MemoryQueuesOptions {
  /** Milliseconds. */
  readonly now?: () => number
  /** Hears of tasks that cannot be read. */
  readonly trouble?: (error: unknown) => void
}

export function createMemoryQueues(options: MemoryQueuesOptions = {}): MemoryQueues {
  const { now = () => performance.now(), trouble = () => {} } = options
  const kept = new Map<string, Kept>()
  const listeners = new Set<(notice: string) => void>()
  const held = ({ id, retryCount }: EntryKey, name?: QueueName) => {
    const entry = kept.get(id)
    const isThere = entry?.taken && entry.retryCount === retryCount && entry.name === (name ?? entry.name)
    return isThere ? entry : undefined
  }
  const tell = (notice: string) => {
    for (const hear of listeners) hear(notice)
  }

  return {
    tell,
    forget: () => kept.clear(),
    size: (name) => [...kept.values()].filter((entry) => entry.name === name).length,
    notices: {
      async listen(hear, missed) {
        listeners.add(hear)
        missed()
        return {
          async [Symbol.asyncDispose]() {
            listeners.delete(hear)
          },
        }
      },
    },
    of: (name, decode) => ({
      async take(most) {
        const due = [...kept.values()].filter((each) => each.name === name && !each.taken && each.notBefore <= now())
        for (const entry of due.slice(0, most)) entry.taken = true
        return due.slice(0, most).flatMap(({ id, retryCount, task }) => {
          try {
            return [{ id, retryCount, task: decode(structuredClone(task)) }]
          } catch (error) {
            trouble(error)
            return []
          }
        })
      },
      async hold(entries) {
        const own = entries.map((entry) => held(entry, name)).filter((entry) => entry !== undefined)
        for (const entry of own) entry.silent = false
        return new Set(own.map(({ id }) => id))
      },
      finish: async (entry) => held(entry, name) !== undefined && kept.delete(entry.id),
    }),
    silence(key) {
      const entry = held(key)
      if (entry === undefined) throw new Error('only who holds something can be silent')
      entry.silent = true
    },
    sweep() {
      for (const entry of kept.values()) if (entry.taken && entry.silent) lose(kept, entry)
    },
    begin() {
      const later: (() => void)[] = []
      return {
        async send(name, task, delaySeconds) {
          later.push(() => put(kept, { name, task, notBefore: delaySeconds === 0 ? 0 : now() + delaySeconds * 1000 }))
        },
        async sendAll(name, tasks) {
          for (const task of tasks) later.push(() => put(kept, { name, task, notBefore: 0 }))
        },
        async settle(name, entry) {
          if (held(entry, name) === undefined) return false
          later.push(() => kept.delete(entry.id))
          return true
        },
        notify: (notice) => later.push(() => tell(notice)),
        commit() {
          for (const each of later) each()
        },
      }
    },
  }
}

function put(kept: Map<string, Kept>, entry: Pick<Kept, 'name' | 'task' | 'notBefore'>): void {
  const id = randomUUID()
  kept.set(id, { id, retryCount: 0, taken: false, silent: false, ...entry })
}

function lose(kept: Map<string, Kept>, entry: Kept): void {
  entry.taken = false
  entry.silent = false
  entry.retryCount += 1
  if (entry.retryCount <= LOSSES_MAX) return
  kept.delete(entry.id)
  const name = QUEUES[entry.name].deadLetter
  if (name !== null) put(kept, { name, task: entry.task, notBefore: 0 })
}
