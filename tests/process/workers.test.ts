import { createClient } from 'graphql-sse'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createAppTokens } from '../../src/core.ts'
import { userIdFromRow } from '../../src/domain/ids.ts'
import { createServerDatabase, hasPostgres } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { type FakeOpenAI, startFakeOpenAI } from '../support/fake-openai/fake-openai.ts'
import { askAt, type ServerProcess, startProcess } from '../support/server-process.ts'
import { at, TEST_SECRET, testConfig } from '../support/test-app.ts'

describe.skipIf(!hasPostgres)('workers in processes of their own', () => {
  const started = new AsyncDisposableStack()
  let fake: FakeOpenAI
  let env: Record<string, string>
  let url: string
  let token: string
  let said = 0

  const begun = (worker: ServerProcess) => worker.says(/stages of jobs at once/)

  beforeAll(async () => {
    const database = started.use(await createServerDatabase())
    fake = started.use(await startFakeOpenAI())
    env = {
      ...{ DATABASE_URL: database.url, AUTH_SECRET: TEST_SECRET, OPENAI_BASE_URL: fake.url },
      ...{ OPENAI_TIMEOUT_MS: '60000', OPENAI_DAILY_LIMIT: '0', LOG_LEVEL: 'warn' },
    }
    // All at once on a database where there is nothing yet.
    const server = started.use(startProcess({ ...env, WORKERS: '0' }))
    const workers = [startProcess(env, ['worker']), startProcess(env, ['worker'])]
    url = await server.listening
    for (const worker of workers) await begun(worker)
    for (const worker of workers) await worker[Symbol.asyncDispose]()
    const issued = createAppTokens(testConfig()).issue({ role: 'staff', id: userIdFromRow(1) }, Temporal.Now.instant())
    token = (await issued).token
    await askAt(url, 'mutation { createUser(input: { telegramId: "1", firstName: "Ada" }) { user { id } } }', token)
  })
  afterAll(() => started[Symbol.asyncDispose]())
  beforeEach(() => fake.calm())

  /** Says something new in the background; the job's id. */
  async function send(): Promise<string> {
    said += 1
    const input = `{ text: "Dobry den ${said}!", mode: ASYNC }`
    const answer = await askAt(url, `mutation { sendMessage(input: ${input}) { job { id } } }`, token)
    return String(at(answer, 'data', 'sendMessage', 'job', 'id'))
  }

  async function statusOf(id: string): Promise<unknown> {
    return at(await askAt(url, `{ job(id: "${id}") { status } }`, token), 'data', 'job', 'status')
  }

  /** All that becomes of a job, as a client of the server is told. */
  async function follow(id: string): Promise<unknown[]> {
    const client = createClient({ url: `${url}/graphql`, headers: { authorization: `Bearer ${token}` } })
    const seen: unknown[] = []
    const query = `subscription { jobUpdated(id: "${id}") { status attempts } }`
    for await (const { data } of client.iterate({ query })) {
      seen.push([at(data, 'jobUpdated', 'status'), at(data, 'jobUpdated', 'attempts')])
    }
    client.dispose()
    return seen
  }

  async function messagesAnswered(): Promise<unknown> {
    const answer = await askAt(url, '{ user(id: 1) { statsSummary { totalMessages } } }', token)
    return at(answer, 'data', 'user', 'statsSummary', 'totalMessages')
  }

  /** Lets a worker take a stage that it will not end. */
  async function stuckIn(worker: ServerProcess): Promise<string> {
    await begun(worker)
    const asked = fake.requests.length
    fake.play({ kind: 'hang' }, 1)
    const id = await send()
    await eventually(() => expect(fake.requests.length).toBe(asked + 1))
    expect(await statusOf(id)).toBe('RUNNING')
    return id
  }

  test('do what servers without workers leave to them, also what has waited for them', async () => {
    const before = Number(await messagesAnswered())
    const waiting = await send()
    expect(await statusOf(waiting)).toBe('QUEUED')
    await using worker = startProcess(env, ['worker'])
    await begun(worker)
    const followed = await Promise.all([waiting, await send(), await send()].map(follow))
    expect(followed).toEqual(
      Array(3).fill([
        ['QUEUED', 0],
        ['RUNNING', 1],
        ['SUCCEEDED', 0],
      ]),
    )
    expect(await messagesAnswered()).toBe(before + 3)
    worker.signal('SIGTERM')
    expect(await worker.exited).toBe(0)
  })

  test('tell what models were asked by them, where they are given a port, until they have stopped', async () => {
    await using worker = startProcess({ ...env, METRICS_PORT: '0', OPENAI_MODEL: 'worked' }, ['worker'])
    const told = await eventually(() => {
      const [, address] = /metrics are at {2}(http\S+)\/metrics/.exec(worker.output()) ?? []
      if (address === undefined) throw new Error(worker.output())
      return address
    })
    await follow(await send())
    const text = await (await fetch(`${told}/metrics`)).text()
    expect(text).toMatch(/^honzik_model_calls_total\{.*worked.*\} [1-9]\d*$/m)
    expect((await fetch(`${told}/health/ready`)).status).toBe(200)
    worker.signal('SIGTERM')
    expect(await worker.exited).toBe(0)
  })

  test('end in order when they are told so in the moment they have begun', async () => {
    await using worker = startProcess(env, ['worker'])
    await begun(worker)
    worker.signal('SIGTERM')
    expect(await worker.exited).toBe(0)
  })

  test('take over from one that is killed in the middle of a stage', async () => {
    const before = Number(await messagesAnswered())
    const doomed = startProcess(env, ['worker'])
    const id = await stuckIn(doomed)
    const following = follow(id)
    await using other = startProcess(env, ['worker'])
    await begun(other)
    doomed.signal('SIGKILL')
    expect(await following).toEqual([
      ['QUEUED', 0],
      ['RUNNING', 1],
      ['RUNNING', 2],
      ['SUCCEEDED', 0],
    ])
    expect(await messagesAnswered()).toBe(before + 1)
  })

  test('give back what they cannot end when they are told to stop', async () => {
    const stopping = startProcess(env, ['worker'])
    const id = await stuckIn(stopping)
    const following = follow(id)
    stopping.signal('SIGTERM')
    expect(await stopping.exited).toBe(0)
    expect(await statusOf(id)).toBe('QUEUED')
    await using _ = startProcess(env, ['worker'])
    expect(await following).toEqual([
      ['QUEUED', 0],
      ['RUNNING', 1],
      ['QUEUED', 1],
      ['RUNNING', 2],
      ['SUCCEEDED', 0],
    ])
  })

  test('of a server give back what they have when it is told to stop, also while it answers a long request', async () => {
    const server = startProcess({ ...env, WORKERS: '4' })
    const own = await server.listening
    const asked = fake.requests.length
    fake.play({ kind: 'hang' }, 2)
    const id = await send()
    await eventually(() => expect(fake.requests.length).toBe(asked + 1))
    const request = askAt(own, '{ honzikReply(input: { text: "Jak dlouho?", userId: 1 }) { reply } }', token)
    await eventually(() => expect(fake.requests.length).toBe(asked + 2))
    server.signal('SIGTERM')
    expect(at(await request, 'errors', 0, 'extensions', 'code')).toBe('UPSTREAM_UNAVAILABLE')
    expect(await server.exited).toBe(0)
    expect(await statusOf(id)).toBe('QUEUED')
    await askAt(url, `mutation { cancelJob(input: { id: "${id}" }) { id } }`, token)
  })
})

describe('a worker that cannot work', () => {
  test.each([
    [{}, 'A worker needs a DATABASE_URL'],
    [{ DATABASE_URL: 'postgres://127.0.0.1:1/none', WORKERS: '0' }, 'WORKERS must be more than 0 for a worker.'],
    [{ DATABASE_URL: 'postgres://127.0.0.1:1/none' }, 'ECONNREFUSED'],
  ])('says so in a line and ends: %j', async (env, line) => {
    await using worker = startProcess({ AUTH_SECRET: TEST_SECRET, ...env }, ['worker'])
    expect(await worker.exited).toBe(1)
    expect(worker.output()).toContain(line)
    expect(worker.output()).not.toContain('    at ')
  })
})
