import { expect, test } from 'vitest'
import { StoreUnavailable } from '../../src/cache/shared-store.ts'
import type { StoreOptions } from '../../src/open.ts'
import { MemoryStore } from '../cache/memory-store.ts'
import { somebody } from '../contracts/suite.ts'
import { openMemoryDatabase } from '../support/memory-database.ts'
import { NOW, startTestApp } from '../support/test-app.ts'

test('a start waits a moment for the store, and what is pending is no alarm', async () => {
  const database = openMemoryDatabase()
  await database.unitOfWork.run(({ users }) => users.insert(somebody(), NOW))
  const store = new MemoryStore().connect()
  const opened: StoreOptions[] = []
  let refusals = 0
  const connecting =
    <Asked extends unknown[], Answer>(work: (...asked: Asked) => Promise<Answer>) =>
    async (...asked: Asked): Promise<Answer> => {
      if (refusals < 3) {
        refusals += 1
        throw new StoreUnavailable('no connection yet')
      }
      return work(...asked)
    }
  const slow = {
    ...store,
    mark: connecting(store.mark),
    invalidate: connecting(store.invalidate),
    newEpoch: connecting(store.newEpoch),
  }
  await using app = await startTestApp(
    {
      openDatabase: async () => database,
      openStore: (options) => {
        opened.push(options)
        return { ...slow, async [Symbol.asyncDispose]() {} }
      },
    },
    { redisUrl: 'redis://in-memory', redisMaxConnections: 7, redisTimeoutMs: 70 },
  )
  expect(opened).toMatchObject([{ url: 'redis://in-memory', maxConnections: 7, budgetMs: 70 }])
  expect(refusals).toBe(3)
  expect(app.lines.filter(({ level }) => Number(level) > 30)).toEqual([])
})
