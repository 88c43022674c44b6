import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAppTokens } from '../../src/core.ts'
import { userIdFromRow } from '../../src/domain/ids.ts'
import { createServerDatabase, hasPostgres } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { hasRedis, startRedis } from '../support/redis-server.ts'
import { askAt, type ServerProcess, startProcess } from '../support/server-process.ts'
import { at, TEST_SECRET, testConfig } from '../support/test-app.ts'

const PROCESSES = 4
const CALLERS = 50

describe.skipIf(!hasPostgres || !hasRedis)('four processes over one database and one Redis', () => {
  const started = new AsyncDisposableStack()
  let servers: readonly ServerProcess[]
  let urls: readonly string[]
  let token: string

  beforeAll(async () => {
    const database = started.use(await createServerDatabase())
    const redis = started.use(await startRedis())
    const env = { DATABASE_URL: database.url, REDIS_URL: redis.url, AUTH_SECRET: TEST_SECRET }
    servers = Array.from({ length: PROCESSES }, () => started.use(startProcess(env)))
    urls = await Promise.all(servers.map(({ listening }) => listening))
    const issued = createAppTokens(testConfig()).issue({ role: 'admin', id: userIdFromRow(1) }, Temporal.Now.instant())
    token = (await issued).token
  })
  afterAll(() => started[Symbol.asyncDispose]())

  const createLearner = async (telegramId: number): Promise<unknown> => {
    const input = `{ telegramId: "${telegramId}", firstName: "Ada" }`
    return at(
      await askAt(urls[0] ?? '', `mutation { createUser(input: ${input}) { user { id } } }`, token),
      'data',
      'createUser',
      'user',
      'id',
    )
  }

  /** The log lines of the operation of this name, from all processes. */
  const linesOf = (operation: string) =>
    servers
      .flatMap((server) => server.output().split('\n'))
      .filter((line) => line.includes(`"operation":"${operation}"`))
      .map((line): Record<string, unknown> => JSON.parse(line))

  test('load a learner whom nobody has read yet once each at most, however many ask', async () => {
    const id = await createLearner(1001)
    const query = `query Cold { user(id: ${id}) { firstName } }`
    const answers = await Promise.all(
      Array.from({ length: PROCESSES * CALLERS }, (_, n) => askAt(urls[n % PROCESSES] ?? '', query, token)),
    )
    for (const answer of answers) expect(answer).toEqual({ data: { user: { firstName: 'Ada' } } })
    const lines = await eventually(() => {
      const written = linesOf('Cold')
      expect(written).toHaveLength(PROCESSES * CALLERS)
      return written
    })
    const statements = lines.reduce((sum, { sql }) => sum + Number(sql), 0)
    expect(statements).toBeGreaterThan(0)
    expect(statements).toBeLessThanOrEqual(PROCESSES)
  })

  test('show what one of them has changed at once, on each', async () => {
    const id = await createLearner(1002)
    const query = `{ user(id: ${id}) { firstName } }`
    for (let n = 0; n < 40; n += 1) {
      await Promise.all(urls.map((url) => askAt(url, query, token)))
      const rename = `mutation { updateUser(input: { id: ${id}, firstName: "n${n}" }) { user { id } } }`
      expect(await askAt(urls[n % PROCESSES] ?? '', rename, token)).not.toHaveProperty('extensions')
      const seen = await Promise.all(urls.map((url) => askAt(url, query, token)))
      expect(seen).toEqual(urls.map(() => ({ data: { user: { firstName: `n${n}` } } })))
    }
  })
})
