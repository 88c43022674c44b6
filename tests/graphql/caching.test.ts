import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { MemoryStore } from '../cache/memory-store.ts'
import { settled } from '../cache/node.ts'
import { type OpenDatabase, openTestEmbedded } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { BOT_TOKEN, createLearner, signedInitData } from '../support/people.ts'
import { at, startTestApp, type TestApp } from '../support/test-app.ts'

let shared: MemoryStore
let database: OpenDatabase
let app: TestApp
let now: Temporal.Instant
let admin: string
let id: number

beforeAll(async () => {
  shared = new MemoryStore()
  now = Temporal.Instant.from('2026-11-23T08:30:00Z')
  Object.defineProperty(shared, 'now', { get: () => now.epochMilliseconds })
  app = await startTestApp(
    {
      clock: () => now,
      openStore: () => ({ ...shared.connect(), async [Symbol.asyncDispose]() {} }),
      async openDatabase(_, statements) {
        database = await openTestEmbedded(_, statements)
        return database
      },
    },
    { redisUrl: 'redis://in-memory', telegramBotToken: BOT_TOKEN },
  )
  admin = await app.tokenOf('admin', 999_999)
})
afterAll(() => app[Symbol.asyncDispose]())
beforeEach(async () => {
  id = await createLearner(app)
})

const everything = () =>
  `{ user(id: ${id}) { firstName settings { timezone } stars { total } dailyStats { date messagesCount } } }`
const nameOnly = () => `{ user(id: ${id}) { firstName } }`

async function ask(query: string, headers: Record<string, string> = {}) {
  const response = await app.post({ query }, { authorization: `Bearer ${admin}`, ...headers })
  const answer: unknown = await response.json()
  return { answer, data: at(answer, 'data'), cache: response.headers.get('x-cache') }
}

/** Changes the row past every cache and lets nobody know, to see who still looks at the row. */
async function changeUnnoticed(firstName: string): Promise<void> {
  await database.run(`update users set first_name = $2 where id = $1`, [id, firstName])
  await database.run('delete from cache_invalidation', [])
}

describe('the header x-cache', () => {
  test('says whether anything had to be asked of the database', async () => {
    expect((await ask(everything())).cache).toBe('MISS')
    expect((await ask(everything())).cache).toBe('HIT')
    expect((await ask(`{ user(id: ${id}) { messages { edges { cursor } } } }`)).cache).toBe('MISS')
    expect((await ask('{ users { edges { cursor } } }')).cache).toBe('MISS')
    expect((await ask('{ health { status } }')).cache).toBe('BYPASS')
    expect((await ask(`mutation { updateUser(input: { id: ${id} }) { user { id } } }`)).cache).toBeNull()
  })

  test('says that two requests shared one load', async () => {
    const answers = await Promise.all([ask(nameOnly()), ask(nameOnly())])
    // Whether they meet is up to the network between them; that nothing is loaded twice is not.
    const caches = answers.map(({ cache }) => cache)
    expect(caches.filter((cache) => cache === 'MISS').length).toBeLessThanOrEqual(1)
  })

  test('comes with the numbers behind it only on request', async () => {
    await ask(everything())
    const { answer } = await ask(everything(), { 'x-cache-debug': '1' })
    expect(at(answer, 'extensions', 'cache')).toEqual({ status: 'HIT', hits: 4, loads: 0, joins: 0 })
    expect((await ask(everything())).answer).not.toHaveProperty('extensions')
  })
})

describe('a caller may say', () => {
  test('no-cache: everything is loaded, and others have it then', async () => {
    await ask(nameOnly())
    await changeUnnoticed('Eva')
    expect((await ask(nameOnly())).data).toEqual({ user: { firstName: 'Ada' } })
    const fresh = await ask(nameOnly(), { 'cache-control': 'max-age=0, No-Cache' })
    expect(fresh).toMatchObject({ data: { user: { firstName: 'Eva' } }, cache: 'BYPASS' })
    await settled()
    expect(await ask(nameOnly())).toMatchObject({ data: { user: { firstName: 'Eva' } }, cache: 'HIT' })
  })

  test('no-store: nothing is read from caches and nothing is kept', async () => {
    const fresh = await ask(nameOnly(), { 'cache-control': 'no-store' })
    expect(fresh).toMatchObject({ data: { user: { firstName: 'Ada' } }, cache: 'BYPASS' })
    expect((await ask(nameOnly())).cache).toBe('MISS')
    await changeUnnoticed('Eva')
    expect((await ask(nameOnly(), { 'cache-control': 'no-store' })).data).toEqual({ user: { firstName: 'Eva' } })
    expect((await ask(nameOnly())).data).toEqual({ user: { firstName: 'Ada' } })
  })

  test('the same in a request that changes something', async () => {
    await ask(everything())
    const mutation = `mutation { updateUser(input: { id: ${id}, firstName: "Eva" }) { user { firstName stars { total } } } }`
    const { answer } = await ask(mutation, { 'cache-control': 'no-store', 'x-cache-debug': '1' })
    expect(at(answer, 'extensions', 'cache')).toMatchObject({ hits: 0 })
  })
})

describe('a change', () => {
  test('is seen by the next request, and by the rest of its own', async () => {
    await ask(everything())
    const mutation = `mutation {
      updateUserSettings(input: { userId: ${id}, timezone: "Asia/Tokyo" }) { user { settings { timezone } } } }`
    expect((await ask(mutation)).data).toEqual({
      updateUserSettings: { user: { settings: { timezone: 'Asia/Tokyo' } } },
    })
    const next = await ask(everything())
    expect(at(next.data, 'user', 'settings', 'timezone')).toBe('Asia/Tokyo')
  })

  test('made by another program is seen soon', async () => {
    await ask(nameOnly())
    await database.run(`update users set first_name = 'Olga' where id = $1`, [id])
    await eventually(async () => expect((await ask(nameOnly())).data).toEqual({ user: { firstName: 'Olga' } }))
  })

  test('decides on what the database holds, whatever caches hold', async () => {
    await ask(everything())
    await database.run(`update user_settings set timezone = 'Pacific/Kiritimati' where user_id = $1`, [id])
    await database.run('delete from cache_invalidation', [])
    const { data } = await ask(
      `mutation { recordActivity(input: { userId: ${id}, wordsTotal: 3, correctnessScore: 90, occurredAt: "2026-11-22T20:00:00Z" }) {
        dailyStats { date } } }`,
    )
    // On Kiritimati it was the morning of the next day already.
    expect(at(data, 'recordActivity', 'dailyStats', 'date')).toBe('2026-11-23')
  })

  test('of nothing leaves caches alone', async () => {
    await ask(nameOnly())
    await ask(`mutation { updateUser(input: { id: ${id} }) { user { id } } }`)
    expect((await ask(nameOnly())).cache).toBe('HIT')
  })

  test('that is repeated makes up for what its first process could not do any more', async () => {
    const record = `mutation { recordActivity(input: {
      userId: ${id}, wordsTotal: 3, correctnessScore: 90, idempotencyKey: "k" }) { stars { total } } }`
    const stars = `{ user(id: ${id}) { stars { total } } }`
    await ask(stars)
    await settled()
    const before = new Map(shared.entries)
    await ask(record)
    // As if the process had died between its COMMIT and the invalidation: the entries and what was noted are back.
    for (const [key, value] of before) shared.entries.set(key, value)
    await database.run('insert into cache_invalidation (tag) values ($1)', [`stars:${id}`])
    expect((await ask(record)).data).toEqual({ recordActivity: { stars: { total: 2 } } })
    expect((await ask(stars)).data).toEqual({ user: { stars: { total: 2 } } })
  })

  test('that brings a learner replaces the memory that there is none', async () => {
    const telegramId = String(7_000_000 + id)
    const find = `{ userByTelegramId(telegramId: "${telegramId}") { firstName } }`
    expect(at(await ask(find), 'answer', 'errors', 0, 'extensions', 'code')).toBe('NOT_FOUND')
    await createLearner(app, { telegramId, firstName: 'Ida' })
    expect((await ask(find)).data).toEqual({ userByTelegramId: { firstName: 'Ida' } })
  })

  test('that deletes a learner leaves nothing of theirs in caches', async () => {
    await ask(everything())
    await settled()
    const own = () => [...shared.entries.keys()].filter((key) => key.includes(`:${id}}`))
    expect(own()).toHaveLength(4)
    await ask(`mutation { deleteUser(input: { id: ${id} }) { deletedId } }`)
    expect(own()).toEqual([])
  })
})

describe('a sign-in of someone who is there already', () => {
  test('holds for caches too, which may not have been told of the learner', async () => {
    const telegramId = 8_000_000 + id
    const find = `{ userByTelegramId(telegramId: "${telegramId}") { id } }`
    await ask(find)
    await settled()
    await database.run('update users set telegram_id = $2 where id = $1', [id, telegramId])
    await database.run('delete from cache_invalidation', [])
    expect((await ask(find)).data).toEqual({ userByTelegramId: null })
    const initData = JSON.stringify(signedInitData({ id: telegramId, first_name: 'Ada' }, now))
    await ask(`mutation { signInWithTelegram(input: { initData: ${initData} }) { token } }`)
    expect((await ask(find)).data).toEqual({ userByTelegramId: { id: String(id) } })
  })
})

describe('a process that starts', () => {
  test('makes up for what was changed before it, ahead of its first answer', async () => {
    await ask(nameOnly())
    await settled()
    await database.run(`update users set first_name = 'Olga' where id = $1`, [id])
    await using started = await startTestApp(
      {
        clock: () => now,
        openStore: () => ({ ...shared.connect(), async [Symbol.asyncDispose]() {} }),
        openDatabase: async () => ({ ...database, async [Symbol.asyncDispose]() {} }),
      },
      { redisUrl: 'redis://in-memory' },
    )
    expect((await started.ask(nameOnly(), {}, admin)).data).toEqual({ user: { firstName: 'Olga' } })
  })
})

describe('practice', () => {
  const practiceTtl = () => (shared.entries.get(`honzik:v1:{practice:${id}}`)?.endsAt ?? 0) - now.epochMilliseconds

  test.each([
    ['an evening', 'Europe/Prague', '2026-11-23T22:58:00Z', 120],
    ['the evening before an hour is lost', 'Europe/Prague', '2026-03-28T22:59:00Z', 60],
    ['the day on which an hour is won, an hour before its end', 'Europe/Prague', '2026-10-25T22:00:00Z', 900],
    ['the day on which an hour is won, at its end', 'Europe/Prague', '2026-10-25T22:55:00Z', 300],
    ['elsewhere', 'Asia/Kathmandu', '2026-11-23T18:10:00Z', 300],
  ])('is kept until the learner’s midnight at most: %s', async (_, timezone, at, seconds) => {
    now = Temporal.Instant.from(at)
    admin = await app.tokenOf('admin', 999_999)
    id = await createLearner(app, { settings: { timezone } })
    await ask(`{ user(id: ${id}) { statsSummary { currentStreak } } }`)
    await settled()
    // Up to a tenth is left to chance, and only ever taken off.
    expect(practiceTtl()).toBeLessThanOrEqual(seconds * 1000)
    expect(practiceTtl()).toBeGreaterThanOrEqual(seconds * 900 - 1)
  })
})

describe('a purge', () => {
  test('of tags forgets what is filed under them, and nothing else', async () => {
    await ask(everything())
    await changeUnnoticed('Eva')
    await ask(`mutation { purgeCache(input: { tags: ["stars:${id}"] }) { purgedTags } }`)
    expect((await ask(nameOnly())).data).toEqual({ user: { firstName: 'Ada' } })
    const { data } = await ask(`mutation { purgeCache(input: { tags: ["user:${id}", "user:${id}"] }) { purgedTags } }`)
    expect(data).toEqual({ purgeCache: { purgedTags: [`user:${id}`] } })
    expect((await ask(nameOnly())).data).toEqual({ user: { firstName: 'Eva' } })
  })

  test('of all forgets everything without deleting anything of others', async () => {
    await ask(everything())
    shared.entries.set('somebody else’s', { value: 'x', endsAt: Number.POSITIVE_INFINITY })
    await changeUnnoticed('Eva')
    const { data } = await ask('mutation { purgeCache(input: { all: true }) { purgedTags } }')
    expect(data).toEqual({ purgeCache: { purgedTags: ['*'] } })
    expect((await ask(nameOnly())).data).toEqual({ user: { firstName: 'Eva' } })
    expect(shared.entries.has('somebody else’s')).toBe(true)
  })

  test.each([
    ['{}', 'tags'],
    ['{ tags: [] }', 'tags'],
    ['{ tags: ["user:0"] }', 'tags'],
    ['{ tags: ["honzik:v1:seq"] }', 'tags'],
    ['{ tags: ["*"] }', 'tags'],
    ['{ all: false }', 'tags'],
    ['{ tags: ["user:1"], all: true }', 'all'],
    [`{ tags: [${'"users" '.repeat(1_001)}] }`, 'tags'],
  ])('names what is wrong with %s', async (input, field) => {
    const { answer } = await ask(`mutation { purgeCache(input: ${input}) { purgedTags } }`)
    expect(at(answer, 'errors', 0, 'extensions')).toEqual({ code: 'BAD_USER_INPUT', field })
  })
})

describe('without the shared store', () => {
  beforeAll(() => {
    shared.gone = true
  })
  afterAll(async () => {
    shared.gone = false
    await eventually(async () => expect((await ask('{ me { id } }')).cache).not.toBe('DEGRADED'))
  })

  test('a change is kept and says that not everyone knows of it yet', async () => {
    const mutation = `mutation { updateUser(input: { id: ${id}, firstName: "Eva" }) { user { firstName stars { total } } } }`
    expect((await ask(mutation)).answer).toEqual({
      data: { updateUser: { user: { firstName: 'Eva', stars: { total: 0 } } } },
      extensions: { cache: { invalidation: 'PENDING' } },
    })
  })

  test('everything is answered from the database, and health says so', async () => {
    await ask(everything())
    await changeUnnoticed('Eva')
    expect(await ask(nameOnly())).toMatchObject({ data: { user: { firstName: 'Eva' } }, cache: 'DEGRADED' })
    const { data } = await ask('{ health { status redis { status latencyMs } } }')
    expect(data).toEqual({ health: { status: 'DEGRADED', redis: { status: 'UNAVAILABLE', latencyMs: null } } })
  })
})

describe('with the cache switched off', () => {
  test('everything is read anew, health says so, and no answer speaks of what is pending', async () => {
    await using off = await startTestApp(
      { openDatabase: openTestEmbedded },
      { cacheEnabled: false, redisUrl: 'redis://x' },
    )
    const learner = await createLearner(off)
    const token = await off.tokenOf('staff', 1)
    const post = (query: string) => off.post({ query }, { authorization: `Bearer ${token}` })
    for (let n = 0; n < 2; n += 1)
      expect((await post(`{ user(id: ${learner}) { firstName } }`)).headers.get('x-cache')).toBe('BYPASS')
    const changed = await post(
      `mutation { updateUser(input: { id: ${learner}, firstName: "Eva" }) { user { firstName } } }`,
    )
    expect(await changed.json()).toEqual({ data: { updateUser: { user: { firstName: 'Eva' } } } })
    const health = await off.ask('{ health { status redis { status } } }')
    expect(health.data).toEqual({ health: { status: 'HEALTHY', redis: { status: 'DISABLED' } } })
  })
})
