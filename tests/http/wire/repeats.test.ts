import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Config } from '../../../src/config.ts'
import { createLearner } from '../../support/people.ts'
import { hasRedis, startRedis } from '../../support/redis-server.ts'
import { bearer, inUrl, startWholeApp } from '../whole-app.ts'
import { openRawClient, type RawAnswer } from './raw-client.ts'

/** A server, a connection to it, and what of it `node:http` has parsed. */
async function started(config: Partial<Config> = {}) {
  const app = await startWholeApp(config)
  onTestFinished(() => app[Symbol.asyncDispose]())
  const id = await createLearner(app)
  const client = await openRawClient(Number(new URL(app.url).port))
  onTestFinished(() => client[Symbol.asyncDispose]())
  const parsed = { count: 0 }
  const count = () => {
    parsed.count += 1
  }
  subscribe('http.server.request.start', count)
  onTestFinished(() => {
    unsubscribe('http.server.request.start', count)
  })
  const token = await app.tokenOf('user', id)

  /** The answer, and whether it took the parser. */
  async function ask(bytes: string): Promise<RawAnswer & { readonly parsed: boolean }> {
    const before = parsed.count
    await client.send(bytes)
    const [answer = { head: '', body: '' }] = await client.answers(1)
    return { ...answer, parsed: parsed.count > before }
  }
  return {
    app,
    id,
    token,
    ask,
    client,
    request: (more: Headers = {}) =>
      post({ query: `{ user(id: ${id}) { firstName } }` }, { ...bearer(token), ...more }),
    change: (firstName: string) =>
      post(
        { query: `mutation { updateUser(input: { id: ${id}, firstName: "${firstName}" }) { user { id } } }` },
        bearer(token),
      ),
  }
}

type Headers = Readonly<Record<string, string>>

const linesOf = (headers: Headers) =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')

function post(body: object, headers: Headers): string {
  const text = JSON.stringify(body)
  const about = { host: 'x', 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }
  return `POST /graphql HTTP/1.1\r\n${linesOf({ ...about, ...headers })}\r\n${text}`
}

/** Without what differs from one answer to the next. */
const comparable = ({ head, body }: RawAnswer) =>
  head.replace(/\r\nx-request-id: \S+/, '').replace(/\r\nDate: [^\r]+/, '') + body

const headerOf = ({ head }: RawAnswer, name: string) => new RegExp(`\\r\\n${name}: ([^\\r]*)`, 'i').exec(head)?.[1]

/** How often a request has to come before it is known: it is made, kept, and seen a second time. */
const UNTIL_KNOWN = 3

describe('a request that comes again byte for byte', () => {
  test('is answered without being parsed, with the same lines in the same order', async () => {
    const { ask, request } = await started()
    const answers = []
    for (let time = 0; time < UNTIL_KNOWN + 2; time += 1) answers.push(await ask(request()))
    expect(answers.map(({ parsed }) => parsed)).toEqual([true, true, true, false, false])
    const [, hit, , repeated, again] = answers
    expect(repeated?.head).toContain('x-cache: HIT')
    expect(repeated && comparable(repeated)).toBe(hit && comparable(hit))
    expect(headerOf(repeated ?? { head: '', body: '' }, 'Date')).toMatch(/^\w{3}, \d{2} \w{3} \d{4} [\d:]{8} GMT$/)
    const ids = answers.map((answer) => headerOf(answer, 'x-request-id'))
    expect(new Set(ids).size).toBe(answers.length)
    expect(again?.body).toBe('{"data":{"user":{"firstName":"Ada"}}}\n')
  })

  test.each<[string, Headers]>([
    ['a name of its own', { 'x-request-id': 'mine-7' }],
    ['another content type', { accept: 'application/graphql-response+json' }],
    ['an origin', { origin: 'https://studio.apollographql.com' }],
    ['an encoding that does not pay', { 'accept-encoding': 'gzip' }],
    ['a wish to stay connected', { connection: 'keep-alive' }],
  ])('is answered so with %s', async (_, headers) => {
    const { ask, request } = await started()
    const answers = []
    for (let time = 0; time < UNTIL_KNOWN + 1; time += 1) answers.push(await ask(request(headers)))
    const [hit, repeated] = answers.slice(-2)
    expect([hit?.parsed, repeated?.parsed]).toEqual([true, false])
    expect(repeated && comparable(repeated)).toBe(hit && comparable(hit))
    if (headers['x-request-id']) expect(repeated?.head).toContain('\r\nx-request-id: mine-7\r\n')
  })

  test('says so when nothing has changed since', async () => {
    const { ask, app, token } = await started()
    const get = (headers: Headers) =>
      `GET ${inUrl({ query: '{ me { firstName } }' })} HTTP/1.1\r\n${linesOf({ host: 'x', 'apollo-require-preflight': '1', ...bearer(token), ...headers })}\r\n`
    const etag = headerOf(await ask(get({})), 'etag') ?? ''
    const answers = []
    for (let time = 0; time < UNTIL_KNOWN + 1; time += 1) {
      app.pass(1_000)
      answers.push(await ask(get({ 'if-none-match': etag })))
    }
    const last = answers.at(-1)
    expect(last?.parsed).toBe(false)
    expect(last?.head).toMatch(/^HTTP\/1.1 304 Not Modified\r\n/)
    expect([headerOf(last ?? { head: '', body: '' }, 'age'), last?.body]).toEqual(['4', ''])
  })

  test('is compressed as before', async () => {
    const { ask, request, app, id, token } = await started()
    const long = post(
      { query: `{ user(id: ${id}) { statsRange(days: 60) { date wordsSaid } } }` },
      { ...bearer(token), 'accept-encoding': 'gzip' },
    )
    const answers = []
    for (let time = 0; time < UNTIL_KNOWN + 1; time += 1) answers.push(await ask(long))
    const [hit, repeated] = answers.slice(-2)
    expect(repeated?.parsed).toBe(false)
    expect(repeated?.head).toContain('content-encoding: gzip')
    expect(repeated && comparable(repeated)).toBe(hit && comparable(hit))
    expect(app.reading.count).toBeGreaterThan(0)
    expect((await ask(request())).head).not.toContain('content-encoding')
  })

  test('is logged as any other', async () => {
    const { ask, request, app } = await started({ logLevel: 'info' })
    for (let time = 0; time < UNTIL_KNOWN + 1; time += 1) await ask(request())
    await expect.poll(() => app.requests().length).toBeGreaterThanOrEqual(UNTIL_KNOWN + 1)
    const [before, last] = app.requests().slice(-2)
    const unlike = { time: 0, reqId: '', ms: 0 }
    expect({ ...last, ...unlike }).toEqual({ ...before, ...unlike })
    expect(last).toMatchObject({ status: 200, cache: 'HIT', sql: 0, route: '/graphql', method: 'POST' })
  })
})

describe('what is known of a request does not answer it', () => {
  const repeated = async (given: Awaited<ReturnType<typeof started>>, bytes = given.request()) => {
    for (let time = 0; time < UNTIL_KNOWN; time += 1) await given.ask(bytes)
    const last = await given.ask(bytes)
    expect(last.parsed).toBe(false)
    return bytes
  }

  test('once what it shows has changed', async () => {
    const given = await started()
    const bytes = await repeated(given)
    expect((await given.ask(given.change('Bára'))).body).toContain('"id"')
    const changed = await given.ask(bytes)
    expect([changed.parsed, changed.body]).toEqual([true, '{"data":{"user":{"firstName":"BÃ¡ra"}}}\n'])
    const again = await given.ask(bytes)
    expect([again.parsed, again.body]).toEqual([false, changed.body])
  })

  test('once its token is over', async () => {
    const given = await started()
    const bytes = await repeated(given)
    given.app.pass(400 * 86_400_000)
    const late = await given.ask(bytes)
    expect(late.parsed).toBe(true)
    expect(late.body).toContain('UNAUTHENTICATED')
  })

  test('once its time is over', async () => {
    const given = await started()
    const bytes = await repeated(given)
    given.app.pass(3_600_000)
    const late = await given.ask(bytes)
    expect([late.parsed, headerOf(late, 'x-cache')]).toEqual([true, 'MISS'])
  })

  test('while the server is on its way out', async () => {
    const given = await started()
    const bytes = await repeated(given)
    given.app.drain()
    const late = await given.ask(bytes)
    expect([late.parsed, headerOf(late, 'connection')]).toEqual([true, 'close'])
    await given.client.closed
  })

  test('beyond a limit, which it counts for', async () => {
    const given = await started({ rateLimitPerMinute: UNTIL_KNOWN + 2 })
    const bytes = await repeated(given)
    const last = await given.ask(bytes)
    expect([last.parsed, headerOf(last, 'x-ratelimit-remaining')]).toEqual([false, '0'])
    const refused = await given.ask(bytes)
    expect(refused.parsed).toBe(true)
    expect(refused.head).toMatch(/^HTTP\/1.1 429 /)
  })

  test.each<[string, Headers]>([
    ['that wants everything loaded anew', { 'cache-control': 'no-cache' }],
    ['that wants no caches', { 'cache-control': 'no-store' }],
    ['that wants to know what lies beneath', { 'x-cache-debug': '1' }],
    ['of nobody', { authorization: '' }],
  ])('%s', async (_, headers) => {
    const { ask, request } = await started()
    for (let time = 0; time < UNTIL_KNOWN + 2; time += 1) expect((await ask(request(headers))).parsed).toBe(true)
  })

  test('that closes its connection', async () => {
    const { request, app } = await started()
    for (let time = 0; time < UNTIL_KNOWN + 2; time += 1) {
      await using client = await openRawClient(Number(new URL(app.url).port))
      await client.send(request({ connection: 'close' }))
      const [answer] = await client.answers(1)
      expect(answer?.head).toContain('\r\nConnection: close\r\n')
      await client.closed
    }
  })

  test('where no answers are kept', async () => {
    const { ask, request } = await started({ cacheResponses: false })
    for (let time = 0; time < UNTIL_KNOWN + 2; time += 1) expect((await ask(request())).parsed).toBe(true)
  })
})

describe.skipIf(!hasRedis)('where the sequence is read first', () => {
  test('a request that comes again is answered after that, and parsed once its answer is gone', async () => {
    const redis = await startRedis()
    onTestFinished(() => redis[Symbol.asyncDispose]())
    const { ask, request, change } = await started({ cacheL1Consistency: 'strict', redisUrl: redis.url })
    const answers = []
    for (let time = 0; time < UNTIL_KNOWN + 1; time += 1) answers.push(await ask(request()))
    expect(answers.map(({ parsed }) => parsed)).toEqual([true, true, true, false])
    await ask(change('Eva'))
    const [changed, again] = [await ask(request()), await ask(request())]
    expect([changed.parsed, again.parsed]).toEqual([true, false])
    expect([changed.body, again.body]).toEqual(Array(2).fill('{"data":{"user":{"firstName":"Eva"}}}\n'))
  })

  test('and cannot be read, it is parsed', async () => {
    const redis = await startRedis()
    const { ask, request } = await started({ cacheL1Consistency: 'strict', redisUrl: redis.url })
    for (let time = 0; time < UNTIL_KNOWN; time += 1) await ask(request())
    expect((await ask(request())).parsed).toBe(false)
    await redis[Symbol.asyncDispose]()
    const late = await ask(request())
    expect([late.parsed, headerOf(late, 'x-cache')]).toEqual([true, 'DEGRADED'])
    expect(late.body).toBe('{"data":{"user":{"firstName":"Ada"}}}\n')
  })
})
