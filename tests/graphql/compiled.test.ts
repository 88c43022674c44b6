import {
  type ExecutionResult,
  execute,
  getNamedType,
  isAbstractType,
  isInputObjectType,
  isObjectType,
  parse,
} from 'graphql'
import { describe, expect, test } from 'vitest'
import { PreparedQueries } from '../../src/graphql/prepared-queries.ts'
import type { Variables } from '../../src/graphql/prepared-query.ts'
import { schema } from '../../src/graphql/schema.ts'
import { idleContext, smallSchema } from './small-world.ts'

/*
 * A query is compiled when it is asked for the third time. Nobody must be able to tell: the same fields in the same
 * order, the same values, and errors with the same words, places and paths as graphql-js has them.
 */

const TIMES = 5

/** As JSON, where the order of fields shows. */
const shown = (result: ExecutionResult | null | undefined): string =>
  JSON.stringify({ errors: result?.errors?.map((error) => error.toJSON()), data: result?.data })

async function expectSame(query: string, variables: Variables = {}, of = smallSchema): Promise<void> {
  const prepared = new PreparedQueries({ schema: of, production: false }).of(query, null)
  const expected = await execute({
    schema: of,
    document: parse(query),
    contextValue: idleContext(),
    variableValues: variables,
  })
  for (let time = 1; time <= TIMES; time += 1) {
    const result = await prepared?.run(idleContext(), variables)
    // Whose variables do not fit is for others to explain.
    if (result === null) expect(expected.errors, `time ${time}`).toBeDefined()
    else if (expected.data === undefined) expect(result, `time ${time}`).toBeNull()
    else expect(shown(result), `time ${time}`).toBe(shown(expected))
  }
}

describe('a query that is asked often is answered as if it were asked once', () => {
  test.each([
    ['one field', '{ cat { name } }'],
    ['aliases', '{ a: cat { b: name c: name name } b: cat(id: 2) { name a: __typename } }'],
    ['an alias that objects have a meaning for', '{ cat { __proto__: name lives } }'],
    ['the same at the top', '{ __proto__: cat { name } cat { name constructor: lives toString: name } }'],
    ['the same field twice', '{ cat { name } cat { lives } cat { name friend { name } } }'],
    [
      'fragments that meet',
      '{ ...F cat { lives ...G } } fragment F on Query { cat { friend { name } } } fragment G on Cat { name lives }',
    ],
    [
      'fragments in each other',
      '{ cat { ...G } } fragment G on Cat { friend { ...N } ... { ...N } } fragment N on Named { name }',
    ],
    [
      'types that differ',
      '{ animals(first: 4) { __typename ... on Dog { barks } ... on Named { name } ... on Cat { lives friends { name ... on Dog { barks(times: 1) } } } } }',
    ],
    ['fragments that do not apply', '{ cat { ... on Named { name } friend { ... on Cat { lives } } } }'],
    ['lists in lists', '{ matrix }'],
    ['an empty list', '{ animals(first: 0) { __typename } colours(of: []) }'],
    [
      'enums and scalars',
      '{ colour colours(of: [RED, BLUE]) date(of: "2026-11-23") big(of: "9007199254740993") float(of: 0.1) }',
    ],
    ['a single value where a list may be', '{ colours(of: RED) place(all: { x: 1 }) }'],
    ['input objects with defaults', '{ place(at: { x: 1 }) other: place(at: { x: 1, y: null, note: "a" }, all: []) }'],
    ['names in capitals and with lines', '{ _: cat { __: name } A1_: colour }'],
    ['numbers that need care', '{ big(of: -9223372036854775808) float(of: 1e300) a: float(of: 3) }'],
    [
      'texts that need care',
      '{ text(of: "\\"\\\\ \\u0000 \\u2028 ž </script>") a: text(of: """a\n  b""") b: text(of: "") }',
    ],
    [
      'fields that are left out',
      '{ cat { name @skip(if: true) lives @include(if: true) friend @include(if: false) { name } } }',
    ],
    ['everything left out', '{ cat { name @skip(if: true) } }'],
    [
      'fragments that are left out',
      '{ cat { ...G @skip(if: true) ... @include(if: true) { name } } } fragment G on Cat { lives }',
    ],
  ])('%s', async (_, query) => {
    await expectSame(query)
  })

  test.each([
    ['one that fails beside one that does not', '{ broken cat { name } }'],
    ['an alias of one that fails', '{ a: broken b: broken }'],
    ['one that must not be null', '{ cat { name } brokenCat { name } }'],
  ])('errors: %s', async (_, query) => {
    await expectSame(query)
  })

  test.each<[what: string, query: string, variables: readonly Variables[]]>([
    [
      'an id',
      'query ($v: ID) { cat(id: $v) { name } }',
      [{}, { v: '7' }, { v: 7 }, { v: null }, { v: 1.5 }, { v: true }, { v: {} }, { v: [] }],
    ],
    ['an id with a default', 'query ($v: ID = 5) { cat(id: $v) { name } }', [{}, { v: '7' }, { v: null }]],
    ['an id that must be there', 'query ($v: ID!) { cat(id: $v) { name } }', [{}, { v: '' }, { v: null }]],
    [
      'a number',
      'query ($v: Int! = 2) { animals(first: $v) { __typename } }',
      [{}, { v: 1 }, { v: 1.0 }, { v: '1' }, { v: 1.5 }, { v: 2 ** 31 }, { v: null }, { v: true }],
    ],
    [
      'a number that may be null',
      'query ($v: Int) { cat { friend { ... on Dog { barks(times: $v) } } } }',
      [{}, { v: 1 }, { v: null }],
    ],
    [
      'a number where null may not be',
      'query ($v: Int = 2) { animals(first: $v) { __typename } }',
      [{}, { v: 1 }, { v: null }],
    ],
    ['an enum', 'query ($v: Colour) { colour(of: $v) }', [{}, { v: 'RED' }, { v: 'GREEN' }, { v: null }, { v: 1 }]],
    [
      'a list',
      'query ($v: [Colour!]) { colours(of: $v) }',
      [{}, { v: ['RED'] }, { v: 'RED' }, { v: [null] }, { v: null }],
    ],
    [
      'a date',
      'query ($v: Date) { date(of: $v) }',
      [{}, { v: '2026-11-23' }, { v: '2026-11-31' }, { v: 5 }, { v: null }],
    ],
    [
      'a large number',
      'query ($v: BigInt) { big(of: $v) }',
      [{}, { v: '12' }, { v: 12 }, { v: 1.5 }, { v: 'x' }, { v: '9'.repeat(30) }, { v: null }],
    ],
    ['a fraction', 'query ($v: Float) { float(of: $v) }', [{}, { v: 1 }, { v: 1.5 }, { v: '1' }, { v: null }]],
    [
      'an input object',
      'query ($v: Place) { place(at: $v) }',
      [{}, { v: { x: 1 } }, { v: { x: 1, y: null } }, { v: { y: 1 } }, { v: { x: 1, z: 1 } }, { v: [] }, { v: null }],
    ],
    [
      'a part of an input object',
      'query ($v: Int) { place(at: { x: 1, y: $v }, all: [{ x: 2, note: "a" }]) }',
      [{ v: 1 }, { v: null }],
    ],
    [
      'whether to skip',
      'query ($v: Boolean! = true) { cat { name @skip(if: $v) lives } }',
      [{}, { v: false }, { v: true }, { v: null }, { v: 'true' }, { v: 0 }],
    ],
    [
      'whether to include',
      'query ($v: Boolean!) { cat { name ...F @include(if: $v) } } fragment F on Cat { lives }',
      [{}, { v: false }, { v: true }],
    ],
    [
      'whether to do both',
      'query ($v: Boolean!, $w: Boolean!) { cat { name @skip(if: $v) @include(if: $w) ... @skip(if: $w) { lives } } }',
      [
        { v: true, w: true },
        { v: false, w: true },
        { v: false, w: false },
      ],
    ],
    [
      'the same field, once skipped',
      'query ($v: Boolean!) { cat { name @skip(if: $v) name @include(if: $v) lives @skip(if: $v) } cat @skip(if: $v) { friend { name } } }',
      [{ v: true }, { v: false }],
    ],
    [
      'whether to skip, with null for an answer',
      'query ($v: Boolean = true) { cat { name lives @skip(if: $v) } }',
      [{}, { v: null }, { v: false }],
    ],
    [
      'names that objects have anyway',
      'query ($constructor: ID, $toString: Int! = 1) { cat(id: $constructor) { name } animals(first: $toString) { __typename } }',
      [{}, { constructor: '3', toString: 2 }],
    ],
  ])('variables: %s', async (_, query, variables) => {
    for (const each of variables) await expectSame(query, each)
  })

  test('what the schema says of itself', async () => {
    const query =
      '{ __schema { queryType { name } types { kind name fields { name args { name defaultValue type { name ofType { name } } } } } } __type(name: "User") { description } }'
    await expectSame(query, {}, schema)
  })
})

/** Compiled, a variable that is left out within an input object does not get that field's default; and types that differ by value cannot fail. */
describe('what a compiled query gets wrong', () => {
  const types = Object.values(schema.getTypeMap())

  test('is not in the schema: no field that may be kept takes an input object', () => {
    const taking = types.filter(isObjectType).flatMap((type) =>
      Object.values(type.getFields())
        .filter(({ args }) => args.some((arg) => isInputObjectType(getNamedType(arg.type))))
        .map(({ name }) => `${type.name}.${name}`),
    )
    const read = taking.filter((name) => !name.startsWith('Mutation.') && !name.startsWith('Subscription.'))
    expect(read).toEqual(['Query.honzikReply'])
    const queries = new PreparedQueries({ schema, production: false })
    expect(queries.of('{ honzikReply(input: { text: "a" }) { reply } }', null)).toBeNull()
  })

  test('is not in the schema: no type stands for several', () => {
    expect(types.filter(isAbstractType).map(({ name }) => name)).toEqual([])
  })
})
