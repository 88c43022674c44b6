import { expect, test } from 'vitest'
import { dateFromRow } from '../../src/domain/calendar.ts'
import { unavailable } from '../../src/domain/error.ts'
import { userIdFromRow } from '../../src/domain/ids.ts'
import { createLoaders } from '../../src/loaders/loaders.ts'
import type { Readers } from '../../src/loaders/readers.ts'
import { openMemoryDatabase } from '../support/memory-database.ts'

const ada = userIdFromRow(1)
const day = dateFromRow('2026-11-23')

/** Readers over memory that remember how often they were asked. */
function countingReaders() {
  const { readers } = openMemoryDatabase()
  let asked = 0
  const counting: Readers = {
    ...readers,
    users: (ids) => {
      asked += 1
      return readers.users(ids)
    },
    practiceDays: (ranges) => {
      asked += 1
      return readers.practiceDays(ranges)
    },
  }
  return { readers: counting, asked: () => asked }
}

test('nothing new is read once nobody waits for the request', async () => {
  const { readers, asked } = countingReaders()
  const controller = new AbortController()
  const loaders = createLoaders({ readers, signal: controller.signal })
  controller.abort(unavailable('The client has gone.'))
  await expect(loaders.user.load(ada)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  await expect(loaders.practiceDays.load({ userId: ada, from: day, to: day })).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
  })
  expect(asked()).toBe(0)
})

test('equal questions of one request are asked once, of two requests twice', async () => {
  const { readers, asked } = countingReaders()
  const { signal } = new AbortController()
  const loaders = createLoaders({ readers, signal })
  const range = () => ({ userId: ada, from: day, to: day })
  await Promise.all([loaders.practiceDays.load(range()), loaders.practiceDays.load(range())])
  await loaders.practiceDays.load(range())
  expect(asked()).toBe(1)
  await createLoaders({ readers, signal }).practiceDays.load(range())
  expect(asked()).toBe(2)
})
