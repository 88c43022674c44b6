import { setTimeout as pause } from 'node:timers/promises'
import postgres from 'postgres'
import { describe, expect, test } from 'vitest'
import { createServerDatabase, hasPostgres, temporaryFolder } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { startPostgres } from '../support/postgres-server.ts'
import { askAt, startProcess } from '../support/server-process.ts'
import { at, startTestApp, TEST_SECRET } from '../support/test-app.ts'

describe.skipIf(!hasPostgres)('on a PostgreSQL server', () => {
  test('ten processes that start together apply each migration once', async () => {
    await using database = await createServerDatabase()
    const env = { DATABASE_URL: database.url, AUTH_SECRET: TEST_SECRET }
    const migrations = Array.from({ length: 10 }, () => startProcess(env, ['migrate']))
    expect(await Promise.all(migrations.map(({ exited }) => exited))).toEqual(Array(10).fill(0))

    const client = postgres(database.url, { max: 1, fetch_types: false })
    const applied = await client`select hash, count(*)::int as times from drizzle.__drizzle_migrations group by hash`
    await client.end()
    expect(applied.length).toBeGreaterThan(0)
    for (const { times } of applied) expect(times).toBe(1)
  })

  test('the seed makes what it says, by the rules', async () => {
    await using database = await createServerDatabase()
    const seeding = startProcess({ DATABASE_URL: database.url, AUTH_SECRET: TEST_SECRET }, [
      'seed',
      '--users',
      '300',
      '--days',
      '20',
    ])
    expect(await seeding.exited).toBe(0)

    const client = postgres(database.url, { max: 1, fetch_types: false })
    const [counts] =
      await client`select (select count(*)::int from users) as users, (select count(*)::int from messages) as messages,
      (select count(*)::int from daily_stats) as days, (select count(*)::int from stars where total > 0) as stars`
    const wrongStreaks = await client`select * from daily_stats as d where streak_day <> 1 + coalesce(
      (select streak_day from daily_stats as before where before.user_id = d.user_id and before.date = d.date - 1), 0)`
    const future = await client`select * from daily_stats join user_settings using (user_id)
      where date > (now() at time zone timezone)::date`
    await client.end()

    expect(counts).toMatchObject({ users: 300, messages: 1200, stars: 300 })
    expect(seeding.output()).toContain(
      `Made 300 learners, ${counts?.['days'].toLocaleString('en')} days of practice and 1,200 messages`,
    )
    expect([...wrongStreaks, ...future]).toEqual([])
  })

  test.each(['halt', 'freeze'] as const)(
    'with PostgreSQL gone (%s), it says so within 2 s and recovers by itself',
    async (how) => {
      const server = await startPostgres()
      if (server === null) throw new Error('PostgreSQL was here a moment ago')
      const { openServer } = await import('../../src/db/server.ts')
      // Whole answers that are kept would be given all the same.
      await using app = await startTestApp(
        { openDatabase: (_, statements) => openServer({ url: server.url, poolMax: 3, statements }) },
        { cacheResponses: false },
      )
      const staff = await app.tokenOf('staff', 1)
      const read = () => app.ask('{ users(first: 1) { pageInfo { hasNextPage } } }', {}, staff)
      const write = () =>
        app.ask('mutation { createUser(input: { telegramId: 1, firstName: "A" }) { user { id } } }', {}, staff)
      expect((await read()).errors).toBeUndefined()

      if (how === 'halt') await server.halt()
      else server.signal('SIGSTOP')
      for (const ask of [read, write, read]) {
        const answer = await ask()
        expect(at(answer, 'errors', 0, 'extensions', 'code')).toBe('SERVICE_UNAVAILABLE')
        expect(JSON.stringify(answer)).not.toMatch(/127\.0\.0\.1|ECONN|select|postgres/i)
      }
      // Those who ask one after the other while it lasts are given up one by one, not when each has waited for long.
      const asked: Promise<unknown>[] = []
      for (let n = 0; n < 25; n += 1) {
        asked.push(read())
        await pause(100)
      }
      for (const answer of await Promise.all(asked))
        expect(at(answer, 'errors', 0, 'message')).toBe('The database does not answer. Try again in a moment.')
      const ready = await fetch(`${app.url}/health/ready`)
      expect(ready.status).toBe(503)
      expect(await ready.json()).toMatchObject({ status: 'UNHEALTHY', database: { status: 'UNAVAILABLE' } })
      expect((await fetch(`${app.url}/health/live`)).status).toBe(200)

      if (how === 'halt') await server.resume()
      else server.signal('SIGCONT')
      await eventually(async () => expect((await read()).errors).toBeUndefined())
      await eventually(async () => expect((await fetch(`${app.url}/health/ready`)).status).toBe(200))
      // What was answered with a failure was not kept behind the caller's back.
      expect(at(await app.ask('{ users { edges { cursor } } }', {}, staff), 'data', 'users', 'edges')).toEqual([])
      await server.stop()
    },
  )
})

describe.skipIf(!hasPostgres)('two nodes behind a client that retries', () => {
  test('lose nothing while they are replaced one after the other under load', async () => {
    await using database = await createServerDatabase()
    using folder = temporaryFolder()
    const env = { DATABASE_URL: database.url, AUTH_SECRET: TEST_SECRET, DATA_DIR: folder.path, LOG_LEVEL: 'warn' }
    const nodes = [startProcess(env), startProcess(env)]
    const urls = await Promise.all(nodes.map(({ listening }) => listening))
    const token = await tokenFrom(env)
    await askAt(
      urls[0] ?? '',
      'mutation { createUser(input: { telegramId: 1, firstName: "A" }) { user { id } } }',
      token,
    )

    let sent = 0
    let replacing = true
    const client = async (turn: number) => {
      while (replacing) {
        sent += 1
        const key = `act-${sent}`
        const activity = `mutation { recordActivity(input: { userId: 1, wordsTotal: 1, correctnessScore: 50, idempotencyKey: "${key}" }) { stars { total } } }`
        for (let attempt = turn; ; attempt += 1) {
          const answer = await askAt(urls[attempt % 2] ?? '', activity, token).catch(() => null)
          if (answer === null) continue
          expect(answer).not.toHaveProperty('errors')
          break
        }
      }
    }
    const clients = Array.from({ length: 8 }, (_, turn) => client(turn))
    for (const index of [0, 1]) {
      nodes[index]?.signal('SIGTERM')
      expect(await nodes[index]?.exited).toBe(0)
      const next = startProcess(env)
      nodes[index] = next
      urls[index] = await next.listening
    }
    replacing = false
    await Promise.all(clients)

    const answer = await askAt(urls[0] ?? '', '{ user(id: 1) { statsSummary { totalMessages } } }', token)
    expect(at(answer, 'data', 'user', 'statsSummary', 'totalMessages')).toBe(sent)
    expect(sent).toBeGreaterThan(50)
    await Promise.all(nodes.map((node) => node[Symbol.asyncDispose]()))
  })
})

async function tokenFrom(env: Record<string, string>): Promise<string> {
  const printed = startProcess(env, ['token', '--user', '1', '--role', 'admin'])
  expect(await printed.exited).toBe(0)
  return printed.output().trim()
}
