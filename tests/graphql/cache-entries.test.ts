import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { policiesOf } from '../../src/loaders/tags.ts'
import { MemoryStore } from '../cache/memory-store.ts'
import { settled } from '../cache/node.ts'
import { openMemoryDatabase } from '../support/memory-database.ts'
import { at, NOW } from '../support/test-app.ts'
import { type Learner, startTutored, type Tutored } from '../support/tutored.ts'

let shared: MemoryStore
let app: Tutored
let admin: string
let learner: Learner

beforeAll(async () => {
  shared = new MemoryStore()
  shared.now = NOW.epochMilliseconds
  app = await startTutored({
    config: { redisUrl: 'redis://in-memory' },
    world: {
      openDatabase: async () => openMemoryDatabase(),
      openStore: () => ({ ...shared.connect(), async [Symbol.asyncDispose]() {} }),
    },
  })
  admin = await app.tokenOf('admin', 999_999)
  learner = await app.learner()
})
afterAll(() => app[Symbol.asyncDispose]())

const COPY = '{ value loadedAt expiresAt bytes }'
const ENTRY = `{ tag policy memory ${COPY} shared ${COPY} responses database isFresh }`

const ask = (tags: readonly string[], token = admin) =>
  app.ask(`query ($tags: [String!]!) { cacheEntries(tags: $tags) ${ENTRY} }`, { tags }, token)

async function entriesOf(...tags: readonly string[]): Promise<unknown> {
  return at(await ask(tags), 'data', 'cacheEntries')
}

async function entryOf(tag: string): Promise<unknown> {
  return at(await entriesOf(tag), 0)
}

describe('what is cached', () => {
  test('is shown with what the database says, and looking for it keeps nothing', async () => {
    const fresh = await app.learner()
    const tag = `settings:${fresh.id}`
    for (let time = 0; time < 2; time += 1)
      expect(await entryOf(tag)).toEqual({
        tag,
        policy: 'settings',
        memory: null,
        shared: null,
        responses: 0,
        database: expect.stringContaining('"timezone":"Europe/Prague"'),
        isFresh: null,
      })
  })

  test('is shown once it was read: each copy, its times, and the answers that show it', async () => {
    await learner.ask('{ me { firstName } }')
    await learner.ask('{ me { firstName level } }')
    await settled()
    const database = at(await entryOf(`user:${learner.id}`), 'database')
    const copy = {
      value: database,
      loadedAt: '2026-11-23T08:30:00.000Z',
      expiresAt: expect.stringMatching(/^2026-11-23T09:[0-3]/),
      bytes: expect.any(Number),
    }
    expect(JSON.parse(String(database))).toMatchObject({ id: learner.id, firstName: 'Ada' })
    expect(await entryOf(`user:${learner.id}`)).toEqual({
      tag: `user:${learner.id}`,
      policy: 'profile',
      memory: copy,
      shared: copy,
      responses: 2,
      database,
      isFresh: true,
    })
  })

  test('is found by each tag that something is filed under', async () => {
    const { id } = learner
    const query = `{ me { telegramId settings { timezone } stars { total } statsSummary { totalWords } } }`
    const telegramId = at(await learner.ask(query), 'data', 'me', 'telegramId')
    await app.ask(`{ userByTelegramId(telegramId: "${telegramId}") { id } }`, {}, admin)
    await settled()
    const tags = [`telegram:${telegramId}`, `settings:${id}`, `stars:${id}`, `practice:${id}`]
    expect(await entriesOf(...tags)).toMatchObject(
      ['telegramId', 'settings', 'stars', 'practice'].map((policy, index) => ({
        ...{ tag: tags[index], policy, isFresh: true },
        shared: { loadedAt: '2026-11-23T08:30:00.000Z' },
      })),
    )
  })

  test('has the policy that a change of its tag is counted for', async () => {
    const [id, digest] = [learner.id, 'a'.repeat(64)]
    const learners = ['user', 'settings', 'stars', 'practice', 'messages', 'replies', 'asked'].map(
      (it) => `${it}:${id}`,
    )
    const models = ['reply', 'transcript', 'speech'].map((it) => `${it}:${digest}`)
    const tags = ['users', `telegram:${id}`, ...learners, ...models]
    expect(await entriesOf(...tags)).toMatchObject(tags.map((tag) => ({ tag, policy: policiesOf(tag)[0] ?? null })))
  })

  test('says that there is no such row', async () => {
    expect(await entryOf('user:77777777')).toMatchObject({ database: 'null', isFresh: null })
  })

  test('is stale when it says something else than the database', async () => {
    const other = await app.learner()
    await other.ask('{ me { firstName } }')
    await settled()
    const key = `honzik:v1:{user:${other.id}}`
    const stored = shared.entries.get(key)
    if (stored) shared.entries.set(key, { ...stored, value: stored.value.replace('"Ada"', '"Eva"') })
    expect(await entryOf(`user:${other.id}`)).toMatchObject({
      shared: { value: expect.stringContaining('"Eva"') },
      isFresh: false,
    })
  })
})

describe('what models said', () => {
  test('is shown by the key of a reply, and is nowhere in the database', async () => {
    const query = '{ honzikReply(input: { text: "Jak se máš?" }) { reply cache { key } } }'
    await learner.ask(query)
    const asked = `{ honzikReply(input: { text: "Jak se máš?", userId: ${learner.id} }) { cache { key } } }`
    const key = String(at(await app.asStaff(asked), 'data', 'honzikReply', 'cache', 'key'))
    expect(key).toMatch(/^reply:/)
    const copy = { value: expect.stringContaining('"reply"'), loadedAt: '2026-11-23T08:30:00.000Z' }
    expect(await entryOf(key)).toMatchObject({
      ...{ tag: key, policy: 'reply', database: null, isFresh: null },
      memory: copy,
      shared: copy,
    })
  })

  test('that is a learner’s own is in Redis only', async () => {
    for (const text of ['Ahoj!', 'Mám se dobře.'])
      await learner.ask(`mutation { sendMessage(input: { text: "${text}" }) { starsEarned } }`)
    expect(await entryOf(`replies:${learner.id}`)).toMatchObject({
      ...{ policy: 'reply', memory: null },
      shared: { value: expect.stringContaining('"reply"') },
    })
  })

  test('has a policy where nothing is there', async () => {
    const digest = 'a'.repeat(64)
    const nothing = { memory: null, shared: null, responses: 0, database: null, isFresh: null }
    expect(await entriesOf(`transcript:${digest}`, `speech:${digest}`)).toEqual([
      { ...nothing, tag: `transcript:${digest}`, policy: 'transcript' },
      { ...nothing, tag: `speech:${digest}`, policy: 'speech' },
    ])
  })
})

test('a tag that only whole answers have says how many', async () => {
  await learner.ask('{ me { messages { edges { cursor } } } }')
  expect(await entriesOf(`messages:${learner.id}`, 'users', `asked:${learner.id}`)).toMatchObject([
    { policy: null, responses: 1, shared: null },
    { policy: null, responses: 0 },
    { policy: null, responses: 0, shared: null },
  ])
})

describe('the question', () => {
  test.each([
    [['user:0']],
    [['user:1', 'honzik:v1:seq']],
    [['*']],
    [Array.from({ length: 21 }, (_, n) => `user:${n + 1}`)],
  ])('is refused by name: %s', async (tags) => {
    expect(at(await ask(tags), 'errors', 0, 'extensions')).toMatchObject({ code: 'BAD_USER_INPUT', field: 'tags' })
  })

  test('may name twenty tags, each once', async () => {
    const tags = Array.from({ length: 20 }, (_, n) => `user:${n + 1}`)
    expect(await entriesOf(...tags)).toHaveLength(20)
    expect(await entriesOf('users', 'users')).toHaveLength(1)
  })

  test('is not kept as a whole answer', async () => {
    const query = '{ cacheEntries(tags: ["users"]) { responses } }'
    const statuses = []
    for (let time = 0; time < 2; time += 1) {
      const response = await app.post({ query }, { authorization: `Bearer ${admin}` })
      statuses.push([response.headers.get('x-cache'), response.headers.get('age')])
    }
    expect(statuses[1]).toEqual(statuses[0])
    expect(statuses[1]?.[0]).not.toBe('HIT')
  })
})

test('while Redis is away, the database is shown all the same', async () => {
  shared.gone = true
  expect(await entryOf(`user:${learner.id}`)).toMatchObject({
    ...{ memory: null, shared: null, isFresh: null },
    database: expect.stringContaining('"firstName":"Ada"'),
  })
  shared.gone = false
})

test('what is larger than the configuration allows is not kept', async () => {
  const store = new MemoryStore()
  store.now = NOW.epochMilliseconds
  await using tight = await startTutored({
    config: { redisUrl: 'redis://in-memory', cacheEntryMaxBytes: 100 },
    world: { openStore: () => ({ ...store.connect(), async [Symbol.asyncDispose]() {} }) },
  })
  const { ask: query, id } = await tight.learner()
  await query('{ me { firstName stars { total } } }')
  await settled()
  const entries = await tight.ask(
    `{ cacheEntries(tags: ["user:${id}", "stars:${id}"]) { memory { bytes } shared { bytes } } }`,
    {},
    await tight.tokenOf('admin', 999_999),
  )
  const bytes = expect.any(Number)
  expect(at(entries, 'data', 'cacheEntries')).toEqual([
    { memory: null, shared: null },
    { memory: { bytes }, shared: { bytes } },
  ])
})
