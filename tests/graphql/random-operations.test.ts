import fc from 'fast-check'
import { type ASTNode, buildSchema, Kind, parse, type SelectionSetNode, specifiedRules, validate, visit } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LIMITS, limitRules } from '../../src/graphql/limits.ts'
import { schema } from '../../src/graphql/schema.ts'
import { Random } from '../live/random.ts'
import { learnerArguments } from '../support/learner-arguments.ts'
import { openMemoryDatabase } from '../support/memory-database.ts'
import { createLearner } from '../support/people.ts'
import { operationFrom, type RandomOperation, randomOperations } from '../support/random-operations.ts'
import type { OperationOptions } from '../support/random-selections.ts'
import { type GraphQLAnswer, NOW, startTestApp, type TestApp } from '../support/test-app.ts'

const argument = learnerArguments({ ids: [1, 2, 3], telegramIds: ['1001', '1002', '1003'], now: NOW })

function operations(count: number, seed: number, options: Partial<OperationOptions> = {}): RandomOperation[] {
  const random = new Random(seed)
  return Array.from({ length: count }, () => operationFrom(() => random.next(), { schema, argument, ...options }))
}

const problemsOf = (query: string): string[] =>
  validate(schema, parse(query, { maxTokens: LIMITS.tokens }), [...specifiedRules, ...limitRules]).map(String)

function nodesOf(query: string): ASTNode[] {
  const nodes: ASTNode[] = []
  visit(parse(query), { enter: (node) => void nodes.push(node) })
  return nodes
}

const fieldsIn = (query: string): string[] =>
  nodesOf(query).flatMap((node) => (node.kind === Kind.FIELD ? node.name.value : []))

/** A job has the reply that it came to; only the query asks for one, and has to say for what. */
const asksModel = (query: string): boolean =>
  nodesOf(query).some((node) => node.kind === Kind.FIELD && node.name.value === 'honzikReply' && node.arguments?.length)

const samples = operations(500, 1).map((operation) => ({ ...operation, nodes: nodesOf(operation.query) }))
type Sample = (typeof samples)[number]

describe('a random operation', () => {
  test('is valid and within the limits', () => {
    expect(samples.flatMap(({ query }) => problemsOf(query))).toEqual([])
    expect(new Set(samples.map(({ query }) => query)).size).toBeGreaterThan(490)
  })

  test('is the same for the same numbers', () => {
    expect(operations(20, 7)).toEqual(operations(20, 7))
  })

  test('asks no model and not for the schema, unless told to', () => {
    const plain = samples.flatMap(({ query }) => fieldsIn(query))
    expect(plain.filter((name) => /^(__schema|__type)$/.test(name))).toEqual([])
    expect(samples.filter(({ query }) => asksModel(query))).toEqual([])
    const all = operations(200, 2, { introspection: true, uses: () => true })
    expect(all.flatMap(({ query }) => problemsOf(query))).toEqual([])
    const told = all.flatMap(({ query }) => fieldsIn(query))
    expect(told).toEqual(expect.arrayContaining(['__schema', '__type']))
    expect(all.some(({ query }) => asksModel(query))).toBe(true)
  })

  test('keeps to the fields and the depth that it is told', () => {
    const uses = (coordinate: string) => !coordinate.startsWith('Query.') || coordinate === 'Query.me'
    const shallow = operations(100, 3, { depth: 2, uses }).flatMap(({ query }) => fieldsIn(query))
    expect(shallow).toContain('me')
    expect(shallow).toContain('firstName')
    expect(shallow.filter((name) => ['user', 'health', 'stars', 'total'].includes(name))).toEqual([])
  })

  test('can be made for another schema', () => {
    const other = buildSchema(
      'input In { list: [Int!], flag: Boolean } type Query { echo(in: In!): String, n: [Query] }',
    )
    const value = { list: [1, 2], flag: true }
    const made = operations(100, 4, { schema: other, argument: () => value })
    expect(made.flatMap(({ query }) => validate(other, parse(query)))).toEqual([])
    expect(made.some(({ query }) => query.includes('echo(in: {list: [1, 2], flag: true})'))).toBe(true)
  })

  test('shrinks to what matters', () => {
    const whole = randomOperations({ schema, argument })
    const found = fc.check(
      fc.property(whole, ({ query }) => problemsOf(query).length === 0 && !fieldsIn(query).includes('settings')),
      { seed: 3, numRuns: 500 },
    )
    const [shrunk] = found.counterexample ?? []
    expect(shrunk?.query).toContain('settings')
    expect(shrunk?.query.length).toBeLessThan(100)
  })
})

type Selecting = { readonly selectionSet?: SelectionSetNode | undefined }
const within = (node: Selecting, kind: Kind) => node.selectionSet?.selections.some((it) => it.kind === kind)

const fields = ({ nodes }: Sample) => nodes.filter((node) => node.kind === Kind.FIELD)
const inline = ({ nodes }: Sample) => nodes.filter((node) => node.kind === Kind.INLINE_FRAGMENT)
const fragments = ({ nodes }: Sample) => nodes.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
const declared = ({ nodes }: Sample) => nodes.filter((node) => node.kind === Kind.VARIABLE_DEFINITION)
const namesOf = ({ nodes }: Sample, kind: Kind.FRAGMENT_SPREAD | Kind.VARIABLE | Kind.OPERATION_DEFINITION) =>
  nodes.flatMap((node) => (node.kind === kind ? (node.name?.value ?? []) : []))
const twice = (names: readonly string[]) => new Set(names).size < names.length

/** Whether some condition reads so, such as `@skip(if: true)`. */
const says = (directive: string, value: RegExp) => (it: Sample) =>
  it.nodes.some(
    (node) =>
      node.kind === Kind.DIRECTIVE &&
      node.name.value === directive &&
      node.arguments?.some((arg) => value.test(`${arg.value.kind} ${'value' in arg.value && arg.value.value}`)),
  )

/** Whether some argument of this name is written so. */
const argued = (name: string, kind: Kind) => (it: Sample) =>
  it.nodes.some((node) => node.kind === Kind.ARGUMENT && node.name.value === name && node.value.kind === kind)

const variable = (hasDefault: boolean, isGiven: boolean) => (it: Sample) =>
  declared(it).some(
    ({ defaultValue, variable: { name } }) =>
      (defaultValue !== undefined) === hasDefault && name.value in it.variables === isGiven,
  )

const CONSTRUCTS: Record<string, (sample: Sample) => unknown> = {
  'no keyword': ({ query }) => query.startsWith('{'),
  'an alias': (it) => fields(it).some(({ alias }) => alias),
  'an alias that is the name of another field': (it) => fields(it).some(({ alias }) => alias && alias.value.length > 2),
  '__typename at the root': ({ query }) => query.startsWith('{ __typename'),
  '__typename below': (it) => fields(it).some(({ name }) => name.value === '__typename'),
  'a field twice, to be merged': ({ nodes }) =>
    nodes.some(
      (node) =>
        node.kind === Kind.SELECTION_SET &&
        twice(node.selections.flatMap((it) => (it.kind === Kind.FIELD && it.selectionSet ? it.name.value : []))),
    ),
  'an inline fragment with a condition': (it) => inline(it).some(({ typeCondition }) => typeCondition),
  'an inline fragment without one': (it) => inline(it).some(({ typeCondition }) => !typeCondition),
  'an inline fragment in another': (it) => inline(it).some((node) => within(node, Kind.INLINE_FRAGMENT)),
  'a fragment in another': (it) => fragments(it).some((node) => within(node, Kind.FRAGMENT_SPREAD)),
  'a fragment that is spread twice': (it) => twice(namesOf(it, Kind.FRAGMENT_SPREAD)),
  '@include of true': says('include', /BooleanValue true/),
  '@include of false': says('include', /BooleanValue false/),
  '@include of a variable': says('include', /Variable/),
  '@skip of true': says('skip', /BooleanValue true/),
  '@skip of false': says('skip', /BooleanValue false/),
  '@skip of a variable': says('skip', /Variable/),
  'both on one field': (it) => fields(it).some(({ directives }) => directives?.length === 2),
  'a variable with a default': variable(true, false),
  'a variable with a default that is overruled': variable(true, true),
  'a variable without a default': variable(false, true),
  'a variable that is not given': variable(false, false),
  'a variable that is null': ({ variables }) => Object.values(variables).includes(null),
  'a variable that is used twice': (it) => namesOf(it, Kind.VARIABLE).length > 2 * declared(it).length,
  'several operations': (it) => it.operationName && namesOf(it, Kind.OPERATION_DEFINITION).length > 1,
  'one operation by its name': (it) => it.operationName && namesOf(it, Kind.OPERATION_DEFINITION).length === 1,
  'a name that is not asked for': (it) => !it.operationName && namesOf(it, Kind.OPERATION_DEFINITION).length === 1,
  'an id as a number': argued('id', Kind.INT),
  'an id as a string': argued('id', Kind.STRING),
  'an id as a variable': argued('id', Kind.VARIABLE),
  'a Telegram id as a number': argued('telegramId', Kind.INT),
  'a Telegram id as a string': argued('telegramId', Kind.STRING),
  'a Telegram id as a variable': argued('telegramId', Kind.VARIABLE),
  'days as a literal': argued('days', Kind.INT),
  'days as a variable': argued('days', Kind.VARIABLE),
  'a page size as a literal': argued('first', Kind.INT),
  'a page size as a variable': argued('first', Kind.VARIABLE),
  'a date as a literal': argued('date', Kind.STRING),
  'a date as a variable': argued('date', Kind.VARIABLE),
  'no date in as many words': argued('date', Kind.NULL),
  'a cursor': argued('after', Kind.STRING),
  'a malformed id': ({ query }) => /user\(id: ("ada"|"1.5"|-1)\)/.test(query),
  'a comment': ({ query }) => query.includes('#'),
  'a byte order mark': ({ query }) => query.includes('\uFEFF'),
  'several lines': ({ query }) => /\r\n/.test(query),
  'no space where none is needed': ({ query }) => query.includes('){'),
}

describe('among 500 random operations', () => {
  test.each(Object.entries(CONSTRUCTS))('is one with %s', (_, isThere) => {
    expect(samples.filter(isThere).length).toBeGreaterThan(0)
  })
})

describe('the server', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await startTestApp({ openDatabase: async () => openMemoryDatabase() })
  })
  afterAll(() => app[Symbol.asyncDispose]())

  test('executes them, and finds fault only with ids, cursors and rights', async () => {
    const [learner] = [await createLearner(app), await createLearner(app)]
    const tokens = [await app.tokenOf('user', learner), await app.tokenOf('staff', 999_999)]
    const refusals = new Set<string>()
    let flawless = 0
    for (const [index, { nodes: _, ...operation }] of samples.slice(0, 300).entries()) {
      const answer = await app.post(operation, { authorization: `Bearer ${tokens[index % 2]}` })
      const { errors = [] } = (await answer.json()) as GraphQLAnswer
      if (errors.length === 0) flawless += 1
      for (const { extensions } of errors) refusals.add([extensions.code, extensions.field ?? []].flat().join(' '))
    }
    expect([...refusals].sort()).toEqual([
      'BAD_USER_INPUT after',
      'BAD_USER_INPUT telegramId',
      'FORBIDDEN',
      'NOT_FOUND',
    ])
    // There is no job to find.
    expect(flawless).toBeGreaterThan(80)
  })
})
