import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openSharedCache, type SharedCache } from '../../src/cache/cache.ts'
import { type UserId, userIdFromRow } from '../../src/domain/ids.ts'
import { parseNewUser } from '../../src/domain/user.ts'
import type { Readers } from '../../src/loaders/readers.ts'
import { createSources, type Sources } from '../../src/loaders/sources.ts'
import { type WarmerOptions, warm } from '../../src/work/warmer.ts'
import { Warming } from '../../src/work/warming.ts'
import { MemoryStore } from '../cache/memory-store.ts'
import { said } from '../contracts/suite.ts'
import { eventually } from '../support/eventually.ts'
import { type MemoryDatabase, openMemoryDatabase } from '../support/memory-database.ts'
import { NOW, testConfig } from '../support/test-app.ts'

let shared: MemoryStore
let database: MemoryDatabase
let cache: SharedCache
let sources: Sources
/** What was asked of the database: which read, and for how many. */
let reads: string[]
let time: number
let slept: number[]
/** What happens while somebody sleeps. */
let meanwhile: () => void
let stop: AbortController

beforeEach(async () => {
  shared = new MemoryStore()
  database = openMemoryDatabase()
  cache = openSharedCache({
    ...{ store: shared.connect(), outbox: database.outbox, namespace: 'test', origin: 'db', report: () => {} },
    ...{ l1MaxBytes: 10_000_000, longestTtlMs: 1e6, consistency: 'strict', now: () => NOW.epochMilliseconds },
  })
  shared.now = NOW.epochMilliseconds
  reads = []
  sources = createSources(cache, noting(database.readers), testConfig().cacheTtls)
  ;[time, slept, meanwhile, stop] = [0, [], () => {}, new AbortController()]
})
afterEach(() => cache[Symbol.asyncDispose]())

function noting(readers: Readers): Readers {
  const noted =
    <Id, Answer>(name: string, read: (ids: readonly Id[]) => Promise<Answer>) =>
    (ids: readonly Id[]) => {
      reads.push(`${name} ${ids.length}`)
      return read(ids)
    }
  return {
    ...readers,
    users: noted('users', readers.users),
    settings: noted('settings', readers.settings),
    practice: noted('practice', readers.practice),
    stars: noted('stars', readers.stars),
    userIdsByTelegramId: noted('userIdsByTelegramId', readers.userIdsByTelegramId),
  }
}

/** Learners who have written, the last of them last. */
async function writers(count: number): Promise<readonly UserId[]> {
  const ids: UserId[] = []
  for (let n = 1; n <= count; n += 1) {
    const input = parseNewUser({ telegramId: String(9_000 + n), firstName: 'Ada' })
    const { result } = await database.unitOfWork.run(({ users }) => users.insert(input, NOW))
    ids.push(result?.id ?? userIdFromRow(0))
  }
  await database.insertMessages(ids.map((id, n) => said(id, n)))
  return ids
}

const options = (): WarmerOptions => ({
  sources,
  lastActive: database.readers.lastActive,
  learners: 1_000,
  hasRoom: () => true,
  perSecond: 1_000,
  now: () => time,
  busy: () => 0,
  async sleep(ms) {
    slept.push(ms)
    time += ms
    meanwhile()
  },
  async open() {
    const view = await cache.open('USE')
    return cache.keeps(view) ? view : null
  },
})

const run = (changes: Partial<WarmerOptions> = {}) => warm({ ...options(), ...changes }, stop.signal)

describe('the warmer', () => {
  test('leaves nothing to be read for those who were active last, in whatever process they come', async () => {
    const ids = await writers(110)
    expect(await run({ learners: 105 })).toEqual({ learners: 105, end: 'DONE' })
    const kinds = ['users', 'settings', 'practice', 'stars', 'userIdsByTelegramId']
    const batches = [25, 25, 25, 25, 5]
    expect(reads).toEqual(batches.flatMap((size) => kinds.map((kind) => `${kind} ${size}`)))

    await cache.settled()
    reads = []
    await askAll(ids.slice(5))
    expect(reads).toEqual([])
    cache.l1.clear(0)
    await askAll(ids.slice(5))
    expect(reads).toEqual([])
    await askAll(ids)
    expect(reads).not.toEqual([])
  })

  test('reads nothing that is there already', async () => {
    await writers(110)
    await run()
    await cache.settled()
    reads = []
    expect(await run()).toEqual({ learners: 110, end: 'DONE' })
    expect(reads).toEqual([])
  })

  test('does no more in a second than it may, and tells how far it is', async () => {
    await writers(60)
    const done: number[] = []
    await run({ perSecond: 100, progress: (learners) => done.push(learners) })
    expect(done).toEqual([25, 50, 60])
    expect(slept).toEqual([250, 250, 100])
  })

  test('ends when there is no more room', async () => {
    await writers(60)
    let rooms = 2
    const hasRoom = () => {
      rooms -= 1
      return rooms >= 0
    }
    expect(await run({ hasRoom })).toEqual({ learners: 50, end: 'FULL' })
  })

  test('waits for a cache that is away, as it would keep nothing', async () => {
    await writers(5)
    let looks = 3
    const opened = options()
    const open = async () => {
      looks -= 1
      return looks >= 0 ? null : opened.open()
    }
    expect(await run({ open })).toEqual({ learners: 5, end: 'DONE' })
    expect(slept).toEqual([100, 100, 100, 5])
  })

  test('gives a cache up that stays away, and has read nothing', async () => {
    await writers(5)
    const nothing = () => Promise.reject(new Error('nobody would keep it'))
    expect(await run({ open: async () => null, lastActive: nothing })).toEqual({ learners: 0, end: 'AWAY' })
    expect(time).toBe(5_000)
    expect(reads).toEqual([])
  })

  test('gives it up as well when it goes in between', async () => {
    await writers(60)
    const opened = options()
    const open = async () => (reads.length > 0 ? null : opened.open())
    expect(await run({ open })).toEqual({ learners: 25, end: 'AWAY' })
  })

  test('does not count on a store that does not answer', async () => {
    await writers(5)
    shared.gone = true
    expect(await run()).toEqual({ learners: 0, end: 'AWAY' })
  })

  test('stops when it is told to', async () => {
    await writers(60)
    meanwhile = () => stop.abort()
    expect(await run()).toEqual({ learners: 25, end: 'STOPPED' })
    expect(await run()).toEqual({ learners: 0, end: 'STOPPED' })
  })

  test.each([
    { lateMs: 99, rests: [25, 200, 200] },
    { lateMs: 110, rests: [200, 200, 200] },
  ])('gives way to others, but not with the first thousand, nor in the first 5 s: %j', async ({ lateMs, rests }) => {
    await writers(1_075)
    // Each timer is late.
    meanwhile = () => {
      time += lateMs
    }
    await run({ learners: 1_075 })
    expect(slept).toEqual([...Array<number>(40).fill(25), ...rests])
  })

  test('fails as the database does', async () => {
    await writers(1)
    const gone = new Error('gone')
    await expect(run({ lastActive: () => Promise.reject(gone) })).rejects.toBe(gone)
  })
})

describe('warming in the background', () => {
  test('tells once when it is over, and how long it took', async () => {
    await writers(30)
    const told: unknown[] = []
    const over = (...about: unknown[]) => told.push(about)
    await using warming = new Warming({ ...options(), over, failed: over })
    expect(told).toEqual([])
    warming.start()
    await eventually(() => expect(told).toEqual([[{ learners: 30, end: 'DONE' }, 30]]))
  })

  test('tells that the database failed, and fails nobody else', async () => {
    const told: unknown[] = []
    const gone = new Error('gone')
    const lastActive = () => Promise.reject(gone)
    await using warming = new Warming({ ...options(), lastActive, over() {}, failed: (error) => told.push(error) })
    warming.start()
    await eventually(() => expect(told).toEqual([gone]))
  })

  test('is over when it is disposed of: what it was reading has been read, and no more is', async () => {
    await writers(60)
    const told: unknown[] = []
    const warming = new Warming({ ...options(), over: (warmed) => told.push(warmed), failed() {} })
    warming.start()
    await warming[Symbol.asyncDispose]()
    expect(told).toEqual([{ learners: 0, end: 'STOPPED' }])
    expect(reads).toEqual([])
  })
})

async function askAll(ids: readonly UserId[]): Promise<void> {
  const view = await cache.open('USE')
  const telegramIds = [...(await sources.profile.getMany(ids, view)).values()].flatMap((user) => user?.telegramId ?? [])
  await sources.settings.getMany(ids, view)
  await sources.practice.getMany(ids, view)
  await sources.stars.getMany(ids, view)
  await sources.telegramId.getMany(telegramIds, view)
}
