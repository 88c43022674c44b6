import { expect, test } from 'vitest'
import { openTestEmbedded } from '../support/databases.ts'
import { at, startTestApp } from '../support/test-app.ts'

test('production tells nothing of the schema and has no explorer', async () => {
  await using app = await startTestApp({ openDatabase: openTestEmbedded }, { production: true })
  const introspection = await app.ask('{ __schema { types { name } } }')
  expect(introspection.data).toBeUndefined()
  expect(at(introspection, 'errors', 0, 'extensions', 'code')).toBe('GRAPHQL_VALIDATION_FAILED')

  const typo = await app.ask('{ heath { status } }')
  expect(at(typo, 'errors', 0, 'message')).toContain('heath')
  expect(JSON.stringify(typo)).not.toContain('health')

  const misspelt = { id: 1, firstNam: 'x' }
  const variables = await app.ask('mutation ($i: UpdateUserInput!) { updateUser(input: $i) { user { id } } }', {
    i: misspelt,
  })
  expect(JSON.stringify(variables)).toContain('firstNam')
  expect(JSON.stringify(variables)).not.toContain('firstName')

  const browser = await fetch(`${app.url}/graphql`, { headers: { accept: 'text/html' } })
  expect(browser.headers.get('content-type')).toContain('application/json')
  expect(browser.headers.get('strict-transport-security')).toContain('max-age=31536000')
  expect((await fetch(`${app.url}/explorer/graphiql.js`)).status).toBe(404)
})

test('elsewhere the schema is open, and typing errors get suggestions', async () => {
  await using app = await startTestApp({ openDatabase: openTestEmbedded })
  const scalar = await app.ask('{ __type(name: "BigInt") { description } }')
  expect(at(scalar, 'data', '__type', 'description')).toContain('JSON numbers lose digits past 2^53')
  expect(JSON.stringify(await app.ask('{ heath { status } }'))).toContain('health')
})

test('a fault of ours says nothing of itself to callers, and everything to the log', async () => {
  await using app = await startTestApp({
    async openDatabase() {
      const database = await openTestEmbedded()
      const listUsers = () => Promise.reject(new Error('select secret from users: the host db-7 said no'))
      return { ...database, readers: { ...database.readers, listUsers } }
    },
  })
  const answer = await app.ask('{ users { edges { cursor } } }', {}, await app.tokenOf('staff', 1))
  expect(answer.errors).toEqual([
    expect.objectContaining({ message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR' } }),
  ])
  expect(JSON.stringify(answer)).not.toContain('db-7')
  expect(JSON.stringify(app.lines)).toContain('db-7')
})

test('a limit of requests a minute is each caller’s own', async () => {
  await using app = await startTestApp({ openDatabase: openTestEmbedded }, { rateLimitPerMinute: 3 })
  const one = await app.tokenOf('staff', 1)
  const other = await app.tokenOf('staff', 2)
  for (let n = 0; n < 3; n += 1) expect((await app.ask('{ health { status } }', {}, one)).errors).toBeUndefined()
  const response = await app.post({ query: '{ health { status } }' }, { authorization: `Bearer ${one}` })
  expect(response.status).toBe(429)
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await response.json()).toMatchObject({
    errors: [{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) } }],
  })
  expect((await app.ask('{ health { status } }', {}, other)).errors).toBeUndefined()
  expect((await app.ask('{ health { status } }')).errors).toBeUndefined()
})

test('a statement that fails leaves no word of a learner in the log', async () => {
  await using app = await startTestApp({
    async openDatabase(_, statements) {
      const database = await openTestEmbedded(_, statements)
      await database.run(`alter table users add constraint unlucky check (first_name <> 'Tajemství')`, [])
      return database
    },
  })
  const answer = await app.ask(
    'mutation { createUser(input: { telegramId: 77, firstName: "Tajemství" }) { user { id } } }',
    {},
    await app.tokenOf('staff', 1),
  )
  expect(at(answer, 'errors', 0, 'extensions', 'code')).toBe('INTERNAL_SERVER_ERROR')
  const fault = app.lines.find(({ msg }) => msg === 'fault')
  expect(at(fault, 'reqId')).toBeTypeOf('string')
  expect(JSON.stringify(fault)).toContain('unlucky')
  expect(JSON.stringify(app.lines)).not.toContain('Tajemství')
})
