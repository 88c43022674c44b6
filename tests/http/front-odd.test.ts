import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLearner } from '../support/people.ts'
import { at } from '../support/test-app.ts'
import { bearer, inUrl, type Received, type Sent, startWholeApp, type WholeApp } from './whole-app.ts'

/*
 * What is no query whose answer may be kept, and what is wrong with one, is answered as if nobody stood before the
 * framework. `x-cache-debug` goes past whoever stands there, so each request is sent with and without it.
 */

let app: WholeApp
let admin: Record<string, string>
let id: number
let NAME: string

beforeAll(async () => {
  app = await startWholeApp()
  admin = bearer(await app.tokenOf('admin', 999_999))
  id = await createLearner(app)
  NAME = `query Name($id: ID! = ${id}) { user(id: $id) { firstName } }`
})
afterAll(() => app[Symbol.asyncDispose]())

/** Status, type and body, without what was asked for besides. */
function essence({ status, headers, text }: Received): object {
  const { extensions: _, ...answer } = text.startsWith('{') ? JSON.parse(text) : { text }
  return { status, type: headers['content-type'], allow: headers['allow'], answer }
}

/** What both ways say, which is the same however often it is asked. */
async function asBefore(sent: Sent): Promise<Received> {
  const headers = { ...admin, ...sent.headers }
  const through = await app.exchange({ ...sent, headers: { ...headers, 'x-cache-debug': '1' } })
  for (let time = 0; time < 4; time += 1)
    expect(essence(await app.exchange({ ...sent, headers })), `time ${time}`).toEqual(essence(through))
  return through
}

const get = (parameters: Record<string, unknown>): Sent => ({ method: 'GET', path: inUrl(parameters) })

describe('answered as before is', () => {
  test.each<[what: string, body: () => unknown]>([
    ['a query that is right', () => ({ query: NAME })],
    ['a variable that does not fit', () => ({ query: NAME, variables: { id: { a: 1 } } })],
    ['a variable that must not be null', () => ({ query: NAME, variables: { id: null } })],
    ['a variable that is missing', () => ({ query: NAME.replace(/ = \d+/, '') })],
    ['a text that is no text', () => ({ query: NAME, variables: { id: '\ud800' } })],
    ['a number that is none', () => `{"query":${JSON.stringify(NAME)},"variables":{"id":1e400}}`],
    [
      'a variable of a thousand levels',
      () => `{"query":${JSON.stringify(NAME)},"variables":{"id":${'['.repeat(1_000)}${']'.repeat(1_000)}}}`,
    ],
    [
      'a variable of ten thousand levels',
      () => `{"query":${JSON.stringify(NAME)},"variables":{"id":${'['.repeat(10_000)}${']'.repeat(10_000)}}}`,
    ],
    ['variables as a text', () => ({ query: NAME, variables: '{"id":1}' })],
    ['variables as a list', () => ({ query: NAME, variables: [] })],
    ['null for variables', () => ({ query: NAME, variables: null })],
    ['an operation without a name that is called by none', () => ({ query: NAME, operationName: '' })],
    ['an operation that is not there', () => ({ query: NAME, operationName: 'Other' })],
    ['a name that is no text', () => ({ query: NAME, operationName: 5 })],
    ['extensions as a list', () => ({ query: NAME, extensions: [] })],
    ['extensions as a text', () => ({ query: NAME, extensions: 'x' })],
    ['no query', () => ({ variables: {} })],
    ['a query that is no text', () => ({ query: { a: 1 } })],
    ['a list of queries', () => [{ query: NAME }]],
    ['a body of nothing', () => ''],
    ['a body of null', () => 'null'],
    ['a body that ends early', () => '{"query":'],
    ['a syntax error', () => ({ query: '{ me ' })],
    ['an unknown field', () => ({ query: '{ you }' })],
    [
      'more than may be asked',
      () => ({
        query: `{ users(first: 100) { edges { node { ${Array.from({ length: 9 }, (_, n) => `a${n}: statsRange(days: 366) { date }`).join(' ')} } } } }`,
      }),
    ],
    [
      'more than may be asked, by a variable',
      () => ({
        query:
          'query ($d: Int!) { users(first: 100) { edges { node { statsRange(days: $d) { date messagesCount } } } } }',
        variables: { d: 366 },
      }),
    ],
    ['a page that is too long', () => ({ query: '{ users(first: 101) { edges { cursor } } }' })],
    ['a learner whom nobody knows', () => ({ query: NAME, variables: { id: '999999' } })],
    [
      'one of two learners whom nobody knows',
      () => ({ query: `{ a: user(id: ${id}) { id } b: user(id: 99) { id stars { total } } }` }),
    ],
    [
      'a list with a wrong place in it',
      () => ({ query: `{ user(id: ${id}) { firstName messages(after: "x") { edges { cursor } } } }` }),
    ],
    [
      'null for what decides',
      () => ({
        query: `query ($x: Boolean = true) { user(id: ${id}) { firstName level @skip(if: $x) } }`,
        variables: { x: null },
      }),
    ],
    ['nothing but a type', () => ({ query: '{ __typename }' })],
    ['the schema', () => ({ query: '{ __schema { queryType { name fields { name } } } }' })],
  ])('%s', async (_, body) => {
    const asked = body()
    await asBefore({ body: typeof asked === 'string' ? asked : JSON.stringify(asked) })
  })

  test('what is asked by nobody, by a learner, or with a token that does not count', async () => {
    for (const authorization of ['', 'Bearer x', 'x', bearer(await app.tokenOf('user', id)).authorization])
      for (const query of [NAME, '{ me { id } }', '{ users { edges { cursor } } }', `{ user(id: ${id + 1}) { id } }`])
        await asBefore({ body: { query }, headers: { authorization } })
  })

  test('a GET, be it right or not', async () => {
    await asBefore(get({ query: NAME }))
    await asBefore(get({ query: NAME, variables: { id: 'x' }, operationName: 'Name' }))
    for (const variables of ['', '{', '"x"', '[]', 'null']) await asBefore(get({ query: NAME, variables }))
    await asBefore({ method: 'GET', path: `${inUrl({ query: NAME })}&query=%7B__typename%7D` })
    await asBefore({ method: 'GET', path: '/graphql?' })
    await asBefore({ method: 'GET', path: '/graphql?query=%7B' })
    await asBefore({ method: 'GET', path: '/graphql?query=%zz' })
    const refused = await asBefore(get({ query: `mutation { deleteUser(input: { id: ${id} }) { deletedId } }` }))
    expect(refused.status).toBe(405)
  })

  test('a GET of an operation that is called by nothing', async () => {
    await asBefore(get({ query: NAME, operationName: '' }))
  })

  test('a GET that a browser could be tricked into, though its answer is kept', async () => {
    const sent = get({ query: NAME })
    expect((await app.exchange({ ...sent, headers: admin })).status).toBe(200)
    const forged = await asBefore({ ...sent, headers: { 'apollo-require-preflight': '' } })
    expect([forged.status, at(JSON.parse(forged.text), 'errors', 0, 'extensions', 'field')]).toEqual([
      400,
      'apollo-require-preflight',
    ])
    const named = await app.exchange({
      ...sent,
      headers: { ...admin, 'apollo-require-preflight': '', 'x-apollo-operation-name': 'Name' },
    })
    expect([named.status, named.cache, named.headers['etag'] === undefined]).toEqual([200, 'HIT', false])
  })

  test.each([
    'text/plain',
    'application/jsonp',
    'application/graphql',
    'application/json; charset=utf-8',
    'APPLICATION/JSON;x',
    'application/json ; a=b',
    'text/html, application/json',
  ])('a body of the type %s', async (type) => {
    await asBefore({ body: { query: NAME }, headers: { 'content-type': type } })
  })

  test.each(['text/plain', 'application/json', 'application/json; charset=utf-8', 'application/x-www-form-urlencoded'])(
    'an address with a body’s type, %s',
    async (type) => {
      await asBefore({ ...get({ query: NAME }), headers: { 'content-type': type } })
    },
  )

  test.each(['text/html', '*/*', 'application/*', 'application/json;q=0', 'image/png, */*;q=0.1', '', 'x'])(
    'whoever accepts "%s"',
    async (accept) => {
      await asBefore({ body: { query: NAME }, headers: { accept } })
      await asBefore({ ...get({ query: NAME }), headers: { accept } })
    },
  )

  test('a change, which is made each time', async () => {
    const record = `mutation { recordActivity(input: { userId: ${id}, wordsTotal: 1, correctnessScore: 1 }) { stars { total } } }`
    const totals = []
    for (let time = 0; time < 3; time += 1) {
      const { headers, text } = await app.exchange({ body: { query: record }, headers: admin })
      expect(headers).not.toHaveProperty('etag')
      totals.push(at(JSON.parse(text), 'data', 'recordActivity', 'stars', 'total'))
    }
    expect(totals).toEqual([1, 2, 3])
  })

  test('a stream of events, and whatever else must not be kept', async () => {
    await app.exchange({ body: { query: NAME }, headers: admin })
    for (const accept of ['text/event-stream', 'text/event-stream, */*;q=0.1']) {
      const streamed = await app.exchange({ body: { query: NAME }, headers: { ...admin, accept } })
      expect(streamed.headers['content-type']).toContain('text/event-stream')
    }
    for (let time = 0; time < 3; time += 1) {
      const { headers, cache } = await app.exchange({ body: { query: '{ health { status } }' } })
      expect([cache, headers['etag'], headers['age']]).toEqual(['BYPASS', undefined, '0'])
    }
  })

  test('another address, method or encoding', async () => {
    for (const path of ['/graphql/', '/graphql?x=1', '//graphql', '/health/live'])
      await asBefore({ path, body: { query: NAME } })
    for (const method of ['PUT', 'DELETE', 'HEAD']) await asBefore({ method, path: inUrl({ query: NAME }) })
    await asBefore({ body: { query: NAME }, headers: { 'content-encoding': 'gzip' } })
  })
})
