import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { type Cache, openLocalCache } from '../../src/cache/cache.ts'
import { Footprint } from '../../src/cache/footprint.ts'
import { addDays, dateFromRow } from '../../src/domain/calendar.ts'
import type { UserId } from '../../src/domain/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { createLoaders } from '../../src/loaders/loaders.ts'
import { policiesFor } from '../../src/loaders/policies.ts'
import { createReads, type Reads } from '../../src/loaders/reads.ts'
import { createSources, type Sources } from '../../src/loaders/sources.ts'
import { said, somebody } from '../contracts/suite.ts'
import { type MemoryDatabase, openMemoryDatabase } from '../support/memory-database.ts'
import { NOW } from '../support/test-app.ts'

const DAY_S = 86_400
/** Entities outlive whatever else may end a response, which then shows. */
const TTLS = { user: 10 * DAY_S, stats: 900, other: 1_800 }
const STAFF: Viewer = { role: 'staff', id: null }

let now: Temporal.Instant
let database: MemoryDatabase
let cache: Cache
let sources: Sources
let ada: UserId
let eva: UserId

beforeEach(async () => {
  now = NOW
  database = openMemoryDatabase()
  cache = openLocalCache({
    outbox: database.outbox,
    namespace: 'test',
    origin: 'test',
    report() {},
    l1MaxBytes: 1_000_000,
    longestTtlMs: 1,
    consistency: 'strict',
    now: () => now.epochMilliseconds,
  })
  onTestFinished(() => cache[Symbol.asyncDispose]())
  const { practice } = policiesFor(TTLS)
  sources = {
    ...createSources(cache, database.readers, TTLS),
    practice: cache.kind({ ...practice, ttlMs: () => 10 * DAY_S * 1000 }, database.readers.practice),
  }
  ada = await newLearner()
  eva = await newLearner()
})

async function newLearner(timezone = 'Europe/Prague'): Promise<UserId> {
  const { result } = await database.unitOfWork.run(({ users }) =>
    users.insert(somebody({ settings: { timezone } }), now),
  )
  if (result === null) throw new Error('no learner was made')
  return result.id
}

/** Forty days without a gap, up to today: more than one entry of practice has. */
async function practise(id: UserId): Promise<void> {
  const today = dateFromRow('2026-11-23')
  const message = { words: 5, score: 80 }
  await database.unitOfWork.run(async ({ practice }) => {
    await practice.begin(id)
    for (let ago = 39; ago >= 0; ago -= 1) await practice.count(id, addDays(today, -ago), message)
  })
}

/** What a request notes of what it reads; a read that fails notes what it has read until then. */
async function footprintOf(read: (reads: Reads) => Promise<unknown>, viewer: Viewer = STAFF) {
  const footprint = new Footprint()
  const opened = cache.open('USE', { footprint })
  const view = () => opened
  const { signal } = new AbortController()
  const loaders = createLoaders({ sources, view, signal })
  const reads = createReads({
    loaders: () => loaders,
    sources,
    view,
    viewer,
    clock: () => now,
    inspectCache: async () => [],
  })
  const outcome = await read(reads).then(
    () => 'read',
    (error) => error.code,
  )
  return { outcome, tags: [...(footprint.tags ?? [])].sort(), footprint }
}

const until = async (...asked: Parameters<typeof footprintOf>) => {
  const { footprint } = await footprintOf(...asked)
  return footprint.until - now.epochMilliseconds
}

describe('the tags of a response are those of', () => {
  const learner = (): Viewer => ({ role: 'user', id: ada })
  const NAMES: Record<string, readonly [read: (reads: Reads) => Promise<unknown>, tags: () => readonly string[]]> = {
    'a learner': [(reads) => reads.user(String(ada)), () => [`user:${ada}`]],
    settings: [(reads) => reads.settings(ada), () => [`settings:${ada}`]],
    stars: [(reads) => reads.stars(ada), () => [`stars:${ada}`]],
    'today, which depends on the zone': [
      (reads) => reads.dailyStats(ada, null),
      () => [`practice:${ada}`, `settings:${ada}`],
    ],
    'a day by its date': [(reads) => reads.dailyStats(ada, '2026-11-20'), () => [`practice:${ada}`]],
    'a day of long ago': [(reads) => reads.dailyStats(ada, '2026-10-15'), () => [`practice:${ada}`]],
    'a month of days': [(reads) => reads.statsRange(ada, 31), () => [`practice:${ada}`, `settings:${ada}`]],
    'a year of days': [(reads) => reads.statsRange(ada, 366), () => [`practice:${ada}`, `settings:${ada}`]],
    'the sum of practice': [(reads) => reads.statsSummary(ada), () => [`practice:${ada}`, `settings:${ada}`]],
    messages: [(reads) => reads.messages(ada, 5, null), () => [`messages:${ada}`]],
    'whose a message is': [(reads) => reads.owner(ada), () => [`user:${ada}`]],
    'each learner of a list, and the list': [
      (reads) => reads.users(5, null),
      () => [`user:${ada}`, `user:${eva}`, 'users'],
    ],
    'the page of a list, and the list': [(reads) => reads.users(1, null), () => [`user:${ada}`, 'users']],
    'nobody, for staff who are no learners': [(reads) => reads.me(), () => []],
  }

  test.each(Object.entries(NAMES))('%s', async (_, [read, tags]) => {
    await practise(ada)
    await database.insertMessages([said(ada, 0)])
    const first = await footprintOf(read)
    expect([first.outcome, first.tags]).toEqual(['read', tags()])
    // From memory, too.
    const second = await footprintOf(read)
    expect(second.tags).toEqual(tags())
    expect(second.footprint.until).toBe(first.footprint.until)
  })

  test('the learner who asks, beside what they ask for', async () => {
    expect((await footprintOf((reads) => reads.me(), learner())).tags).toEqual([`user:${ada}`])
    expect((await footprintOf((reads) => reads.signedIn(), learner())).tags).toEqual([`user:${ada}`])
  })

  test('a Telegram id, and whose it is', async () => {
    const user = await database.readers.users([ada])
    const telegramId = user.get(ada)?.telegramId ?? ''
    const read = (reads: Reads) => reads.userByTelegramId(telegramId)
    expect((await footprintOf(read)).tags).toEqual([`telegram:${telegramId}`, `user:${ada}`])
    expect((await footprintOf(read, learner())).tags).toEqual([`user:${ada}`])
  })

  test('what is not there, as long as it is remembered not to be', async () => {
    const nobody = await footprintOf((reads) => reads.user('999'))
    expect([nobody.outcome, nobody.tags]).toEqual(['NOT_FOUND', ['user:999']])
    const unknown = await footprintOf((reads) => reads.userByTelegramId('77'))
    expect([unknown.outcome, unknown.tags]).toEqual(['NOT_FOUND', ['telegram:77']])
    for (const { footprint } of [nobody, unknown]) {
      expect(footprint.until - now.epochMilliseconds).toBeLessThanOrEqual(30_000)
      expect(footprint.until - now.epochMilliseconds).toBeGreaterThanOrEqual(27_000)
    }
  })
})

describe('a response ends', () => {
  test.each<[what: string, read: (reads: Reads) => Promise<unknown>, seconds: number]>([
    ['a list of learners', (reads) => reads.users(5, null), TTLS.user],
    ['messages', (reads) => reads.messages(ada, 5, null), TTLS.other],
    ['a day of long ago', (reads) => reads.dailyStats(ada, '2026-10-15'), TTLS.stats],
    ['a range that reaches far back', (reads) => reads.statsRange(ada, 366), TTLS.stats],
  ])('with the time of %s, which no cache keeps', async (_, read, seconds) => {
    await practise(ada)
    expect(await until(read)).toBe(seconds * 1000)
  })

  test('with the time of what it is made from, up to a tenth of which is left to chance', async () => {
    const stars = await until((reads) => reads.stars(ada))
    expect(stars).toBeLessThanOrEqual(TTLS.other * 1000)
    expect(stars).toBeGreaterThanOrEqual(TTLS.other * 900)
  })

  test('before it begins when it tells what models have cost, as nobody is told of that', async () => {
    expect(await until((reads) => reads.usage(ada, null))).toBe(Number.NEGATIVE_INFINITY)
    expect(await until((reads) => reads.usage(ada, '2026-11-20'))).toBe(Number.NEGATIVE_INFINITY)
  })

  test('not with the day when it is of a day by its date', async () => {
    await practise(ada)
    expect(await until((reads) => reads.dailyStats(ada, '2026-11-23'))).toBeGreaterThan(8 * DAY_S * 1000)
  })
})

describe('what says what is today ends at the learner’s midnight', () => {
  const MIDNIGHTS: readonly (readonly [what: string, zone: string, at: string, midnight: string])[] = [
    ['on a day like any other', 'Europe/Prague', '2026-11-23T08:30:00Z', '2026-11-23T23:00:00Z'],
    ['a moment before it', 'Europe/Prague', '2026-11-23T22:59:59.999Z', '2026-11-23T23:00:00Z'],
    ['at it, of the next day', 'Europe/Prague', '2026-11-23T23:00:00Z', '2026-11-24T23:00:00Z'],
    ['on the day that loses an hour', 'Europe/Prague', '2026-03-28T23:30:00Z', '2026-03-29T22:00:00Z'],
    ['on the day that wins an hour', 'Europe/Prague', '2026-10-24T22:30:00Z', '2026-10-25T23:00:00Z'],
    ['on the day that wins half an hour', 'Australia/Lord_Howe', '2026-04-04T13:30:00Z', '2026-04-05T13:30:00Z'],
    ['on the day that loses half an hour', 'Australia/Lord_Howe', '2026-10-03T14:00:00Z', '2026-10-04T13:00:00Z'],
    ['before a day that begins at one', 'Africa/Cairo', '2026-04-23T12:00:00Z', '2026-04-23T22:00:00Z'],
  ]

  test.each(MIDNIGHTS)('%s in %s', async (_, zone, at, midnight) => {
    now = Temporal.Instant.from(at)
    const id = await newLearner(zone)
    for (const read of [
      (reads: Reads) => reads.dailyStats(id, null),
      (reads: Reads) => reads.statsRange(id, 7),
      (reads: Reads) => reads.statsSummary(id),
    ]) {
      const { footprint } = await footprintOf(read)
      expect(Temporal.Instant.fromEpochMilliseconds(footprint.until).toString()).toBe(midnight)
    }
  })

  test('of the learner whose midnight comes first', async () => {
    const tokyo = await newLearner('Asia/Tokyo')
    const { footprint } = await footprintOf(async (reads) => {
      await Promise.all([reads.statsSummary(ada), reads.statsSummary(tokyo)])
    })
    expect(footprint.until).toBe(Temporal.Instant.from('2026-11-23T15:00:00Z').epochMilliseconds)
  })
})

test('an id that cannot be one leaves no trace', async () => {
  expect((await footprintOf((reads) => reads.user('x'))).tags).toEqual([])
})
