import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withConnections } from '../../src/db/server.ts'
import { HonzikError } from '../../src/domain/error.ts'
import { createServerDatabase, hasPostgres } from '../support/databases.ts'
import { type Answers, CLIENTS, type OpenClient } from '../support/followers.ts'
import { openMemoryDatabase } from '../support/memory-database.ts'
import { type MemoryTutor, openMemoryTutor } from '../support/memory-tutor.ts'
import { createLearner } from '../support/people.ts'
import { at, startTestApp, type TestApp } from '../support/test-app.ts'

const FOLLOW = `subscription Follow($id: ID!, $after: Int) {
  jobUpdated(id: $id, after: $after) {
    revision status stage attempts progress error { code } userMessage { text } result { assistantMessage { text } }
  }
}`

const SEND = `mutation ($text: String!) { sendMessage(input: { text: $text, mode: ASYNC }) { job { id } } }`

/** The states of a job whose first attempt failed. */
const twoAttempts = (said: string) =>
  [
    ['QUEUED', 'REPLY', 0, null, null],
    ['RUNNING', 'REPLY', 1, null, null],
    ['QUEUED', 'REPLY', 1, 'UPSTREAM_UNAVAILABLE', null],
    ['RUNNING', 'REPLY', 2, 'UPSTREAM_UNAVAILABLE', null],
    ['SUCCEEDED', null, 0, null, `Slyším tě: ${said} A co dál?`],
  ].map(([status, stage, attempts, code, text], revision) => ({
    ...{ revision, status, stage, attempts, progress: status === 'SUCCEEDED' ? 100 : 0 },
    ...{ error: code && { code }, userMessage: { text: said }, result: text && { assistantMessage: { text } } },
  }))

async function statesIn(answers: Answers, each: (state: unknown) => unknown = () => {}): Promise<unknown[]> {
  const states: unknown[] = []
  for await (const answer of answers) {
    expect(at(answer, 'errors') ?? at(answer, 'error')).toBeUndefined()
    // Apollo Client adds names of types.
    const state = JSON.parse(
      JSON.stringify(at(answer, 'data', 'jobUpdated'), (name, value) => (name === '__typename' ? undefined : value)),
    )
    states.push(state)
    await each(state)
  }
  return states
}

/** Servers over one database; the first is asked, and some other one may do the work. */
interface Servers {
  readonly asked: TestApp
  readonly tutor: MemoryTutor
}

let sent = 0

/** Says something new: what was said before, by whomever, is answered without a model. */
async function sendTo({ asked }: Servers) {
  sent += 1
  const text = `Ahoj ${sent}!`
  const token = await asked.tokenOf('user', await createLearner(asked))
  const id = at(await asked.ask(SEND, { text }, token), 'data', 'sendMessage', 'job', 'id')
  return { id: String(id), token, expected: twoAttempts(text) }
}

function failOnce(tutor: MemoryTutor): void {
  let times = 0
  tutor.answerBy(async () => {
    times += 1
    if (times === 1) throw new HonzikError('UPSTREAM_UNAVAILABLE', 'The model is busy.')
  })
}

function describeClient(open: OpenClient, servers: () => Servers): void {
  test('is told every change in order, and when the job is over', async () => {
    failOnce(servers().tutor)
    const { id, token, expected } = await sendTo(servers())
    using client = open(servers().asked.url, token)
    expect(await statesIn(client.follow(FOLLOW, { id }))).toEqual(expected)
  })

  test('is told the same after all is over, and only what it does not know', async () => {
    failOnce(servers().tutor)
    const { id, token, expected } = await sendTo(servers())
    using client = open(servers().asked.url, token)
    const [one, two] = [client.follow(FOLLOW, { id }), client.follow(FOLLOW, { id, after: 1 })]
    expect(await Promise.all([statesIn(one), statesIn(two)])).toEqual([expected, expected.slice(2)])
    expect(await statesIn(client.follow(FOLLOW, { id }))).toEqual(expected)
    expect(await statesIn(client.follow(FOLLOW, { id, after: 3 }))).toEqual(expected.slice(4))
    expect(await statesIn(client.follow(FOLLOW, { id, after: 4 }))).toEqual([])
  })
}

/** @param cut ends the connections on which servers hear of changes */
function describeLosses(open: OpenClient, servers: () => Servers, cut: () => Promise<void>): void {
  test('misses nothing when servers lose the connection on which they hear of it', async () => {
    const { promise: go, resolve } = Promise.withResolvers<void>()
    servers().tutor.answerBy(() => go)
    const { id, token } = await sendTo(servers())
    using client = open(servers().asked.url, token)
    const states = await statesIn(client.follow(FOLLOW, { id }), async (state) => {
      if (at(state, 'status') !== 'RUNNING') return
      await cut()
      resolve()
    })
    expect(states.map((state) => [at(state, 'revision'), at(state, 'status')])).toEqual([
      [0, 'QUEUED'],
      [1, 'RUNNING'],
      [2, 'SUCCEEDED'],
    ])
  })
}

describe('over one server that does the work itself', () => {
  let asked: TestApp
  const tutor = openMemoryTutor()

  beforeAll(async () => {
    const database = openMemoryDatabase()
    asked = await startTestApp({ openDatabase: async () => database, openTutor: async () => tutor })
  })
  afterAll(() => asked[Symbol.asyncDispose]())

  describe.each(Object.entries(CLIENTS))('%s', (_, open) => describeClient(open, () => ({ asked, tutor })))
})

describe.skipIf(!hasPostgres)('over one PostgreSQL server, with the work done elsewhere', () => {
  const started = new AsyncDisposableStack()
  let asked: TestApp
  let databaseUrl: string
  const tutor = openMemoryTutor()

  beforeAll(async () => {
    databaseUrl = started.use(await createServerDatabase()).url
    const world = { openTutor: async () => tutor }
    asked = started.use(await startTestApp(world, { databaseUrl, workers: 0 }))
    started.use(await startTestApp(world, { databaseUrl, workers: 8 }))
  })
  afterAll(() => started[Symbol.asyncDispose]())

  async function cut(): Promise<void> {
    const listening = `select pg_terminate_backend(pid) from pg_stat_activity
      where query = 'LISTEN "honzik"' and datname = current_database()`
    const ended = await withConnections(databaseUrl, 1, (client) => client.unsafe(listening))
    expect(ended).toHaveLength(2)
  }

  describe.each(Object.entries(CLIENTS))('%s', (_, open) => {
    describeClient(open, () => ({ asked, tutor }))
    describeLosses(open, () => ({ asked, tutor }), cut)
  })
})
