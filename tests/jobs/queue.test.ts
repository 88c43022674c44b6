import { describe } from 'vitest'
import { describeQueues } from '../contracts/queue.ts'
import { hasPostgres } from '../support/databases.ts'
import { openEmbeddedQueueWorld, openMemoryQueueWorld, openServerQueueWorld } from '../support/queue-worlds.ts'

describe('in memory', () => describeQueues('memory', openMemoryQueueWorld))

describe('embedded', () => describeQueues('PGlite', openEmbeddedQueueWorld))

describe.skipIf(!hasPostgres)('on a server', () =>
  describeQueues('PostgreSQL', openServerQueueWorld, { connected: true }),
)
