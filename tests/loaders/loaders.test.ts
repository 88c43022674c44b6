import { expect, onTestFinished, test } from 'vitest'
import { openNoCache } from '../../src/cache/cache.ts'
import { dateFromRow } from '../../src/domain/calendar.ts'
import { unavailable } from '../../src/domain/error.ts'
import { userIdFromRow } from '../../src/domain/ids.ts'
import { createLoaders } from '../../src/loaders/loaders.ts'
import type { Readers } from '../../src/loaders/readers.ts'
import { createSources } from '../../src/loaders/sources.ts'
import { openMemoryDatabase } from '../support/memory-database.ts'

const ada = userIdFromRow(1)
const day = dateFromRow('2026-11-23')

/** Sources over memory that remember how often they were asked; `open` makes one request's loaders. */
function countingSources() {
  const { readers, outbox } = openMemoryDatabase()
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
  const cache = openNoCache({
    outbox,
    namespace: 'test',
    origin: 'test',
    report() {},
    l1MaxBytes: 0,
    consistency: 'strict',
    now: Date.now,
    longestTtlMs: 1,
  })
  onTestFinished(() => cache[Symbol.asyncDispose]())
  const sources = createSources(cache, counting, { user: 1, stats: 1, other: 1 })
  const open = (signal: AbortSignal) => createLoaders({ sources, signal, view: () => cache.open('USE') })
  return { open, asked: () => asked }
}

test('nothing new is read once nobody waits for the request', async () => {
  const { open, asked } = countingSources()
  const controller = new AbortController()
  const loaders = open(controller.signal)
  controller.abort(unavailable('The client has gone.'))
  await expect(loaders.user.load(ada)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  await expect(loaders.practiceDays.load({ userId: ada, from: day, to: day })).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
  })
  expect(asked()).toBe(0)
})

test('equal questions of one request are asked once, of two requests twice', async () => {
  const { open, asked } = countingSources()
  const { signal } = new AbortController()
  const loaders = open(signal)
  const range = () => ({ userId: ada, from: day, to: day })
  await Promise.all([loaders.practiceDays.load(range()), loaders.practiceDays.load(range())])
  await loaders.practiceDays.load(range())
  expect(asked()).toBe(1)
  await open(signal).practiceDays.load(range())
  expect(asked()).toBe(2)
})

test('what different requests ask for at the same moment is asked for together', async () => {
  const { open, asked } = countingSources()
  const { signal } = new AbortController()
  const bob = userIdFromRow(2)
  await Promise.all([open(signal).user.load(ada), open(signal).user.load(bob), open(signal).user.load(ada)])
  expect(asked()).toBe(1)
  const range = (userId: typeof ada) => ({ userId, from: day, to: day })
  await Promise.all([open(signal).practiceDays.load(range(ada)), open(signal).practiceDays.load(range(bob))])
  expect(asked()).toBe(2)
})
