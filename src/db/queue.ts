import type { Notices } from '../work/notices.ts'
import type { Queues, QueueWrites } from '../work/queue.ts'
import type { RunRaw } from './raw.ts'

/** The engine that keeps queues in this database. */
export interface QueueEngine extends Queues, AsyncDisposable {
  readonly notices: Notices
  /** The queues inside a transaction of ours. @param run statements of the transaction */
  within(run: RunRaw): QueueWrites
}

/** For whoever neither queues nor works: opening an engine takes as long as opening a database. */
export const NO_QUEUES: QueueEngine = {
  notices: { listen: async () => ({ [Symbol.asyncDispose]: async () => {} }) },
  of: () => ({ take: async () => [], hold: async () => new Set(), finish: async () => false }),
  within: () => ({ send: closed, sendAll: closed, settle: closed }),
  [Symbol.asyncDispose]: async () => {},
}

const closed = () => Promise.reject(new Error('the database was opened without queues'))
