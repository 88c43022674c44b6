import { ApolloServer, HeaderMap } from '@apollo/server'
import { GraphQLError } from 'graphql'
import { describe, expect, test } from 'vitest'
import { badInput, ERROR_CODES, HonzikError, unavailable } from '../../src/domain/error.ts'
import { extensionsOf, faultBehind, formatError } from '../../src/graphql/errors.ts'

const SECRET = 'postgres://honzik:hunter2@10.0.0.7/honzik'

const typeDefs = `
  type Query { page(first: Int!, after: String, filter: Filter): String, fail: String, list: [String!], wrong: Int }
  input Filter { name: String!, inner: Inner }
  input Inner { size: Int! }
`

/** A server that fails as it is told to, and remembers what was reported. */
function openServer(fault: unknown = new Error(SECRET)) {
  const reported: unknown[] = []
  const resolvers = {
    Query: {
      page: () => 'page',
      fail: () => {
        throw fault
      },
      list: () => [null],
      wrong: () => SECRET,
    },
  }
  const apollo = new ApolloServer({
    typeDefs,
    resolvers,
    status400ForVariableCoercionErrors: true,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    formatError,
    plugins: [
      {
        requestDidStart: async () => ({
          async didEncounterErrors({ errors }) {
            reported.push(...errors.map(faultBehind).filter((fault) => fault !== null))
          },
        }),
      },
    ],
  })
  return { apollo, reported }
}

/** The errors of the answer to one request, as they go over the wire. */
async function errorsFor(body: unknown, fault?: unknown) {
  await using stack = new AsyncDisposableStack()
  const { apollo, reported } = openServer(fault)
  apollo.startInBackgroundHandlingStartupErrorsByLoggingAndFailingAllRequests()
  stack.defer(() => apollo.stop())
  const headers = new HeaderMap([['content-type', 'application/json']])
  const answer = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method: 'POST', headers, search: '', body },
    context: async () => ({}),
  })
  const text = answer.body.kind === 'complete' ? answer.body.string : ''
  const { errors }: { errors: unknown } = JSON.parse(text)
  return { errors, text, reported }
}

describe('an error of ours', () => {
  test.each(ERROR_CODES)('keeps its code %s and its words', async (code) => {
    const { errors, reported } = await errorsFor({ query: '{ fail }' }, new HonzikError(code, 'In our words.'))
    expect(errors).toEqual([
      { message: 'In our words.', locations: [{ line: 1, column: 3 }], path: ['fail'], extensions: { code } },
    ])
    expect(reported).toEqual([])
  })

  test('names the field', async () => {
    const { errors } = await errorsFor({ query: '{ fail }' }, badInput('timezone', 'must be a zone.'))
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'timezone' } }])
  })

  test('says when to come back, and not why', async () => {
    const limited = new HonzikError('RATE_LIMITED', 'Slower.', { retryAfterSeconds: 7, cause: new Error(SECRET) })
    const { errors, text } = await errorsFor({ query: '{ fail }' }, limited)
    expect(errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 7 } }])
    expect(text).not.toContain('hunter2')
  })

  test('is recognised outside an operation too', () => {
    const formatted = { message: SECRET, extensions: { code: 'INTERNAL_SERVER_ERROR', stacktrace: [SECRET] } }
    expect(formatError(formatted, unavailable('Later.', SECRET))).toEqual({
      message: 'Later.',
      extensions: { code: 'SERVICE_UNAVAILABLE' },
    })
  })

  test('has only the extensions that mean something', () => {
    expect(extensionsOf(new HonzikError('NOT_FOUND', 'No.'))).toEqual({ code: 'NOT_FOUND' })
    expect(extensionsOf(new HonzikError('RATE_LIMITED', 'No.', { field: 'text', retryAfterSeconds: 0 }))).toEqual({
      code: 'RATE_LIMITED',
      field: 'text',
      retryAfterSeconds: 0,
    })
  })
})

describe('a fault', () => {
  const internal = { message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR' } }

  test.each<[what: string, fault: unknown]>([
    ['an error', new Error(SECRET)],
    ['an error with a code of its own', Object.assign(new Error(SECRET), { code: 'NOT_FOUND', field: SECRET })],
    ['an error with a cause', new Error('outer', { cause: new Error(SECRET) })],
    ['an error of the library', new GraphQLError(SECRET)],
    ['an error with an unknown code', new GraphQLError(SECRET, { extensions: { code: 'SQL', sql: SECRET } })],
    ['an error whose code is no text', new GraphQLError(SECRET, { extensions: { code: 5, sql: SECRET } })],
    ['an error whose code every object knows', new GraphQLError(SECRET, { extensions: { code: 'toString' } })],
    ['a text', SECRET],
    ['nothing', undefined],
  ])('of %s says nothing about itself and is reported once', async (_what, fault) => {
    const { errors, text, reported } = await errorsFor({ query: '{ fail }' }, fault)
    expect(errors).toEqual([{ ...internal, locations: [{ line: 1, column: 3 }], path: ['fail'] }])
    expect(text).not.toMatch(/hunter2|stack/)
    expect(reported).toHaveLength(1)
  })

  test('is reported as it was thrown', async () => {
    const fault = new Error(SECRET)
    const { reported } = await errorsFor({ query: '{ fail }' }, fault)
    expect(reported[0]).toBe(fault)
  })

  test.each(['list', 'wrong'])('in what a resolver returned is one too: %s', async (field) => {
    const { errors, text, reported } = await errorsFor({ query: `{ ${field} }` })
    expect(errors).toMatchObject([internal])
    expect(text).not.toContain('hunter2')
    expect(reported).toHaveLength(1)
  })
})

describe('what the library has to say about a request', () => {
  test.each<[what: string, body: unknown, code: string, field: string | undefined]>([
    ['no body', undefined, 'BAD_USER_INPUT', 'body'],
    ['an empty body', {}, 'BAD_USER_INPUT', 'body'],
    ['several questions at once', [{ query: '{ list }' }], 'BAD_USER_INPUT', 'body'],
    ['no query', { variables: {} }, 'BAD_USER_INPUT', 'query'],
    ['an empty query', { query: '' }, 'BAD_USER_INPUT', 'query'],
    ['a query that is no text', { query: 5 }, 'BAD_USER_INPUT', 'query'],
    ['variables that are no object', { query: '{ list }', variables: 'x' }, 'BAD_USER_INPUT', 'variables'],
    ['extensions that are no object', { query: '{ list }', extensions: 'x' }, 'BAD_USER_INPUT', 'extensions'],
    ['an operation name that is no text', { query: '{ list }', operationName: 5 }, 'BAD_USER_INPUT', 'operationName'],
    ['an unknown operation', { query: 'query A { list }', operationName: 'B' }, 'BAD_USER_INPUT', 'operationName'],
    ['two operations', { query: 'query A { list } query B { list }' }, 'BAD_USER_INPUT', 'operationName'],
    [
      'a hash that is not registered',
      { extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } },
      'NOT_FOUND',
      'extensions',
    ],
    [
      'a hash of something else',
      { query: '{ page }', extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } },
      'BAD_USER_INPUT',
      'extensions',
    ],
    [
      'another way to register',
      { query: '{ page }', extensions: { persistedQuery: { version: 2, sha256Hash: 'x' } } },
      'BAD_USER_INPUT',
      'extensions',
    ],
    ['no GraphQL', { query: '{' }, 'GRAPHQL_PARSE_FAILED', undefined],
    ['an unknown field', { query: '{ nothing }' }, 'GRAPHQL_VALIDATION_FAILED', undefined],
    ['a missing argument', { query: '{ page }' }, 'GRAPHQL_VALIDATION_FAILED', undefined],
    ['a wrong argument', { query: '{ page(first: "x") }' }, 'GRAPHQL_VALIDATION_FAILED', 'first'],
    ['a wrong second argument', { query: '{ page(first: 1, after: 5) }' }, 'GRAPHQL_VALIDATION_FAILED', 'after'],
    [
      'a wrong field of an input',
      { query: '{ page(first: 1, filter: { name: "x", inner: { size: "x" } }) }' },
      'GRAPHQL_VALIDATION_FAILED',
      'size',
    ],
  ])('has our code for %s, and names the field that it is about', async (_what, body, code, field) => {
    const { errors, reported } = await errorsFor(body)
    expect(errors).toMatchObject([{ message: expect.any(String), extensions: field ? { code, field } : { code } }])
    expect(JSON.stringify(errors).includes('"field"')).toBe(field !== undefined)
    expect(reported).toEqual([])
  })

  test.each<[what: string, variables: Record<string, unknown>, field: string]>([
    ['missing', { filter: null }, 'first'],
    ['null', { first: null }, 'first'],
    ['of another type', { first: 'x' }, 'first'],
    ['without a required field', { first: 1, filter: {} }, 'filter'],
    ['with a wrong field', { first: 1, filter: { name: 5 } }, 'name'],
    ['with a wrong field deep inside', { first: 1, filter: { name: 'x', inner: { size: 'x' } } }, 'size'],
  ])('names the variable, or the field in it, that is %s', async (_what, variables, field) => {
    const query = 'query ($first: Int!, $filter: Filter) { page(first: $first, filter: $filter) }'
    const { errors, reported } = await errorsFor({ query, variables })
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field } }])
    expect(reported).toEqual([])
  })

  test('keeps its words and its place, and loses everything else', async () => {
    const { errors, text } = await errorsFor({ query: '{\n  nothing\n}' })
    expect(errors).toEqual([
      {
        message: 'Cannot query field "nothing" on type "Query".',
        locations: [{ line: 2, column: 3 }],
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
      },
    ])
    expect(text).not.toContain('stack')
  })
})
