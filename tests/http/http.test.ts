import { request as rawRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LIMITS } from '../../src/graphql/limits.ts'
import { openTestEmbedded } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { createLearner } from '../support/people.ts'
import { at, startTestApp, type TestApp } from '../support/test-app.ts'

let app: TestApp
let admin: string
const JSON_TYPE = { 'content-type': 'application/json' }

beforeAll(async () => {
  app = await startTestApp({ openDatabase: openTestEmbedded }, { corsOrigins: ['https://app.example.com'] })
  admin = await app.tokenOf('admin', await createLearner(app))
})
afterAll(() => app[Symbol.asyncDispose]())

async function outcome(response: Response) {
  const answer: unknown = await response.json()
  return { status: response.status, ...Object(at(answer, 'errors', 0, 'extensions')) }
}

describe('requests that are none', () => {
  test('malformed JSON names the body', async () => {
    expect(await outcome(await app.post('{"query": '))).toEqual({ status: 400, code: 'BAD_USER_INPUT', field: 'body' })
  })

  test('an empty body names the body', async () => {
    expect(await outcome(await app.post(''))).toEqual({ status: 400, code: 'BAD_USER_INPUT', field: 'body' })
  })

  test('a 2 MB body is too large', async () => {
    const response = await app.post({ query: '{ health { status } }', padding: 'x'.repeat(2_000_000) })
    expect(await outcome(response)).toEqual({ status: 413, code: 'PAYLOAD_TOO_LARGE', field: 'body' })
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/graphql'])(
    'the content type %s is refused',
    async (type) => {
      const response = await app.post('{"query":"{ health { status } }"}', { 'content-type': type })
      expect(await outcome(response)).toEqual({ status: 415, code: 'BAD_USER_INPUT', field: 'content-type' })
    },
  )

  test('files of nobody are not even read', async () => {
    const response = await app.post('--x', { 'content-type': 'multipart/form-data; boundary=x' })
    expect(await outcome(response)).toEqual({ status: 401, code: 'UNAUTHENTICATED' })
  })

  test('an array of operations is refused', async () => {
    const response = await app.post([{ query: '{ health { status } }' }])
    expect(await outcome(response)).toEqual({ status: 400, code: 'BAD_USER_INPUT', field: 'body' })
  })

  test.each([
    [{}, 'body'],
    [{ query: '' }, 'query'],
    [{ query: 5 }, 'query'],
    [{ query: '{ health { status } }', variables: 'x' }, 'variables'],
    [{ query: '{ health { status } }', operationName: 5 }, 'operationName'],
    [{ query: 'query A { health { status } }', operationName: 'B' }, 'operationName'],
    [{ query: 'query A { me { id } } query B { me { id } }' }, 'operationName'],
  ])('the body %j names %s', async (body, field) => {
    expect(await outcome(await app.post(body))).toEqual({ status: 400, code: 'BAD_USER_INPUT', field })
  })

  test('a syntax error is a parse failure with its place', async () => {
    const answer = await (await app.post({ query: '{ me ' })).json()
    expect(answer).toMatchObject({
      errors: [{ locations: [{ line: 1 }], extensions: { code: 'GRAPHQL_PARSE_FAILED' } }],
    })
  })

  test('who accepts no JSON is refused before anything is changed', async () => {
    const id = await createLearner(app)
    const query = `mutation { recordActivity(input: { userId: ${id}, wordsTotal: 1, correctnessScore: 1 }) { stars { total } } }`
    const response = await app.post({ query }, { accept: 'text/html', authorization: `Bearer ${admin}` })
    expect(await outcome(response)).toEqual({ status: 406, code: 'BAD_USER_INPUT', field: 'accept' })
    const after = await app.ask(`{ user(id: ${id}) { stars { total } } }`, {}, admin)
    expect(after.data).toEqual({ user: { stars: { total: 0 } } })
  })

  test('a subscription is told that there are none', async () => {
    const answer = await app.ask('subscription { x }')
    expect(at(answer, 'errors', 0, 'extensions', 'code')).toBe('GRAPHQL_VALIDATION_FAILED')
  })

  test('another method is refused and told which ones there are', async () => {
    const response = await fetch(`${app.url}/graphql`, { method: 'DELETE' })
    expect(response.headers.get('allow')).toBe('GET, POST')
    expect(await outcome(response)).toEqual({ status: 405, code: 'BAD_USER_INPUT', field: 'method' })
  })

  test('an address that cannot be read says so', async () => {
    const response = await fetch(`${app.url}/%zz`)
    expect(response.headers.get('x-request-id')).not.toBeNull()
    expect(await outcome(response)).toEqual({ status: 400, code: 'BAD_USER_INPUT', field: 'url' })
  })

  test('an address that is none says so', async () => {
    expect(await outcome(await fetch(`${app.url}/nothing`))).toEqual({ status: 404, code: 'NOT_FOUND' })
  })

  test('a GET that a browser could be tricked into is refused', async () => {
    const response = await fetch(`${app.url}/graphql?query={health{status}}`)
    expect(await outcome(response)).toMatchObject({ code: 'BAD_USER_INPUT', field: 'apollo-require-preflight' })
  })

  test('a GET that proves to be no form is answered; a mutation by GET is not', async () => {
    const headers = { 'apollo-require-preflight': '1' }
    const read = await fetch(`${app.url}/graphql?query={health{status}}`, { headers })
    expect(await read.json()).toEqual({ data: { health: { status: 'HEALTHY' } } })
    const write = await fetch(`${app.url}/graphql?query=mutation{deleteUser(input:{id:1}){deletedId}}`, { headers })
    expect(write.status).toBe(405)
  })
})

describe('limits', () => {
  const conversation = (inner: string) => `messages(first: 100) { edges { node { ${inner} } } }`
  const tooMuch: Record<string, string> = {
    'a conversation inside a conversation': `{ me { ${conversation(`user { ${conversation('text')} }`)} } }`,
    aliases: `{ ${Array.from({ length: LIMITS.aliases + 1 }, (_, n) => `a${n}: __typename`).join(' ')} }`,
    'more values than anyone reads': `{ me { messages(first: 100) { edges { node { user { ${Array.from(
      { length: 20 },
      (_, n) => `a${n}: statsRange(days: 366) { date }`,
    ).join(' ')} } } } } } }`,
    'more than can be counted': `{ me { ...F0 ${Array.from(
      { length: 12 },
      (_, n) => `a${n}: messages(first: 100) { edges { node { user { messages(first: 100) { edges { cursor } } } } } }`,
    ).join(
      ' ',
    )} } } ${Array.from({ length: 14 }, (_, n) => `fragment F${n} on User { ...F${n + 1} ...F${n + 1} }`).join(' ')} fragment F14 on User { id }`,
    directives: `{ health { status ${'@include(if: true) '.repeat(LIMITS.directives + 1)} } }`,
  }

  test.each(Object.entries(tooMuch))('too deep or too many: %s', async (_, query) => {
    const answer = await app.ask(query, {}, admin)
    expect(at(answer, 'errors', 0, 'extensions', 'code')).toBe('GRAPHQL_VALIDATION_FAILED')
    expect(answer.data).toBeUndefined()
  })

  test('too many tokens', async () => {
    const answer = await app.ask(`{ health { ${'status '.repeat(LIMITS.tokens)} } }`)
    expect(at(answer, 'errors', 0, 'extensions', 'code')).toBe('GRAPHQL_PARSE_FAILED')
  })

  test('fragments do not hide depth, and circles end', async () => {
    const hidden = `{ me { ...A } } fragment A on User { ${conversation('user { ...B }')} } fragment B on User { ${conversation('text')} }`
    const circle = '{ me { ...A } } fragment A on User { ...B } fragment B on User { ...A }'
    for (const query of [hidden, circle])
      expect(at(await app.ask(query, {}, admin), 'errors', 0, 'extensions', 'code')).toBe('GRAPHQL_VALIDATION_FAILED')
  })

  test('what clients really ask is within the limits', async () => {
    const answer = await app.ask(
      `{ me { ${conversation('user { settings { timezone } } mistakes { original }')} } }`,
      {},
      admin,
    )
    expect(answer.errors).toBeUndefined()
  })

  test('variables count as much as what is written out', async () => {
    const query = `query ($n: Int!, $d: Int!) { users(first: $n) { edges { node { statsRange(days: $d) { date messagesCount wordsSaid } } } } }`
    expect((await app.ask(query, { n: 100, d: 7 }, admin)).errors).toBeUndefined()
    expect(at(await app.ask(query, { n: 100, d: 366 }, admin), 'errors', 0, 'extensions', 'code')).toBe(
      'GRAPHQL_VALIDATION_FAILED',
    )
  })

  test('a null where null may not be does not hide what is beside it', async () => {
    const beside = Array.from({ length: 20 }, (_, n) => `a${n}: statsRange(days: 366) { date }`).join(' ')
    const query = `query ($n: Int) { me { messages(first: $n) { edges { cursor } } } users(first: 100) { edges { node { ${beside} } } } }`
    const answer = await app.ask(query, { n: null }, admin)
    expect(at(answer, 'errors', 0, 'extensions', 'code')).toBe('GRAPHQL_VALIDATION_FAILED')
    expect(answer.data).toBeUndefined()
  })

  test('what a caller repeats at length is not read at length', async () => {
    const query = 'query ($id: ID!) { user(id: $id) { id } }'
    const begun = performance.now()
    const answer = await app.ask(query, { id: [{ [`z at "${'a'.repeat(200_000)}`]: 1 }] }, admin)
    expect(at(answer, 'errors', 0, 'extensions')).toEqual({ code: 'BAD_USER_INPUT', field: 'id' })
    expect(String(at(answer, 'errors', 0, 'message')).length).toBeLessThan(1_100)
    // Read at length it would take minutes, which the test's own limit of time notices.
    console.info(`answered in ${Math.round(performance.now() - begun)} ms`)
  })

  test('a hundred wrong fields cost five errors', async () => {
    const answer = await app.ask(`{ ${Array.from({ length: 100 }, (_, n) => `wrong${n}`).join(' ')} }`)
    expect(answer.errors?.length).toBeLessThanOrEqual(LIMITS.errors + 1)
  })
})

describe('headers', () => {
  const preflight = (origin: string) =>
    fetch(`${app.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    })

  test('only known origins may call from a browser', async () => {
    const known = await preflight('https://app.example.com')
    expect(known.headers.get('access-control-allow-origin')).toBe('https://app.example.com')
    expect(known.headers.get('access-control-allow-credentials')).toBeNull()
    expect((await preflight('https://evil.example.com')).headers.get('access-control-allow-origin')).toBeNull()
  })

  test('answers are locked down and carry their id', async () => {
    const { headers } = await app.post({ query: '{ health { status } }' }, { 'x-request-id': 'from-the-proxy.1' })
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-request-id')).toBe('from-the-proxy.1')
    expect(headers.get('x-powered-by')).toBeNull()
  })

  test('a request id that could forge a log line is replaced', async () => {
    const { headers } = await app.post({ query: '{ health { status } }' }, { 'x-request-id': 'a b"c' })
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('a header that comes twice does no harm', async () => {
    const { hostname, port } = new URL(app.url)
    const status = await new Promise((resolve, reject) => {
      const body = JSON.stringify({ query: '{ health { status } }' })
      const headers = {
        ...JSON_TYPE,
        'content-length': Buffer.byteLength(body),
        'x-forwarded-for': ['1.1.1.1', '2.2.2.2'],
      }
      const sent = rawRequest({ hostname, port, path: '/graphql', method: 'POST', headers }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode))
      })
      sent.on('error', reject).end(body)
    })
    expect(status).toBe(200)
  })
})

describe('the log', () => {
  test('one line a request, with what was asked and never what was said', async () => {
    const before = app.lines.length
    const secret = 'Tajemství'
    await app.ask(`query Mine($n: Int!) { me { messages(first: $n) { edges { cursor } } } }`, { n: 3, secret }, admin)
    await fetch(`${app.url}/graphql?query={me{id}}&secret=${secret}`)
    const lines = await eventually(() => {
      const written = app.lines.slice(before)
      if (written.length < 2) throw new Error('the requests are not in the log yet')
      return written
    })
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatchObject({
      route: '/graphql',
      status: 200,
      operation: 'Mine',
      viewer: expect.stringMatching(/^admin:\d+$/),
      sql: expect.any(Number),
      cache: 'MISS',
    })
    expect(lines[0]).toHaveProperty('ms')
    expect(lines[0]).toHaveProperty('reqId')
    expect(JSON.stringify(lines)).not.toMatch(/Tajemstv|Bearer|eyJ|messages|secret/)
  })

  test('a client that goes before its answer leaves a line, and no fault', async () => {
    const before = app.lines.length
    const { hostname, port } = new URL(app.url)
    const headers = { ...JSON_TYPE, 'content-length': 1_000 }
    const sent = rawRequest({ hostname, port, path: '/graphql', method: 'POST', headers })
    sent.on('error', () => {})
    sent.write('{"query":')
    await new Promise(setImmediate)
    sent.destroy()
    const line = await eventually(() => {
      const [first] = app.lines.slice(before)
      if (!first) throw new Error('no line yet')
      return first
    })
    expect(line).toMatchObject({ msg: 'request', level: 30, aborted: true })
  })

  test('an operation name is bounded', async () => {
    await app.ask(`query ${'N'.repeat(500)} { health { status } }`)
    await eventually(() => expect(app.lines.at(-1)).toMatchObject({ operation: 'N'.repeat(64) }))
  })
})
