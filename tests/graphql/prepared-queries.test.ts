import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../src/graphql/limits.ts'
import { PreparedQueries } from '../../src/graphql/prepared-queries.ts'
import type { PreparedQuery, Variables } from '../../src/graphql/prepared-query.ts'
import { schema } from '../../src/graphql/schema.ts'
import { idleContext, smallSchema } from './small-world.ts'

const small = () => new PreparedQueries({ schema: smallSchema, production: false })

function prepared(query: string, operationName: string | null = null, queries = small()): PreparedQuery {
  const found = queries.of(query, operationName)
  if (found === null) throw new Error(`not prepared: ${query}`)
  return found
}

const run = (query: PreparedQuery, variables: Variables = {}) => query.run(idleContext(), variables)

describe('a query', () => {
  test('that is valid and may be kept is prepared once, with its name, its policy and its variables', () => {
    const queries = small()
    const query = 'query Pets($n: Int!, $id: ID) { cat(id: $id) { name } animals(first: $n) { __typename } }'
    const first = prepared(query, null, queries)
    expect(first).toMatchObject({ name: 'Pets', variables: ['id', 'n'] })
    expect(first.policy).toEqual({ maxAgeMs: 60_000, scope: 'PRIVATE', staleMs: 0 })
    expect(queries.of(query, null)).toBe(first)
  })

  test('without a name or variables has none', () => {
    expect(prepared('{ cat { name } }')).toMatchObject({ name: null, variables: [] })
  })

  test.each([
    ['no GraphQL', '{ cat '],
    ['nothing', ''],
    ['invalid', '{ cat { wings } }'],
    ['invalid where nobody looks', 'query A { cat { name } } fragment F on Cat { wings }'],
    ['a change', 'mutation { change }'],
    ['not to be kept', '{ secret }'],
    ['a definition of a type', 'type A { b: Int }'],
    ['one of two without saying which', 'query A { cat { name } } query B { cat { lives } }'],
    ['deeper than anybody asks', `{ cat { ${'friends { ... on Cat { '.repeat(9)} name ${'} }'.repeat(9)} } }`],
    ['longer than it may be', `{ ${'cat { name } '.repeat(LIMITS.tokens)} }`],
    ['too long for a place', `{ cat { name } } #${' '.repeat(20_000)}`],
  ])('that is %s is nobody’s to prepare, also the second time', (_, query) => {
    const queries = small()
    expect(queries.of(query, null)).toBeNull()
    expect(queries.of(query, null)).toBeNull()
  })

  test('is the one of its document that is named', async () => {
    const queries = small()
    const document = 'query A { cat { name } } query B { cat { lives } }'
    expect((await run(prepared(document, 'A', queries)))?.data).toEqual({ cat: { name: 'Cat 1' } })
    expect((await run(prepared(document, 'B', queries)))?.data).toEqual({ cat: { lives: 9 } })
    expect(queries.of(document, 'C')).toBeNull()
    expect(queries.of('query A { cat { name } } mutation M { change }', 'M')).toBeNull()
    expect(queries.of('query A { cat { name } } mutation M { change }', 'A')?.name).toBe('A')
  })

  test('of the schema is one like any other, except in production', () => {
    const query = '{ __schema { queryType { name } } }'
    const open = new PreparedQueries({ schema, production: false })
    expect(open.of(query, null)?.policy.scope).toBe('PUBLIC')
    expect(new PreparedQueries({ schema, production: true }).of(query, null)).toBeNull()
    expect(new PreparedQueries({ schema, production: true }).of('{ me { id } }', null)).not.toBeNull()
  })

  test('is not pushed out by any number of those that are none', () => {
    const queries = small()
    const first = prepared('{ cat { name } }', null, queries)
    for (let n = 0; n < 5_000; n += 1) queries.of(`{ wings${n} ${'x'.repeat(500)} }`, null)
    expect(queries.of('{ cat { name } }', null)).toBe(first)
  })
})

describe('the identity of a query', () => {
  const identity = (query: string, name: string | null = null) => prepared(query, name).identity
  const plain = 'query A($n: Int! = 3) { animals(first: $n) { __typename } cat { name } }'

  test.each([
    ['white space', 'query  A ( $n : Int! = 3 )\n{ animals ( first : $n ) { __typename }\r\n\tcat { name } }'],
    ['commas', 'query A($n: Int! = 3,),{ animals(first: $n,), { __typename }, cat { name,, } }'.replaceAll('(,', '(')],
    ['comments', '# why\nquery A($n: Int! = 3) { animals(first: $n) { __typename # { }\n } cat { name } }'],
    ['byte order marks', '\uFEFFquery A($n: Int! = 3) { animals(first: $n) { __typename } cat { name } }'],
  ])('does not depend on %s', (_, respelt) => {
    expect(identity(respelt)).toBe(identity(plain))
  })

  test.each([
    ['what is asked', plain.replace('cat { name', 'cat { lives')],
    ['an alias', plain.replace('cat { name', 'cat { name: name')],
    ['the order', 'query A($n: Int! = 3) { cat { name } animals(first: $n) { __typename } }'],
    ['a default', plain.replace('= 3', '= 2')],
    ['the name', plain.replace('A', 'B')],
    ['a text', '{ text(of: "a b") }'],
    ['white space in a text', '{ text(of: "a  b") }'],
    ['white space in a block of text', '{ text(of: """a  b""") }'],
  ])('depends on %s', (_, other) => {
    const others = [plain, '{ text(of: "a b c") }', '{ text(of: "ab") }', '{ text(of: """a b""") }']
    for (const each of others) expect(identity(other)).not.toBe(identity(each))
  })

  test('is another for each operation of a document', () => {
    const document = 'query A { cat { name } } query B { cat { name } }'
    expect(identity(document, 'A')).not.toBe(identity(document, 'B'))
  })
})

describe('what a query may cost', () => {
  const queries = () => new PreparedQueries({ schema, production: false })
  const big = `query ($id: ID!, $d: Int! = 366, $yes: Boolean! = true) {
    users(first: 100) { edges { node { statsRange(days: $d) @include(if: $yes) { date messagesCount } } } }
    user(id: $id) { id } }`

  test('depends on its variables, each time anew', async () => {
    const query = prepared(big, null, queries())
    for (let n = 0; n < 3; n += 1) {
      expect(await run(query, { id: '1', d: 366 })).toBeNull()
      expect(await run(query, { id: String(n) })).toBeNull()
      expect(await run(query, { id: '1', d: 7 })).not.toBeNull()
      expect(await run(query, { id: '1', d: 366, yes: false })).not.toBeNull()
    }
  })

  test('is not learned from variables that do not fit, which cost nothing', async () => {
    const query = prepared(big, null, queries())
    expect(await run(query, { id: {}, d: 366 })).toBeNull()
    expect(await run(query, { id: '1', d: 366 })).toBeNull()
  })

  test('is not the same for a variable that is null as for one that is left out', async () => {
    const nullable = big.replace('Int! =', 'Int =')
    const query = prepared(nullable, null, queries())
    await run(query, { id: '1', d: null })
    expect(await run(query, { id: '1' })).toBeNull()
  })
})
