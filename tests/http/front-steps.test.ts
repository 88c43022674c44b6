import { createServer, type Server } from 'node:http'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { type Cache, openLocalCache, openSharedCache } from '../../src/cache/cache.ts'
import { Footprint } from '../../src/cache/footprint.ts'
import { HonzikError } from '../../src/domain/error.ts'
import { PreparedQueries } from '../../src/graphql/prepared-queries.ts'
import { schema } from '../../src/graphql/schema.ts'
import { Familiar } from '../../src/http/familiar.ts'
import { Front } from '../../src/http/front.ts'
import { createLifecycle } from '../../src/http/lifecycle.ts'
import { QueryLimits } from '../../src/http/query-limits.ts'
import { Sender } from '../../src/http/sender.ts'
import { createViewers } from '../../src/http/viewers.ts'
import { etagOf, type Whole } from '../../src/http/whole.ts'
import { createLog } from '../../src/telemetry/log.ts'
import { MemoryStore } from '../cache/memory-store.ts'
import { settled } from '../cache/node.ts'
import { createMemoryOutbox } from '../support/memory-outbox.ts'
import { exchange } from './whole-app.ts'

/** What was done for requests so far. */
const done = { proofs: 0, preparations: 0, runs: 0, marks: 0, handedOn: 0 }
let now: number

beforeEach(() => {
  now = 1_800_000_000_000
  Object.assign(done, { proofs: 0, preparations: 0, runs: 0, marks: 0, handedOn: 0 })
})

class CountingQueries extends PreparedQueries {
  override of(...asked: Parameters<PreparedQueries['of']>) {
    done.preparations += 1
    return super.of(...asked)
  }
}

const cacheOptions = () => ({
  outbox: createMemoryOutbox(),
  namespace: 'test',
  origin: 'test',
  report() {},
  l1MaxBytes: 1_000_000,
  longestTtlMs: 1,
  consistency: 'strict' as const,
  now: () => now,
})

function sharedCache(): Cache {
  const store = new MemoryStore().connect()
  const mark = () => {
    done.marks += 1
    return store.mark()
  }
  return openSharedCache({ ...cacheOptions(), store: { ...store, mark } })
}

function urlOf(server: Server): string {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('not listening on a port')
  return `http://127.0.0.1:${address.port}`
}

/** An answer that was made when its request came, or is said to be found as it is made. */
const wholeOf = (bytes: Buffer, status: Whole['status']): Whole => ({
  ...{ operation: null, scope: 'PRIVATE', codes: [], cause: undefined, gzip: null, madeAt: now },
  ...{ octets: bytes.toString('latin1'), etag: etagOf(bytes), status },
})

interface FrontWorld {
  readonly cache?: Cache
  readonly status?: Whole['status']
  /** Waited for before an answer is made. */
  readonly held?: Promise<void>
  readonly text?: string
  readonly lines?: Record<string, unknown>[]
}

/** A server with nothing but a front, and asking it. */
async function open(world: FrontWorld = {}) {
  const { cache = openLocalCache(cacheOptions()), status = 'MISS', held, text = '{"data":{}}\n', lines = [] } = world
  const log = createLog('info', { write: (line: string) => lines.push(JSON.parse(line)) })
  const responses = cache.responses<Whole>({ kept: true })
  const front = new Front({
    ...{
      cache,
      responses,
      familiar: new Familiar(cache.l1.shelf(), () => now),
      verbatim: null,
      lifecycle: createLifecycle(),
      rateLimit: null,
      persisted: () => undefined,
      bodyMax: 100_000,
    },
    queries: new CountingQueries({ schema, production: false }),
    limits: new QueryLimits(10_000, new AbortController().signal),
    sender: new Sender({
      log,
      answered: () => {},
      lifecycle: createLifecycle(),
      now: () => now,
      standingHeaders: () => [],
      keepAliveMs: 0,
      grown: responses.grow.bind(responses),
      traces: null,
    }),
    viewers: createViewers({
      now: () => now,
      async prove() {
        done.proofs += 1
        return { viewer: { role: 'staff', id: null }, until: now + 86_400_000 }
      },
    }),
    async run() {
      done.runs += 1
      await held
      const value = wholeOf(Buffer.from(text), status)
      return { value, bytes: value.octets.length, footprint: new Footprint() }
    },
  })
  const server = createServer((_, response) => {
    done.handedOn += 1
    response.end('handed on')
  })
  front.standBefore(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await cache[Symbol.asyncDispose]()
  })
  await settled()
  done.marks = 0
  const url = urlOf(server)
  return (query = '{ me { id } }', headers: Record<string, string> = {}) =>
    exchange({ url }, { body: { query }, headers: { authorization: 'Bearer x', ...headers } })
}

describe('a request that came before', () => {
  test('is answered without another proof of its viewer, or a look at what it asks', async () => {
    const ask = await open()
    expect((await ask()).cache).toBe('MISS')
    expect(done).toMatchObject({ proofs: 1, preparations: 1, runs: 1 })
    for (let time = 0; time < 3; time += 1) expect((await ask()).cache).toBe('HIT')
    expect(done).toMatchObject({ proofs: 1, preparations: 1, runs: 1, handedOn: 0 })
  })

  test('in another spelling has what it asks looked at once', async () => {
    const ask = await open()
    await ask()
    for (let time = 0; time < 3; time += 1) expect((await ask('{ me { id } } ')).cache).toBe('HIT')
    expect(done).toMatchObject({ preparations: 2, runs: 1 })
  })

  test('is not recognised by its bytes when they are very many, but by what it asks', async () => {
    const ask = await open()
    const long = `{ me { id } } # ${'x'.repeat(8_192)}`
    for (let time = 0; time < 3; time += 1) await ask(long)
    expect(done).toMatchObject({ preparations: 3, runs: 1 })
  })
})

test('a request asks once where the sequence stands, whether or not something is found', async () => {
  const ask = await open({ cache: sharedCache() })
  await ask()
  expect(done).toMatchObject({ marks: 1, runs: 1 })
  await ask()
  expect(done).toMatchObject({ marks: 2, runs: 1 })
  now += 3_600_000
  await ask()
  expect(done).toMatchObject({ marks: 3, runs: 2 })
})

describe('those who wait for the answer of another', () => {
  test.each([
    ['MISS', ['MISS', 'COALESCED', 'COALESCED']],
    ['HIT', ['HIT', 'HIT', 'HIT']],
  ] as const)('that is a %s are told %j', async (status, told) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const ask = await open({ status, held: promise })
    const answers = Array.from({ length: 3 }, () => ask())
    await expect.poll(() => done.preparations).toBe(3)
    await settled()
    resolve()
    expect((await Promise.all(answers)).map(({ cache }) => cache).toSorted()).toEqual(told.toSorted())
    expect(done.runs).toBe(1)
  })
})

test('whatever is no such query goes to whoever stood there before', async () => {
  const ask = await open()
  expect((await ask('mutation { deleteUser(input: { id: 1 }) { deletedId } }')).text).toBe('handed on')
  expect(done).toMatchObject({ runs: 0, handedOn: 1 })
})

test('what an answer takes compressed is counted with it', async () => {
  const cache = openLocalCache(cacheOptions())
  const ask = await open({ cache, text: 'x'.repeat(5_000) })
  await ask()
  const before = cache.l1.bytes
  const compressed = await ask('{ me { id } }', { 'accept-encoding': 'gzip' })
  expect(cache.l1.bytes - before).toBe(compressed.bytes.length)
  await ask('{ me { id } }', { 'accept-encoding': 'gzip' })
  expect(cache.l1.bytes - before).toBe(compressed.bytes.length)
})

describe('an answer that cannot be made', () => {
  test('for a reason of the caller’s says so, and leaves a line', async () => {
    const lines: Record<string, unknown>[] = []
    const refusal = new HonzikError('RATE_LIMITED', 'Too much.', { retryAfterSeconds: 7 })
    const ask = await open({ held: refused(refusal), lines })
    const answer = await ask('{ me { id } }', { 'x-request-id': 'mine' })
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      429,
      { errors: [{ message: 'Too much.', extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 7 } }] },
    ])
    expect(answer.headers).toMatchObject({
      'x-request-id': 'mine',
      'retry-after': '7',
      'cache-control': 'no-store',
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(answer.bytes.length),
    })
    await expect
      .poll(() => lines)
      .toMatchObject([{ msg: 'request', reqId: 'mine', status: 429, codes: ['RATE_LIMITED'] }])
  })

  test('for a fault of ours tells the log alone what it was', async () => {
    const lines: Record<string, unknown>[] = []
    const ask = await open({ held: refused(new Error('db-7')), lines })
    const answer = await ask()
    expect([answer.status, answer.text.includes('db-7')]).toEqual([500, false])
    await expect
      .poll(() => lines)
      .toMatchObject([
        { msg: 'fault', err: { message: 'db-7' }, reqId: answer.headers['x-request-id'] },
        { msg: 'request', status: 500, codes: ['INTERNAL_SERVER_ERROR'], reqId: answer.headers['x-request-id'] },
      ])
  })
})

/** Nobody hears of it before it is waited for. */
function refused(error: Error): Promise<void> {
  const refusal = Promise.reject(error)
  refusal.catch(() => {})
  return refusal
}
