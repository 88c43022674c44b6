import { describe, expect, test } from 'vitest'
import { timeoutOf } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import type { Database } from '../src/db/database.ts'
import type { StatementCounter } from '../src/db/statements.ts'
import { parseNewUser } from '../src/domain/user.ts'
import type { Readers } from '../src/loaders/readers.ts'
import { MemoryStore } from './cache/memory-store.ts'
import { said } from './contracts/suite.ts'
import { openTestEmbedded } from './support/databases.ts'
import { eventually } from './support/eventually.ts'
import { type MemoryDatabase, openMemoryDatabase } from './support/memory-database.ts'
import { hasRedis, startRedis } from './support/redis-server.ts'
import { NOW, startTestApp, type TestApp } from './support/test-app.ts'

test.each([
  ['no model', {}, 10_000],
  ['a quick model', { OPENAI_API_KEY: 'sk', OPENAI_TIMEOUT_MS: '3000' }, 10_000],
  ['a slow model', { OPENAI_API_KEY: 'sk', OPENAI_TIMEOUT_MS: '30000' }, 32_000],
])('a request with %s may take as long as an answer and what is done besides', (_, env, milliseconds) => {
  expect(timeoutOf(readConfig(env))).toBe(milliseconds)
})

const LEARNER =
  'query Learner { user(id: 1) { firstName settings { character } stars { total } statsRange(days: 7) { date } } }'

/** A database with one learner, who has written something. */
async function openWritten(statements: StatementCounter): Promise<Database> {
  const database = await openTestEmbedded(null, statements)
  const ada = parseNewUser({ telegramId: '1001', firstName: 'Ada' })
  await database.unitOfWork.run(({ users }) => users.insert(ada, NOW))
  await database.run(
    `insert into messages (user_id, role, text, words_total, words_correct) values (1, 'USER', 'Ahoj', 1, 1)`,
    [],
  )
  return database
}

/** The same in memory, with several. */
async function openRemembered(learners: number): Promise<MemoryDatabase> {
  const memory = openMemoryDatabase()
  for (let n = 0; n < learners; n += 1) {
    const ada = parseNewUser({ telegramId: String(1001 + n), firstName: 'Ada' })
    const { result } = await memory.unitOfWork.run(({ users }) => users.insert(ada, NOW))
    if (result) await memory.insertMessages([said(result.id, n)])
  }
  return memory
}

/** The answer's `x-cache`, and as how many statements the log counts it. */
async function ask(app: TestApp): Promise<{ readonly cache: string | null; readonly sql: unknown }> {
  const before = app.lines.length
  const authorization = `Bearer ${await app.tokenOf('staff', 999)}`
  const answer = await app.post({ query: LEARNER }, { authorization })
  expect(await answer.json()).toMatchObject({ data: { user: { firstName: 'Ada' } } })
  const sql = await eventually(() => {
    const line = app.lines.slice(before).find(({ operation }) => operation === 'Learner')
    expect(line).toBeDefined()
    return line?.['sql']
  })
  return { cache: answer.headers.get('x-cache'), sql }
}

const isWarmed = (app: TestApp) =>
  eventually(() => expect(app.lines).toContainEqual(expect.objectContaining({ msg: 'cache warmed', learners: 1 })))

describe('a start', () => {
  test('warms the memory of a process that has the database for itself', async () => {
    await using app = await startTestApp({ openDatabase: (_, statements) => openWritten(statements) }, { warm: true })
    await isWarmed(app)
    expect(await ask(app)).toEqual({ cache: 'HIT', sql: 0 })
  })

  test.skipIf(!hasRedis)('warms what processes share, so that another one finds it', async () => {
    await using redis = await startRedis()
    const opened: Database[] = []
    await using app = await startTestApp(
      {
        async openDatabase(_, statements) {
          const database = await openWritten(statements)
          opened.push(database)
          return database
        },
      },
      { redisUrl: redis.url, warm: true },
    )
    await isWarmed(app)
    expect(await ask(app)).toEqual({ cache: 'HIT', sql: 0 })

    const [database] = opened
    if (database === undefined) throw new Error('no database was opened')
    const borrowed = { ...database, async [Symbol.asyncDispose]() {} }
    await using other = await startTestApp({ openDatabase: async () => borrowed }, { redisUrl: redis.url })
    expect((await ask(other)).cache).toBe('HIT')
    expect(other.lines).not.toContainEqual(expect.objectContaining({ msg: 'cache warmed' }))
  })

  test('leaves a quarter of memory to what nobody could foresee', async () => {
    const memory = await openRemembered(220)
    await using app = await startTestApp({ openDatabase: async () => memory }, { warm: true, cacheL1MaxBytes: 100_000 })
    const line = await eventually(() => {
      const [warmed] = app.lines.filter(({ msg }) => msg === 'cache warmed')
      expect(warmed).toMatchObject({ end: 'FULL', learners: 50 })
      return warmed
    })
    // Twice 25 learners at 1,000 a second.
    expect(Number(line?.['ms'])).toBeGreaterThanOrEqual(45)
  })

  test('warms no more learners than it is to', async () => {
    const memory = await openRemembered(5)
    await using app = await startTestApp({ openDatabase: async () => memory }, { warm: true, warmLearners: 1 })
    await isWarmed(app)
  })

  test.each([
    { cacheEnabled: false },
    { cacheL1MaxBytes: 0 },
    { databaseUrl: 'postgres://elsewhere' },
    { warm: false },
  ])('warms nothing with %o', async (config) => {
    const memory = await openRemembered(1)
    const asked: unknown[] = []
    const lastActive = async (...about: unknown[]) => {
      asked.push(about)
      return { ids: [], next: null }
    }
    const database = { ...memory, readers: { ...memory.readers, lastActive } }
    await using app = await startTestApp({ openDatabase: async () => database }, { warm: true, ...config })
    await ask(app)
    await app[Symbol.asyncDispose]()
    expect(asked).toEqual([])
    expect(app.lines.filter(({ msg }) => String(msg).includes('warm'))).toEqual([])
  })

  test('that cannot warm says so, and serves', async () => {
    const memory = await openRemembered(1)
    const lastActive = () => Promise.reject(new Error('gone'))
    const database = { ...memory, readers: { ...memory.readers, lastActive } }
    await using app = await startTestApp({ openDatabase: async () => database }, { warm: true })
    const warning = expect.objectContaining({ msg: 'cache not warmed', level: 40 })
    await eventually(() => expect(app.lines).toContainEqual(warning))
    expect((await ask(app)).cache).toBe('MISS')
  })

  test('without the shared store says that there was nothing to warm', async () => {
    const memory = await openRemembered(1)
    const shared = new MemoryStore()
    shared.gone = true
    const openStore = () => ({ ...shared.connect(), async [Symbol.asyncDispose]() {} })
    const world = { openDatabase: async () => memory, openStore }
    await using app = await startTestApp(world, { warm: true, redisUrl: 'redis://in-memory' })
    const warning = expect.objectContaining({ msg: 'cache not warmed: it cannot be reached', level: 40, learners: 0 })
    await eventually(() => expect(app.lines).toContainEqual(warning))
  })

  test('that is ended while it warms ends both, and reads nothing more', async () => {
    const memory = await openRemembered(1)
    const reading = Promise.withResolvers<void>()
    const lastActive = async (...asked: Parameters<Readers['lastActive']>) => {
      await reading.promise
      return memory.readers.lastActive(...asked)
    }
    const database = { ...memory, readers: { ...memory.readers, lastActive } }
    await using app = await startTestApp({ openDatabase: async () => database }, { warm: true })
    const ended = app[Symbol.asyncDispose]()
    reading.resolve()
    await ended
    expect(app.lines).toContainEqual(expect.objectContaining({ msg: 'cache warmed', end: 'STOPPED', learners: 0 }))
  })
})
