import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { PreparedQueries } from '../../src/graphql/prepared-queries.ts'
import { schema } from '../../src/graphql/schema.ts'
import { Random } from '../live/random.ts'
import { learnerArguments } from '../support/learner-arguments.ts'
import { createLearner } from '../support/people.ts'
import { operationFrom, type RandomOperation } from '../support/random-operations.ts'
import { at, type TestApp } from '../support/test-app.ts'
import { openWire, type Wire, type WireAnswer } from '../support/wire.ts'
import { type Cluster, startCluster } from './differential/cluster.ts'
import { differenceOf } from './differential/compare.ts'

/** `LEAKS_SEED` repeats a run. */
const seed = Number(process.env['LEAKS_SEED'] ?? Date.now() % 1_000_000)
const OPERATIONS = 1_000

let cluster: Cluster
let wire: Wire
let cached: TestApp
let ada: number
let eva: number

beforeAll(async () => {
  cluster = await startCluster()
  wire = openWire()
  cached = cluster.nodes[0].app
  ada = await createLearner(cached, { firstName: 'Ada', telegramId: '10001' })
  eva = await createLearner(cached, { firstName: 'Eva', telegramId: '10002' })
})
afterAll(async () => {
  wire[Symbol.dispose]()
  await cluster[Symbol.asyncDispose]()
})
// Whatever is as old as a second was kept before.
beforeEach(() => cluster.pass({ seconds: 1 }))

type Body = Omit<RandomOperation, 'variables'> & Partial<RandomOperation>

const ask = (app: TestApp, token: string | null, body: Body): Promise<WireAnswer> =>
  wire.send(app.url, {
    method: 'POST',
    path: '/graphql',
    headers: { 'content-type': 'application/json', ...(token !== null && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  })

const query = async (token: string | null, text: string): Promise<WireAnswer> => {
  cluster.pass({ seconds: 1 })
  return ask(cached, token, { query: text })
}

const isKept = ({ headers }: WireAnswer): boolean => headers['x-cache'] === 'HIT' && Number(headers.age) >= 1
const dataIn = ({ text }: WireAnswer): unknown => at(JSON.parse(text), 'data')
const codeIn = ({ text }: WireAnswer): unknown => at(JSON.parse(text), 'errors', 0, 'extensions', 'code')

/** Random operations whose answers may be kept, about both learners. */
function* cacheable(random: Random): Generator<RandomOperation> {
  const queries = new PreparedQueries({ schema, production: false })
  const argument = learnerArguments({ ids: [ada, eva], telegramIds: ['10001', '10002'], now: cluster.now() })
  for (;;) {
    const options = { schema, argument, introspection: random.next() < 0.1 }
    const operation = operationFrom(() => random.next(), options)
    if (queries.of(operation.query, operation.operationName ?? null)) yield operation
  }
}

test('nobody gets another’s answer to the same bytes, whoever asked before', async () => {
  const random = new Random(seed)
  const tokens = [
    await cached.tokenOf('user', ada),
    await cached.tokenOf('user', eva),
    await cached.tokenOf('staff', 999_999),
    await cached.tokenOf('admin', ada),
    null,
  ]
  const leaks: string[] = []
  let kept = 0
  for (const operation of cacheable(random).take(OPERATIONS)) {
    cluster.pass({ milliseconds: 1_000 })
    const inTurn = random.shuffled(tokens)
    const expected = new Map(
      await Promise.all(inTurn.map(async (token) => [token, await ask(cluster.plain, token, operation)] as const)),
    )
    for (const token of [...inTurn, ...inTurn.slice(0, 2)]) {
      const given = await ask(cached, token, operation)
      if (given.headers['x-cache'] === 'HIT') kept += 1
      const meant = expected.get(token)
      const difference = meant && differenceOf(given, meant)
      if (difference) leaks.push(`${JSON.stringify(operation)}: ${difference}`)
    }
  }
  expect(leaks.slice(0, 3), `LEAKS_SEED=${seed}`).toEqual([])
  expect(kept).toBeGreaterThan(OPERATIONS)
}, 240_000)

describe('what is kept for somebody', () => {
  test('is not for a token that only begins like theirs, nor for one that is like it but for a letter', async () => {
    const token = await cached.tokenOf('user', ada)
    const own = '{ me { firstName level } }'
    await query(token, own)
    expect(isKept(await query(token, own))).toBe(true)
    const last = token.endsWith('A') ? 'B' : 'A'
    for (const other of [`${token}A`, token.slice(0, -1), `${token.slice(0, -10)}${last.repeat(10)}`, `${token} x`, ''])
      expect(codeIn(await query(other, own))).toBe('UNAUTHENTICATED')
  })

  test('is not for the same person in a lesser role', async () => {
    const list = '{ me { firstName } users { edges { node { firstName } } } }'
    const [asAdmin, asLearner] = [await cached.tokenOf('admin', ada), await cached.tokenOf('user', ada)]
    await query(asAdmin, list)
    expect(isKept(await query(asAdmin, list))).toBe(true)
    expect(codeIn(await query(asLearner, list))).toBe('FORBIDDEN')
    expect(dataIn(await query(asLearner, list))).toEqual({ me: { firstName: 'Ada' }, users: null })
  })

  test('is not for them either once their token has expired', async () => {
    const own = '{ me { firstName nativeLanguage } }'
    const token = await cached.tokenOf('user', ada)
    cluster.pass({ hours: 23, minutes: 59 })
    await query(token, own)
    expect(isKept(await query(token, own))).toBe(true)
    cluster.pass({ minutes: 1 })
    expect(codeIn(await query(token, own))).toBe('UNAUTHENTICATED')
    // It was there all the time.
    expect(isKept(await query(await cached.tokenOf('user', ada), own))).toBe(true)
  })

  test('is for nobody once they are deleted', async () => {
    const id = await createLearner(cached, { firstName: 'Ida' })
    const token = await cached.tokenOf('user', id)
    const texts = ['{ me { firstName } }', `{ user(id: ${id}) { stars { total } } }`, '{ me { dailyStats { date } } }']
    for (const text of texts) {
      await query(token, text)
      expect(isKept(await query(token, text))).toBe(true)
    }
    const staff = await cached.tokenOf('staff', 999_999)
    await query(staff, `mutation { deleteUser(input: { id: ${id} }) { deletedId } }`)
    for (const text of texts) expect(codeIn(await query(token, text))).toBe('UNAUTHENTICATED')
  })

  test('says so to every cache on its way', async () => {
    const { headers } = await query(await cached.tokenOf('user', ada), '{ me { firstName } }')
    expect(headers['cache-control']).toBe('private, no-cache')
    expect(headers.vary).toContain('Authorization')
  })
})

test('what is the same for everybody is kept once for everybody', async () => {
  const schemaOnly = '{ __schema { queryType { name } } __type(name: "User") { name } }'
  await query(await cached.tokenOf('user', ada), schemaOnly)
  for (const token of [null, await cached.tokenOf('user', eva), await cached.tokenOf('staff', 1), 'nonsense']) {
    const answer = await query(token, schemaOnly)
    expect(isKept(answer)).toBe(true)
    expect(answer.headers['cache-control']).toBe('public, no-cache')
  }
})

test('an answer with the schema and a learner in it is that learner’s own', async () => {
  const both = '{ __schema { queryType { name } } me { firstName } }'
  await query(await cached.tokenOf('user', ada), both)
  expect(at(dataIn(await query(await cached.tokenOf('user', eva), both)), 'me', 'firstName')).toBe('Eva')
  expect(codeIn(await query(null, both))).toBe('UNAUTHENTICATED')
})

const usage = () => `{ user(id: ${ada}) { firstName tutorUsage { calls } } }`
const reply = (text: string) => `{ honzikReply(input: { text: "${text}", userId: ${ada} }) { reply } me { id } }`

describe('never kept, however often it is asked for', () => {
  test.each([
    ['health', () => '{ health { status } }'],
    ['health beside what could be kept', () => `{ user(id: ${ada}) { firstName } health { status } }`],
    ['what the tutor says', () => reply('Ahoj!')],
    ['what a model cost', usage],
    ['an answer with an error', () => '{ user(id: 999999999) { id } }'],
    [
      'an answer with an error in a part',
      () => `{ ada: user(id: ${ada}) { firstName } no: user(id: 999999999) { id } }`,
    ],
    ['nothing but the names of types', () => '{ __typename }'],
  ])('%s', async (_, text) => {
    const staff = await cached.tokenOf('staff', 999_999)
    for (let time = 0; time < 4; time += 1) {
      const { headers } = await query(staff, text())
      expect(Number(headers.age ?? 0)).toBe(0)
      expect(headers.etag).toBeUndefined()
      expect(headers['cache-control']).toBe('no-store')
    }
  })

  test('and so is as new as ever', async () => {
    const staff = await cached.tokenOf('staff', 999_999)
    const calls = async () => Number(at(dataIn(await query(staff, usage())), 'user', 'tutorUsage', 'calls'))
    const before = await calls()
    await query(staff, reply('Co je nového?'))
    expect(await calls()).toBe(before + 1)
  })
})
