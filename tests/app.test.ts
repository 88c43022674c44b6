import { describe, expect, test } from 'vitest'
import { timeoutOf } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import type { Database } from '../src/db/database.ts'
import type { StatementCounter } from '../src/db/statements.ts'
import { parseNewUser } from '../src/domain/user.ts'
import { openTestEmbedded } from './support/databases.ts'
import { eventually } from './support/eventually.ts'
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

  test('warms nothing where nothing is kept', async () => {
    await using app = await startTestApp(
      { openDatabase: (_, statements) => openWritten(statements) },
      { warm: true, cacheEnabled: false },
    )
    expect((await ask(app)).cache).toBe('BYPASS')
    expect(app.lines.filter(({ msg }) => String(msg).includes('warm'))).toEqual([])
  })

  test('that cannot warm says so, and serves', async () => {
    await using app = await startTestApp(
      {
        async openDatabase(_, statements) {
          const database = await openWritten(statements)
          const lastActive = () => Promise.reject(new Error('gone'))
          return { ...database, readers: { ...database.readers, lastActive } }
        },
      },
      { warm: true },
    )
    await eventually(() =>
      expect(app.lines).toContainEqual(expect.objectContaining({ msg: 'cache not warmed', level: 40 })),
    )
    expect((await ask(app)).cache).toBe('MISS')
  })
})
