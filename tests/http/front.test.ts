import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createLearner } from '../support/people.ts'
import { at } from '../support/test-app.ts'
import { bearer, inUrl, type Sent, startWholeApp, type WholeApp } from './whole-app.ts'

let app: WholeApp
let admin: Record<string, string>
let id: number

beforeAll(async () => {
  app = await startWholeApp()
  admin = bearer(await app.tokenOf('admin', 999_999))
})
afterAll(() => app[Symbol.asyncDispose]())
beforeEach(async () => {
  id = await createLearner(app)
  app.reading.count = 0
})

const NAME = 'query Name($id: ID!) { user(id: $id) { firstName } }'
const name = (more: object = {}) => ({ query: NAME, variables: { id }, ...more })
const ask = (body: object | string, headers: Record<string, string> = {}) =>
  app.exchange({ body, headers: { ...admin, ...headers } })
const asGet = (parameters: Record<string, unknown>): Sent => ({
  method: 'GET',
  path: inUrl(parameters),
  headers: admin,
})

/** What two requests got, one after the other; the second must not have cost a look at the database. */
async function twice(first: Sent, second: Sent) {
  const one = await app.exchange({ ...first, headers: { ...admin, ...first.headers } })
  const before = app.reading.count
  const other = await app.exchange({ ...second, headers: { ...admin, ...second.headers } })
  return { one, other, reads: app.reading.count - before }
}

describe('a query that comes again', () => {
  test('is answered with the same bytes, and told how old they are', async () => {
    const first = await ask(name())
    expect(first).toMatchObject({ status: 200, cache: 'MISS', text: '{"data":{"user":{"firstName":"Ada"}}}\n' })
    expect(first.headers['age']).toBe('0')
    app.pass(7_900)
    const second = await ask(name())
    expect(second).toMatchObject({ status: 200, cache: 'HIT', text: first.text })
    expect(second.headers['age']).toBe('7')
    expect(app.reading.count).toBe(1)
  })

  test('is answered anew when its time is over', async () => {
    await ask(name())
    app.pass(3_600_000)
    const later = await ask(name())
    expect([later.cache, later.headers['age']]).toEqual(['MISS', '0'])
  })

  test('is answered from what is known of its parts, when it is new itself', async () => {
    await ask(name())
    const other = await ask({ query: `{ user(id: ${id}) { level } }` })
    expect([other.cache, other.headers['age'], app.reading.count]).toEqual(['HIT', '0', 1])
  })

  test.each<[what: string, (body: ReturnType<typeof name>) => object | string]>([
    ['white space', (body) => ({ ...body, query: `\n${NAME.replaceAll(' ', '  ')}, # why not` })],
    ['white space in the JSON', (body) => JSON.stringify(body, null, 2)],
    ['the order of parameters', ({ query, variables }) => ({ variables, query })],
    ['variables that nobody reads', (body) => ({ ...body, variables: { more: [1, { a: 2 }], id } })],
    ['parameters that nobody reads', (body) => ({ ...body, more: 1, extensions: { client: 'x' } })],
    ['the name that it has anyway', (body) => ({ ...body, operationName: 'Name' })],
    ['null for what is left out', (body) => ({ ...body, operationName: null, extensions: null })],
  ])('is the same query with other %s', async (_, respelt) => {
    const first = await ask(name())
    app.pass(3_000)
    for (let time = 0; time < 2; time += 1) {
      const other = await ask(respelt(name()))
      expect([other.cache, other.headers['age'], other.text]).toEqual(['HIT', '3', first.text])
    }
    expect(app.reading.count).toBe(1)
  })

  test('is the same whatever the order of what is within its variables', async () => {
    const query =
      'query ($n: Int!, $date: Date) { me { id } user(id: 1) { dailyStats(date: $date) { date } statsRange(days: $n) { date } } }'
    const first = { query, variables: { n: 2, date: '2026-11-20' } }
    const second = { query, variables: { date: '2026-11-20', n: 2 } }
    const { other, reads } = await twice({ body: first }, { body: second })
    expect([other.cache, reads]).toEqual(['HIT', 0])
  })

  test('is the same by GET and by POST', async () => {
    const { one, other, reads } = await twice({ body: name() }, asGet(name()))
    expect([other.status, other.cache, other.text, reads]).toEqual([200, 'HIT', one.text, 0])
    expect((await app.exchange(asGet(name()))).cache).toBe('HIT')
  })

  test('is another one with other variables, another name or other fields', async () => {
    const two = 'query Name($id: ID!) { user(id: $id) { firstName } } query Level($id: ID!) { user(id: $id) { level } }'
    const variables = { id }
    const named = await ask({ query: two, variables, operationName: 'Name' })
    expect(at(JSON.parse(named.text), 'data', 'user')).toEqual({ firstName: 'Ada' })
    const other = await ask({ query: two, variables, operationName: 'Level' })
    expect(at(JSON.parse(other.text), 'data', 'user')).toEqual({ level: 'BEGINNER' })
    const eva = await createLearner(app, { firstName: 'Eva' })
    expect((await ask({ query: NAME, variables: { id: eva } })).text).toContain('Eva')
  })

  test.each([
    ['are long', 'x'.repeat(1_000)],
    ['cannot be spelled', '\ud800'],
  ])('is another one with other variables when these %s', async (_, after) => {
    const query = `query ($after: String, $id: ID!) {
      user(id: $id) { firstName messages(after: $after) @skip(if: true) { edges { cursor } } } }`
    const eva = await createLearner(app, { firstName: 'Eva' })
    for (let time = 0; time < 2; time += 1) {
      expect((await ask({ query, variables: { after, id } })).text).toContain('Ada')
      expect((await ask({ query, variables: { after, id: eva } })).text).toContain('Eva')
    }
  })
})

describe('an answer that is kept', () => {
  test('is for its viewer only, as long as it is not for all', async () => {
    const bob = bearer(await app.tokenOf('user', await createLearner(app, { firstName: 'Bob' })))
    const me = { query: '{ me { firstName } }' }
    const ada = bearer(await app.tokenOf('user', id))
    for (let time = 0; time < 2; time += 1) {
      expect((await app.exchange({ body: me, headers: ada })).text).toContain('Ada')
      expect((await app.exchange({ body: me, headers: bob })).text).toContain('Bob')
      expect((await app.exchange({ body: me })).text).toContain('UNAUTHENTICATED')
      expect((await app.exchange({ body: name(), headers: bob })).text).toContain('NOT_FOUND')
    }
  })

  test('is for all when it is of the schema', async () => {
    const { other } = await twice(
      { body: { query: '{ __type(name: "User") { name } }' } },
      {
        body: { query: '{ __type(name: "User") { name } }' },
        headers: { authorization: '' },
      },
    )
    expect([other.cache, other.headers['cache-control']]).toEqual(['HIT', 'public, no-cache'])
  })

  test('goes with a change of what it shows, and with no other', async () => {
    const stars = { query: `{ user(id: ${id}) { stars { total } } }` }
    await ask(name())
    await ask(stars)
    await ask({ query: `mutation { updateUser(input: { id: ${id}, firstName: "Eva" }) { user { id } } }` })
    expect(await ask(name())).toMatchObject({ cache: 'MISS', text: expect.stringContaining('Eva') })
    expect((await ask(stars)).cache).toBe('HIT')
    await ask({
      query: `mutation { recordActivity(input: { userId: ${id}, wordsTotal: 3, correctnessScore: 90 }) { stars { total } } }`,
    })
    expect((await ask(name())).cache).toBe('HIT')
    expect((await ask(stars)).text).toContain('"total":2')
  })

  test('goes with the learner', async () => {
    await ask(name())
    await ask({ query: `mutation { deleteUser(input: { id: ${id} }) { deletedId } }` })
    expect((await ask(name())).text).toContain('NOT_FOUND')
  })
})

describe('the list of learners', () => {
  const users = { query: '{ users(first: 5) { edges { node { firstName } } } }' }

  test('may be stale for half a minute, while it is made anew', async () => {
    await ask(users)
    app.pass(310_000)
    const stale = await ask(users)
    expect([stale.cache, stale.headers['age']]).toEqual(['HIT', '310'])
    const fresh = await ask(users)
    expect([fresh.cache, fresh.headers['age']]).toEqual(['HIT', '0'])
    app.pass(330_000)
    expect((await ask(users)).cache).toBe('MISS')
  })

  test('is never stale after a learner has come', async () => {
    await ask(users)
    app.pass(310_000)
    await createLearner(app)
    const fresh = await ask(users)
    expect([fresh.cache, fresh.headers['age']]).toEqual(['MISS', '0'])
  })
})
