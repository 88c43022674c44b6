import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createAppTokens } from '../../src/core.ts'
import { userIdFromRow } from '../../src/domain/ids.ts'
import { createServerDatabase, hasPostgres } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { type FakeOpenAI, startFakeOpenAI } from '../support/fake-openai/fake-openai.ts'
import { hasRedis, type RedisServer, startRedis } from '../support/redis-server.ts'
import { askAt, type ServerProcess, startProcess } from '../support/server-process.ts'
import { at, TEST_SECRET, testConfig } from '../support/test-app.ts'

const PROCESSES = 4
const CALLERS = 50

describe.skipIf(!hasPostgres || !hasRedis)('four processes that ask one model', () => {
  const started = new AsyncDisposableStack()
  let fake: FakeOpenAI
  let redis: RedisServer
  let env: Record<string, string>
  let servers: readonly ServerProcess[]
  let urls: readonly string[]
  let token: string
  let asked = 0

  beforeAll(async () => {
    const database = started.use(await createServerDatabase())
    redis = started.use(await startRedis())
    fake = started.use(await startFakeOpenAI())
    env = {
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      AUTH_SECRET: TEST_SECRET,
      OPENAI_BASE_URL: fake.url,
      OPENAI_DAILY_LIMIT: '0',
    }
    servers = Array.from({ length: PROCESSES }, () => started.use(startProcess(env)))
    urls = await Promise.all(servers.map(({ listening }) => listening))
    const issued = createAppTokens(testConfig()).issue({ role: 'staff', id: userIdFromRow(1) }, Temporal.Now.instant())
    token = (await issued).token
    const create = 'mutation { createUser(input: { telegramId: "1", firstName: "Ada" }) { user { id } } }'
    await askAt(urls[0] ?? '', create, token)
  })
  afterAll(() => started[Symbol.asyncDispose]())
  beforeEach(() => {
    fake.calm()
    fake.latencyMs = 0
    asked = fake.requests.length
  })

  const say = (url: string, text: string) =>
    askAt(url, `{ honzikReply(input: { text: "${text}" }) { reply cache { status } } }`, token)
  const everyone = (text: string) =>
    Promise.all(Array.from({ length: PROCESSES * CALLERS }, (_, n) => say(urls[n % PROCESSES] ?? '', text)))
  const statusesOf = (answers: readonly unknown[]) =>
    answers.map((answer) => at(answer, 'data', 'honzikReply', 'cache', 'status'))
  const codesOf = (answers: readonly unknown[]) =>
    new Set(answers.map((answer) => at(answer, 'errors', 0, 'extensions', 'code')))

  test('make one call for all who ask the same at once, and none for those who ask later', async () => {
    fake.latencyMs = 700
    const answers = await everyone('Jak se mate?')
    expect(codesOf(answers)).toEqual(new Set([undefined]))
    expect(statusesOf(answers).filter((status) => status === 'MISS')).toHaveLength(1)
    expect(new Set(answers.map((answer) => at(answer, 'data', 'honzikReply', 'reply'))).size).toBe(1)
    expect(new Set(statusesOf(await everyone('Jak se mate?')))).toEqual(new Set(['HIT']))
    expect(fake.requests).toHaveLength(asked + 1)
  })

  test('fail together when the one call fails, and not later', async () => {
    fake.latencyMs = 500
    fake.play({ kind: 'refusal' }, 1)
    expect(codesOf(await everyone('Jaky je den?'))).toEqual(new Set(['UPSTREAM_UNAVAILABLE']))
    expect(fake.requests).toHaveLength(asked + 1)
    expect(statusesOf([await say(urls[0] ?? '', 'Jaky je den?')])).toEqual(['MISS'])
  })

  test('go on when the one that makes the call dies', async () => {
    const doomed = started.use(startProcess(env))
    const url = await doomed.listening
    fake.play({ kind: 'late', milliseconds: 60_000 }, 1)
    const lost = say(url, 'Kdo je tam?').catch(() => 'lost')
    await eventually(() => expect(fake.requests).toHaveLength(asked + 1))
    const waiting = Promise.all(urls.map((other) => say(other, 'Kdo je tam?')))
    doomed.signal('SIGKILL')
    expect(codesOf(await waiting)).toEqual(new Set([undefined]))
    expect(await lost).toBe('lost')
    expect(fake.requests).toHaveLength(asked + 2)
  })

  test('keep the message that has no answer yet when their server stops', async () => {
    const stopping = started.use(startProcess(env))
    const url = await stopping.listening
    fake.play({ kind: 'late', milliseconds: 60_000 }, 1)
    const answer = askAt(url, 'mutation { sendMessage(input: { text: "Uz jdes?" }) { starsEarned } }', token)
    await eventually(() => expect(fake.requests).toHaveLength(asked + 1))
    stopping.signal('SIGTERM')
    expect(at(await answer, 'errors', 0, 'extensions')).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      messageId: expect.any(String),
    })
    const kept = '{ me { messages(first: 1) { edges { node { text answered } } } } }'
    expect(at(await askAt(urls[0] ?? '', kept, token), 'data', 'me', 'messages', 'edges', 0, 'node')).toEqual({
      text: 'Uz jdes?',
      answered: false,
    })
    expect(await stopping.exited).toBe(0)
  })

  test('answer without Redis as well', async () => {
    await say(urls[0] ?? '', 'Dobry vecer!')
    await redis.stop()
    const answers = await everyone('Dobry vecer!')
    expect(codesOf(answers)).toEqual(new Set([undefined]))
    // Each process that has not seen the answer asks once for itself.
    expect(fake.requests.length - asked).toBeLessThanOrEqual(PROCESSES)
    await redis.restart()
  })
})
