import {
  type ASTNode,
  buildSchema,
  type DocumentNode,
  type GraphQLSchema,
  getDirectiveValues,
  getNamedType,
  getOperationAST,
  isObjectType,
  parse,
} from 'graphql'
import { describe, expect, test } from 'vitest'
import { CachePolicies, type OperationPolicy } from '../../src/graphql/cache-policy.ts'
import { schema } from '../../src/graphql/schema.ts'

function policyIn(of: GraphQLSchema, query: string | DocumentNode, name?: string): OperationPolicy | null {
  const document = typeof query === 'string' ? parse(query) : query
  const operation = getOperationAST(document, name)
  if (!operation) throw new TypeError('which operation?')
  return new CachePolicies(of).of(document, operation)
}

const sample = buildSchema(`
  directive @cacheControl(maxAge: Int, scope: CacheControlScope, staleWhileRevalidate: Int) on FIELD_DEFINITION | OBJECT
  enum CacheControlScope { PUBLIC PRIVATE }
  type Query implements Rooted {
    word: String
    hello: String @cacheControl(maxAge: 50, scope: PUBLIC)
    book: Book
    books: [Book!]!
    fresh: Book @cacheControl(maxAge: 5)
    mine: Book @cacheControl(scope: PRIVATE)
    lasting: Book @cacheControl(staleWhileRevalidate: 40)
    never: Book @cacheControl(maxAge: 0)
    unsaid: Book @cacheControl(maxAge: null, scope: null)
    shelf: Shelf
    keptShelf: Shelf @cacheControl(maxAge: 60, scope: PUBLIC)
    node: Node @cacheControl(maxAge: 60, scope: PUBLIC)
    any: Any
    keptAny: Any @cacheControl(maxAge: 60, scope: PUBLIC)
  }
  type Book implements Node @cacheControl(maxAge: 100, scope: PUBLIC, staleWhileRevalidate: 20) {
    id: ID
    title: String
    rating: Float @cacheControl(maxAge: 10, scope: PUBLIC, staleWhileRevalidate: 30)
    loans: Int @cacheControl(scope: PRIVATE)
    price: Float @cacheControl(maxAge: 30)
    stock: Int @cacheControl(maxAge: 0)
    other: Book
    shelf: Shelf
    query: Query @cacheControl(maxAge: 100, scope: PUBLIC)
  }
  type Shelf { name: String }
  type Person implements Node @cacheControl(maxAge: 100) { id: ID @cacheControl(maxAge: 7) name: String }
  interface Node { id: ID }
  interface Rooted { word: String }
  union Any = Book | Person
  type Mutation { write: Book @cacheControl(maxAge: 100) }
  type Subscription { books: Book @cacheControl(maxAge: 100) }
`)

const never = null
const kept = (maxAge: number, scope: 'PUBLIC' | 'PRIVATE' = 'PUBLIC', stale = 0): OperationPolicy => ({
  maxAgeMs: 1000 * maxAge,
  scope,
  staleMs: 1000 * stale,
})
const book = kept(100, 'PUBLIC', 20)

describe('an answer is kept', () => {
  test.each<[string, string, OperationPolicy | null]>([
    ['as long as its type says', '{ book { title } }', book],
    ['as long as its type says in a list', '{ books { title } }', book],
    ['as long as its field says, before its type', '{ fresh { title } }', kept(5, 'PUBLIC', 20)],
    ['for whom its field says, before its type', '{ mine { title } }', kept(100, 'PRIVATE', 20)],
    ['while it is made anew as its field says, before its type', '{ lasting { title } }', kept(100, 'PUBLIC', 40)],
    ['as its type says where its field says null', '{ unsaid { title } }', book],
    ['never when its field says 0, before its type', '{ never { title } }', never],
    ['never without a word of either', '{ shelf { name } }', never],
    ['never with an object below that says nothing', '{ book { shelf { name } } }', never],
    ['as a field says for a type that says nothing', '{ keptShelf { name } }', kept(60)],
    ['never with a scalar at the root that says nothing', '{ book { title } word }', never],
    ['with a scalar at the root that says so', '{ hello }', kept(50)],
    ['as long as the strictest of all', '{ hello book { title } fresh { title } }', kept(5)],
    ['as long as a scalar below allows', '{ book { rating } }', kept(10, 'PUBLIC', 20)],
    ['for one viewer when a scalar below is', '{ book { loans } }', kept(100, 'PRIVATE')],
    ['for one viewer when a hint does not say for whom', '{ book { price } }', kept(30, 'PRIVATE')],
    ['never with a scalar below that forbids it', '{ book { stock } }', never],
    ['with the shortest time of all to make it anew', '{ lasting { other { title } } }', book],
    ['never for __typename alone', '{ __typename ... { a: __typename } }', never],
    ['whatever __typename is beside', '{ __typename book { __typename } }', book],
    ['as the schema is', '{ __schema { types { name } } }', kept(300)],
    ['as one of its types is', '{ __type(name: "Book") { fields { name type { name } } } }', kept(300)],
    ['as the strictest of the schema and the rest', '{ __schema { types { name } } fresh { title } }', kept(5)],
    ['never for a root within an answer that says nothing', '{ book { query { word } } }', never],
  ])('%s: %s', (_, query, policy) => {
    expect(policyIn(sample, query)).toEqual(policy)
  })

  test.each<[string, string, OperationPolicy | null]>([
    ['alias', '{ title: book { title: stock } }', never],
    ['inline fragment', '{ book { ... { ... on Book { stock } } } }', never],
    ['fragment', '{ book { ...A } } fragment A on Book { ...B } fragment B on Book { stock }', never],
    ['fragment of the root', '{ ...A } fragment A on Query { fresh { title } }', kept(5, 'PUBLIC', 20)],
    ['second of two spreads', '{ book { title ...A other { ...A } } } fragment A on Book { stock }', never],
    [
      'fragment behind one that was seen',
      '{ ...A ...A ...B } fragment A on Query { hello } fragment B on Query { word }',
      never,
    ],
    ['@skip(if: true)', '{ book { stock @skip(if: true) } }', never],
    ['@include(if: false)', '{ book { ... @include(if: false) { stock } } }', never],
    [
      '@include of a variable',
      'query ($yes: Boolean = false) { book { title } never @include(if: $yes) { id } }',
      never,
    ],
    ['fragment that is skipped', '{ book { ...A @skip(if: true) } } fragment A on Book { stock }', never],
  ])('with what hides behind an %s: %s', (_, query, policy) => {
    expect(policyIn(sample, query)).toEqual(policy)
  })

  test.each<[string, string, OperationPolicy | null]>([
    ['a union that says nothing', '{ any { ... on Book { title } } }', never],
    ['a union by the word of its field', '{ keptAny { __typename ... on Book { title } } }', kept(60)],
    ['a scalar of one type of a union', '{ keptAny { ... on Book { rating } ... on Person { name } } }', kept(10)],
    ['an interface, as each of its types says', '{ node { id } }', kept(7, 'PRIVATE')],
    ['an interface of a union', '{ keptAny { ... on Node { id } } }', kept(7, 'PRIVATE')],
    ['the root as an interface', '{ hello ... on Rooted { word } }', never],
  ])('with %s: %s', (_, query, policy) => {
    expect(policyIn(sample, query)).toEqual(policy)
  })

  test('by the operation that is asked for, and no other', () => {
    const query =
      'query A { ...F } query B { book { title } } query C { never { title } } fragment F on Query { hello }'
    expect(['A', 'B', 'C'].map((name) => policyIn(sample, query, name))).toEqual([kept(50), book, never])
  })

  test.each(['mutation { write { title } }', 'subscription { books { title } }'])('never for a %s', (query) => {
    expect(policyIn(sample, query)).toBeNull()
  })

  test.each([
    '{ book { title ...Unknown } }',
    '{ book { title unknown } }',
    '{ book { title ... on Unknown { title } } }',
    '{ keptAny { title } hello { title } }',
    '{ book { title { title } } }',
    '{ book { title __schema { types { name } } } }',
  ])('never for what is not valid: %s', (query) => {
    expect(policyIn(sample, query)).toBeNull()
  })

  test('and fragments that go in circles come to an end', () => {
    const circle = '{ book { ...A } } fragment A on Book { ...B } fragment B on Book { other { ...A ...B } price }'
    expect(policyIn(sample, circle)).toEqual(kept(30, 'PRIVATE'))
  })

  test('never where the schema knows of no hints', () => {
    expect(policyIn(buildSchema('type Query { word: String }'), '{ word }')).toBeNull()
  })
})

const directive = schema.getDirective('cacheControl')
const hintOf = (node: ASTNode | null | undefined) =>
  directive && node && 'directives' in node ? getDirectiveValues(directive, node) : undefined

/** Every object type and every field of ours, with what `@cacheControl` says there. */
const hints = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .filter(({ name }) => !name.startsWith('__'))
  .flatMap((type) => [
    [type.name, hintOf(type.astNode)] as const,
    ...Object.values(type.getFields()).map((it) => [`${type.name}.${it.name}`, hintOf(it.astNode)] as const),
  ])
const hinted = hints.filter(([, hint]) => hint !== undefined)

/** The type and those of everything below it. */
function typesBelow(name: string, seen: string[] = []): string[] {
  const type = schema.getType(name)
  if (!isObjectType(type) || seen.includes(name)) return seen
  const next = Object.values(type.getFields()).map((field) => getNamedType(field.type).name)
  return next.reduce((all, each) => typesBelow(each, all), [...seen, name])
}

describe('in our schema', () => {
  test('nothing is public but the schema itself', () => {
    expect(hinted.length).toBeGreaterThan(15)
    expect(hinted.filter(([, hint]) => hint?.['scope'] !== 'PRIVATE')).toEqual([])
    expect(policyIn(schema, '{ __schema { types { name } } }')).toEqual(kept(300))
    expect(policyIn(schema, '{ __type(name: "User") { name } }')).toEqual(kept(300))
  })

  test.each([
    ['{ me { id } }', kept(3600, 'PRIVATE')],
    ['{ user(id: 1) { settings { character } } }', kept(3600, 'PRIVATE')],
    ['{ user(id: 1) { stars { total } statsRange { date } statsSummary { totalWords } } }', kept(900, 'PRIVATE')],
    ['{ userByTelegramId(telegramId: 1) { dailyStats { date } } }', kept(900, 'PRIVATE')],
    ['{ me { messages { edges { node { mistakes { original } user { id } } } } } }', kept(300, 'PRIVATE')],
    ['{ users { edges { cursor node { id } } pageInfo { endCursor } } }', kept(300, 'PRIVATE', 30)],
    ['{ users { edges { node { stars { total } } } } }', kept(300, 'PRIVATE')],
  ])('%s is kept', (query, policy) => {
    expect(policyIn(schema, query)).toEqual(policy)
  })

  test('neither replies, health nor bills carry a hint, nor what changes and what is streamed', () => {
    const below = ['HonzikReply', 'Health', 'TutorUsage'].flatMap((name) => typesBelow(name))
    expect(below).toEqual(expect.arrayContaining(['Mistake', 'ReplyCache', 'ComponentHealth']))
    const payloads = Object.keys(schema.getTypeMap()).filter((name) => name.endsWith('Payload'))
    expect(payloads.length).toBeGreaterThan(6)
    const unkept = new Set([...below, ...payloads, 'Mutation', 'Subscription', 'HonzikReplyPart'])
    expect(hinted.filter(([coordinate]) => unkept.has(coordinate.split('.')[0] ?? ''))).toEqual([])
    const fields = hinted.map(([coordinate]) => coordinate)
    expect(['Query.health', 'Query.honzikReply', 'User.tutorUsage'].filter((it) => fields.includes(it))).toEqual([])
  })

  test.each([
    '{ health { status } }',
    '{ honzikReply(input: { text: "Ahoj!" }) { mistakes { original } } }',
    '{ me { id tutorUsage { calls } } }',
    '{ me { id messages { edges { node { user { tutorUsage { calls } } } } } } }',
    'mutation { updateUser(input: { id: 1 }) { user { id } } }',
    'subscription { honzikReply(input: { text: "Ahoj!" }) { text } }',
  ])('%s is not kept', (query) => {
    expect(policyIn(schema, query)).toBeNull()
  })
})
