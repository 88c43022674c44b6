/** What one process has taken from a queue, to be held until it is settled. */
export interface Entry<Task> {
  readonly id: string
  /** How often it was taken before: together with the id the number of this try, which only the newest one holds. */
  readonly retryCount: number
  readonly task: Task
}

/** What tells one try from all others. */
export type EntryKey = Pick<Entry<unknown>, 'id' | 'retryCount'>

/**
 * Things to do, shared by all processes. What was taken and is neither held nor settled goes to somebody else, and after
 * too many such losses to the queue's dead letters. Every method throws when the database does not answer.
 * `tests/contracts/queue.ts` says what every implementation must do.
 */
export interface Queue<Task> {
  /** Takes up to this many; each goes to one process only. */
  take(most: number): Promise<readonly Entry<Task>[]>
  /** Says that this process still works on them. The ids of those that are still its own. */
  hold(entries: readonly EntryKey[]): Promise<ReadonlySet<string>>
  /** Ends one outside of any transaction. False when it is not this try's any more. */
  finish(entry: EntryKey): Promise<boolean>
}

/** The queues by their names, with what each is about. */
export const QUEUES = {
  /** Stages of jobs. */
  stages: { deadLetter: 'lost-stages' },
  /** Stages that no worker has survived. */
  'lost-stages': { deadLetter: null },
  /** Webhooks on their way. */
  deliveries: { deadLetter: 'lost-deliveries' },
  /** Webhooks that no worker has survived. */
  'lost-deliveries': { deadLetter: null },
  /** Scheduled work. What is lost too often comes again with its next time. */
  errands: { deadLetter: null },
} as const

export type QueueName = keyof typeof QUEUES

/** What a transaction may do to queues. */
export interface QueueWrites {
  /** @param delaySeconds not to be taken before that time is over */
  send(queue: QueueName, task: object, delaySeconds: number): Promise<void>
  /** The same for many at once, without delay. */
  sendAll(queue: QueueName, tasks: readonly object[]): Promise<void>
  /** Ends an entry. False when it is not this try's any more. */
  settle(queue: QueueName, entry: EntryKey): Promise<boolean>
}

/** Whatever keeps queues. */
export interface Queues {
  /** @param decode reads a task as it was stored; throws for one that nobody knows any more */
  of<Task>(name: QueueName, decode: (task: unknown) => Task): Queue<Task>
}
