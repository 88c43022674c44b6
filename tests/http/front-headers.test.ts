import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLearner } from '../support/people.ts'
import { bearer, inUrl, type Received, type Sent, startWholeApp, type WholeApp } from './whole-app.ts'

const KNOWN = 'https://app.example.com'
const OTHER = 'https://other.example.com'

let app: WholeApp
let admin: Record<string, string>
let query: { readonly query: string }
let large: { readonly query: string }

beforeAll(async () => {
  app = await startWholeApp({ corsOrigins: [KNOWN], rateLimitPerMinute: 1_000 })
  admin = bearer(await app.tokenOf('admin', 999_999))
  const id = await createLearner(app)
  query = { query: `{ user(id: ${id}) { firstName } }` }
  large = { query: `{ user(id: ${id}) { statsRange(days: 100) { date messagesCount } } }` }
})
afterAll(() => app[Symbol.asyncDispose]())

const ask = (body: object, headers: Record<string, string> = {}) =>
  app.exchange({ body, headers: { ...admin, ...headers } })
const get = (parameters: object, headers: Record<string, string> = {}) =>
  app.exchange({ method: 'GET', path: inUrl({ ...parameters }), headers: { ...admin, ...headers } })

const SCHEMA = { query: '{ __type(name: "User") { name } }' }

describe('the headers of an answer', () => {
  /** Meant to be its own: what says how it was come by, what it is, and how often one may ask. */
  const OWN = [
    'age',
    'etag',
    'x-cache',
    'cache-control',
    'content-length',
    'vary',
    'date',
    'x-ratelimit-remaining',
    'x-ratelimit-reset',
  ]
  const common = ({ headers }: Received) =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN.includes(name)))

  test.each<[string, Record<string, string>]>([
    ['nowhere in particular', {}],
    ['a page that may', { origin: KNOWN }],
    ['a page that may not', { origin: OTHER }],
    ['the sandbox', { origin: 'https://studio.apollographql.com' }],
    ['somewhere odd', { origin: 'null' }],
  ])('to a request from %s are those that every answer has', async (_, origin) => {
    const headers = { 'x-request-id': 'a-b.c_1', accept: 'application/graphql-response+json', ...origin }
    for (let time = 0; time < 2; time += 1) {
      const through = await ask(query, { ...headers, 'x-cache-debug': '1' })
      const past = await ask(query, headers)
      expect(common(past)).toEqual(common(through))
      expect(past.headers['vary']?.split(', ')).toEqual(expect.arrayContaining(['Origin']))
      expect(Object.keys(past.headers).filter((name) => name in through.headers === false)).toEqual(['etag'])
      expect(past.headers).toHaveProperty('x-ratelimit-remaining')
    }
  })

  test('say that caches have to ask each time, and for whom the answer is', async () => {
    for (let time = 0; time < 2; time += 1) {
      expect((await ask(query)).headers['cache-control']).toBe('private, no-cache')
      expect((await get(query)).headers['cache-control']).toBe('private, no-cache')
      expect((await ask(SCHEMA)).headers['cache-control']).toBe('public, no-cache')
      const failed = await ask({ query: '{ user(id: "x") { id } }' })
      expect([failed.headers['cache-control'], failed.headers['etag']]).toEqual(['no-store', undefined])
    }
  })

  test('say what the answer depends on', async () => {
    for (const answer of [await ask(query), await ask(query), await get(query)])
      expect(answer.headers['vary']).toBe('Accept, Accept-Encoding, Authorization, Origin')
  })

  test('repeat the request’s id, or make one that is each request’s own', async () => {
    expect((await ask(query, { 'x-request-id': 'mine' })).headers['x-request-id']).toBe('mine')
    const ids = [await ask(query), await ask(query, { 'x-request-id': 'a b' })].map(
      ({ headers }) => headers['x-request-id'],
    )
    for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/)
    expect(new Set(ids).size).toBe(2)
  })

  test('name the type that was asked for', async () => {
    const typeOf = async (accept: string) => (await ask(query, { accept })).headers['content-type']
    for (let time = 0; time < 2; time += 1) {
      expect(await typeOf('*/*')).toBe('application/json; charset=utf-8')
      expect(await typeOf('application/json')).toBe('application/json; charset=utf-8')
      expect(await typeOf('application/graphql-response+json, application/json;q=0.9')).toBe(
        'application/graphql-response+json; charset=utf-8',
      )
    }
  })
})

describe('the tag of an answer', () => {
  const tagOf = async (asked: Promise<Received>) => (await asked).headers['etag'] ?? ''

  test('is strong, and the same for the same content only', async () => {
    const tag = await tagOf(ask(query))
    expect(tag).toMatch(/^"[\w-]{27}"$/)
    expect(await tagOf(ask(query))).toBe(tag)
    expect(await tagOf(get(query))).toBe(tag)
    expect(await tagOf(ask(query, { 'cache-control': 'no-store' }))).toBe(tag)
    expect(await tagOf(ask({ query: `${query.query} # again` }))).toBe(tag)
    expect(await tagOf(ask({ query: query.query.replace('firstName', 'level') }))).not.toBe(tag)
    expect(await tagOf(ask(SCHEMA))).not.toBe(tag)
  })

  test('lets a client who has it spare the answer', async () => {
    const tag = await tagOf(get(query))
    for (const known of [
      tag,
      `W/${tag}`,
      `"x", ${tag}`,
      `"x",W/${tag} , "y"`,
      '*',
      ' * ',
      tag.replace(/"$/, '-gzip"'),
    ]) {
      const answer = await get(query, { 'if-none-match': known })
      expect([answer.status, answer.text, answer.headers['etag']]).toEqual([304, '', tag])
      expect(answer.headers).toMatchObject({
        age: expect.any(String),
        vary: expect.stringContaining('Authorization'),
        'cache-control': 'private, no-cache',
        'x-cache': 'HIT',
        'x-request-id': expect.any(String),
      })
      expect(answer.headers).not.toHaveProperty('content-length')
      expect(answer.headers).not.toHaveProperty('content-encoding')
    }
  })

  test('of something else spares nothing, nor does any for a POST', async () => {
    const tag = await tagOf(get(query))
    for (const known of ['"x"', tag.slice(1, -1), '', `${tag.slice(0, -1)}x"`])
      expect((await get(query, { 'if-none-match': known })).status).toBe(200)
    for (const known of [tag, '*']) expect((await ask(query, { 'if-none-match': known })).status).toBe(200)
  })

  test('spares an answer that was made for this request, but never an error', async () => {
    const tag = await tagOf(get(query))
    const anew = await get(query, { 'if-none-match': tag, 'cache-control': 'no-cache' })
    expect([anew.status, anew.cache]).toEqual([304, 'BYPASS'])
    expect((await get({ query: '{ user(id: "x") { id } }' }, { 'if-none-match': '*' })).status).toBe(200)
  })
})

describe('an answer of more than a kilobyte', () => {
  const GZIP = { 'accept-encoding': 'gzip, deflate, br' }

  test('is compressed for whoever can read that, with a tag of its own, each time with the same bytes', async () => {
    const plain = await ask(large)
    expect(plain.bytes.length).toBeGreaterThan(1_024)
    expect(plain.headers).not.toHaveProperty('content-encoding')
    const [first, second] = [await ask(large, GZIP), await ask(large, GZIP)]
    expect(first.headers['content-encoding']).toBe('gzip')
    expect(gunzipSync(first.bytes)).toEqual(plain.bytes)
    expect(second.bytes).toEqual(first.bytes)
    expect(first.headers['etag']).toBe(plain.headers['etag']?.replace(/"$/, '-gzip"'))
    for (const { headers, bytes } of [plain, first, second])
      expect(headers['content-length']).toBe(String(bytes.length))
    expect((await ask(large)).bytes).toEqual(plain.bytes)
  })

  test.each<[string, boolean]>([
    ['gzip', true],
    ['*', true],
    ['GZIP', true],
    ['deflate;q=1, gzip;q=0.1', true],
    ['gzip;q=0', false],
    ['gzip;q=0.000, *', false],
    ['identity, gzip;q=0.5', false],
    ['br', false],
    ['identity', false],
    ['', false],
  ])('for a client that accepts "%s" is compressed: %s', async (encodings, compressed) => {
    for (let time = 0; time < 2; time += 1) {
      const answer = await ask(large, { 'accept-encoding': encodings })
      expect(answer.headers['content-encoding']).toBe(compressed ? 'gzip' : undefined)
    }
  })

  test('is spared by the tag of either form', async () => {
    const [plain, packed] = [await get(large), await get(large, GZIP)]
    for (const tag of [plain.headers['etag'], packed.headers['etag']]) {
      expect((await get(large, { 'if-none-match': tag ?? '' })).status).toBe(304)
      const known = await get(large, { ...GZIP, 'if-none-match': tag ?? '' })
      expect([known.status, known.headers['etag'], known.headers['content-encoding']]).toEqual([
        304,
        packed.headers['etag'],
        undefined,
      ])
    }
  })

  test('that is small, or an error, is sent as it is', async () => {
    expect((await ask(query, GZIP)).headers).not.toHaveProperty('content-encoding')
    const small: Sent = { body: SCHEMA, headers: GZIP }
    expect((await app.exchange(small)).headers).not.toHaveProperty('content-encoding')
  })
})
