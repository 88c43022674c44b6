import type { StatementCounter } from '../../src/db/statements.ts'
import { type BossOptions, openBoss } from '../../src/jobs/boss.ts'
import { type OpenDatabase, openTestEmbedded, openTestServer } from './databases.ts'

const openQueues = (database: BossOptions['database']) =>
  openBoss({ database, supervises: false, longestTaskMs: 60_000, trouble() {} })

/** An empty, migrated database inside this process, with its queues. */
export const openQueuedEmbedded = (_config?: unknown, statements?: StatementCounter): Promise<OpenDatabase> =>
  openTestEmbedded(undefined, statements, undefined, openQueues)

/** An empty, migrated database on the tests' PostgreSQL server, with its queues. */
export const openQueuedServer = (_config?: unknown, statements?: StatementCounter) =>
  openTestServer(undefined, statements, undefined, openQueues)
