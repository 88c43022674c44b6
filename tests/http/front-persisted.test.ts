import { createHash } from 'node:crypto'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createLearner } from '../support/people.ts'
import { at } from '../support/test-app.ts'
import { bearer, inUrl, startWholeApp } from './whole-app.ts'

const QUERY = 'query Name($id: ID!) { user(id: $id) { firstName } }'
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
const byHash = (sha256Hash = hashOf(QUERY), version = 1) => ({
  extensions: { persistedQuery: { version, sha256Hash } },
})

async function started() {
  const app = await startWholeApp()
  onTestFinished(() => app[Symbol.asyncDispose]())
  const headers = bearer(await app.tokenOf('admin', 999_999))
  const variables = { id: await createLearner(app) }
  const ask = (parameters: object) => app.exchange({ body: { variables, ...parameters }, headers })
  const get = (parameters: object) =>
    app.exchange({ method: 'GET', path: inUrl({ variables, ...parameters }), headers })
  return { app, ask, get, variables, headers }
}

describe('a query by its hash', () => {
  test('that nobody has registered says so in the words that clients know', async () => {
    const { ask, get } = await started()
    for (const send of [ask, get]) {
      const answer = JSON.parse((await send(byHash())).text)
      expect(at(answer, 'errors', 0)).toMatchObject({
        message: 'PersistedQueryNotFound',
        extensions: { code: 'NOT_FOUND' },
      })
    }
  })

  test('is answered once it was registered, and is the same query as its text', async () => {
    const { app, ask, get } = await started()
    const registered = await ask({ query: QUERY, ...byHash() })
    expect(registered.text).toContain('Ada')
    app.reading.count = 0
    const first = await ask(byHash())
    expect([first.text, first.cache]).toEqual(['{"data":{"user":{"firstName":"Ada"}}}\n', 'HIT'])
    app.pass(2_000)
    for (const answer of [await ask(byHash()), await get(byHash()), await get(byHash()), await ask({ query: QUERY })])
      expect([answer.cache, answer.headers['age'], answer.text]).toEqual(['HIT', '2', first.text])
    expect(app.reading.count).toBe(0)
  })

  test('may be registered by GET as well, and is known to everyone then', async () => {
    const { app, ask, get, variables } = await started()
    await get({ query: QUERY, ...byHash() })
    expect((await ask(byHash())).text).toContain('Ada')
    const nobody = await app.exchange({ body: { variables, ...byHash() } })
    expect(nobody.text).toContain('UNAUTHENTICATED')
  })

  test('is another with other variables, and with another name', async () => {
    const { app, ask } = await started()
    const two = `${QUERY} query Level($id: ID!) { user(id: $id) { level } }`
    await ask({ query: two, operationName: 'Name', ...byHash(hashOf(two)) })
    expect((await ask({ operationName: 'Level', ...byHash(hashOf(two)) })).text).toContain('BEGINNER')
    const eva = await createLearner(app, { firstName: 'Eva' })
    const named = { operationName: 'Name', ...byHash(hashOf(two)) }
    expect((await ask({ ...named, variables: { id: eva } })).text).toContain('Eva')
    expect((await ask(named)).text).toContain('Ada')
  })

  test.each<[what: string, parameters: object]>([
    ['of another text', { query: QUERY, ...byHash(hashOf('{ me { id } }')) }],
    ['of another kind', { query: QUERY, ...byHash(hashOf(QUERY), 2) }],
    ['of another kind alone', byHash(hashOf(QUERY), 2)],
  ])('is refused %s, as a mistake in the extensions', async (_, parameters) => {
    const { ask } = await started()
    await ask({ query: QUERY, ...byHash() })
    expect(at(JSON.parse((await ask(parameters)).text), 'errors', 0, 'extensions')).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'extensions',
    })
  })

  test.each<[what: string, parameters: object]>([
    ['a hash that is none', byHash('x')],
    ['no text for a hash', { extensions: { persistedQuery: { version: 1, sha256Hash: 5 } } }],
    ['a hash in a list', { extensions: { persistedQuery: { version: 1, sha256Hash: [hashOf(QUERY)] } } }],
    ['nothing', { extensions: { persistedQuery: {} } }],
    ['a list', { extensions: { persistedQuery: [] } }],
    ['a text', { extensions: { persistedQuery: 'x' } }],
    ['null beside a text', { query: QUERY, extensions: { persistedQuery: null } }],
    ['an empty text beside it', { query: '', ...byHash() }],
  ])('is answered as before when there is %s', async (_, parameters) => {
    const { app, ask, headers, variables } = await started()
    await ask({ query: QUERY, ...byHash() })
    const through = await app.exchange({
      body: { variables, ...parameters },
      headers: { ...headers, 'x-cache-debug': '1' },
    })
    const { extensions: _extensions, ...expected } = JSON.parse(through.text)
    const { extensions: _more, ...answer } = JSON.parse((await ask(parameters)).text)
    expect(answer).toEqual(expected)
  })

  test('of something that is changed is no query, though it is registered', async () => {
    const { ask, get, variables } = await started()
    const mutation = 'mutation ($id: ID!) { updateUser(input: { id: $id, firstName: "Eva" }) { user { id } } }'
    await ask({ query: mutation, ...byHash(hashOf(mutation)) })
    expect((await ask({ query: QUERY })).text).toContain('Eva')
    expect((await get(byHash(hashOf(mutation)))).status).toBe(405)
    expect(variables.id).toBeGreaterThan(0)
  })
})
