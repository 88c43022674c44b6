import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { openConfiguredTutor } from '../../src/open.ts'
import { MemoryStore } from '../cache/memory-store.ts'
import { bearer } from '../http/whole-app.ts'
import { openRawClient } from '../http/wire/raw-client.ts'
import { eventually } from '../support/eventually.ts'
import { startFakeOpenAI } from '../support/fake-openai/fake-openai.ts'
import { createLearner } from '../support/people.ts'
import { NOW } from '../support/test-app.ts'
import { type FollowedApp, startFollowedApp } from './followed-app.ts'

/** A caller's trace, as W3C's Trace Context spells it. */
const CALLER = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' }
const traceparent = `00-${CALLER.traceId}-${CALLER.spanId}-01`

async function learnerOf(app: FollowedApp) {
  const id = await createLearner(app)
  app.forget()
  return { id, token: await app.tokenOf('user', id) }
}

const lastLine = ({ requests }: FollowedApp) =>
  eventually(() => {
    const line = requests().at(-1)
    if (line === undefined) throw new Error('no request was logged')
    return line
  })

test('a query is one tree: the batches of its loaders, and what they ask of the cache and the database', async () => {
  const shared = new MemoryStore()
  const app = await startFollowedApp(
    { redisUrl: 'redis://in-memory' },
    { openStore: () => ({ ...shared.connect(), async [Symbol.asyncDispose]() {} }) },
  )
  const { token } = await learnerOf(app)
  await app.ask('query Home { me { firstName messages(first: 1) { edges { node { text } } } } }', {}, token)

  expect(await app.tree('query Home')).toEqual([
    'query Home',
    '  loader user',
    '    cache read',
    '    cache lease',
    '    sql users',
    '    cache fill',
    '  loader messages',
    '    sql messages',
  ])
  const [root, user, read, sql] = await Promise.all(
    ['query Home', 'loader user', 'cache read', 'sql users'].map((name) => app.span(name)),
  )
  expect(root).toMatchObject({ kind: SpanKind.SERVER, parentSpanContext: undefined, status: { code: 0 } })
  expect(root?.attributes).toEqual({
    'http.request.method': 'POST',
    'http.route': '/graphql',
    'url.path': '/graphql',
    'http.response.status_code': 200,
    'graphql.operation.type': 'query',
    'graphql.operation.name': 'Home',
    'honzik.cache.status': 'MISS',
    'honzik.sql': 2,
  })
  expect(user?.attributes).toEqual({ 'honzik.keys': 1, 'honzik.loader.from_memory': 0 })
  expect(read?.attributes).toEqual({
    'db.system.name': 'redis',
    'db.operation.name': 'read',
    'honzik.keys': 1,
    'honzik.cache.found': 0,
  })
  expect(sql).toMatchObject({ kind: SpanKind.CLIENT, resource: { attributes: { 'service.name': 'honzik' } } })
  expect(sql?.attributes).toEqual({
    'db.system.name': 'postgresql',
    'db.operation.name': 'users',
    'db.query.summary': 'users',
  })
})

test('parts lie within the whole, also by the clock', async () => {
  const app = await startFollowedApp()
  const { token } = await learnerOf(app)
  await app.ask('query Home { me { firstName } }', {}, token)
  const [root, sql] = [await app.span('query Home'), await app.span('sql users')]
  const at = ([seconds, nanoseconds]: readonly [number, number]) => seconds * 1_000 + nanoseconds / 1_000_000
  expect(at(sql.startTime)).toBeGreaterThanOrEqual(at(root.startTime))
  expect(at(sql.endTime)).toBeLessThanOrEqual(at(root.endTime))
  expect(Math.abs(at(root.endTime) - Date.now())).toBeLessThan(60_000)
})

test('a request is part of its caller’s trace, and its log line says of which', async () => {
  const app = await startFollowedApp()
  const { token } = await learnerOf(app)
  await app.post({ query: 'query Home { me { firstName } }' }, { ...bearer(token), traceparent })
  const { parentSpanContext } = await app.span('query Home')
  expect(parentSpanContext).toMatchObject(CALLER)
  expect(await lastLine(app)).toMatchObject({ operation: 'Home', traceId: CALLER.traceId })

  app.forget()
  await app.post({ query: 'query Odd { me { firstName } }' }, { ...bearer(token), traceparent: 'nonsense' })
  expect((await app.span('query Odd')).parentSpanContext).toBeUndefined()
})

test('answers that are kept have spans of their own, and carry nobody’s trace', async () => {
  const app = await startFollowedApp()
  const { token } = await learnerOf(app)
  const body = JSON.stringify({ query: 'query Home { me { firstName } }' })
  const head = { host: 'x', 'content-type': 'application/json', 'content-length': String(body.length) }
  const lines = Object.entries({ ...head, ...bearer(token), traceparent }).map(([name, value]) => `${name}: ${value}`)
  const bytes = ['POST /graphql HTTP/1.1', ...lines, '', body].join('\r\n')
  const client = await openRawClient(Number(new URL(app.url).port))
  onTestFinished(() => client[Symbol.asyncDispose]())
  const parsed = { count: 0 }
  const count = () => {
    parsed.count += 1
  }
  subscribe('http.server.request.start', count)
  onTestFinished(() => {
    unsubscribe('http.server.request.start', count)
  })
  // Made, found by its key, remembered by its bytes, and then answered without being parsed.
  for (let time = 0; time < 5; time += 1) {
    await client.send(bytes)
    const [answer] = await client.answers(1)
    expect(answer?.body).toBe('{"data":{"me":{"firstName":"Ada"}}}\n')
  }
  expect(parsed.count).toBe(3)
  const homes = await eventually(() => {
    const spans = app.spans().filter(({ name }) => name === 'query Home')
    expect(spans).toHaveLength(5)
    return spans
  })
  const statuses = homes.map(({ attributes }) => attributes['honzik.cache.status'])
  expect(statuses).toEqual(['MISS', 'HIT', 'HIT', 'HIT', 'HIT'])
  expect(homes.every(({ parentSpanContext }) => parentSpanContext?.spanId === CALLER.spanId)).toBe(true)
  expect(new Set(homes.map((span) => span.spanContext().spanId)).size).toBe(5)
  expect(new Set(app.requests().map(({ traceId }) => traceId))).toContain(CALLER.traceId)
})

test('each error says of which trace it is, wherever it was made', async () => {
  const app = await startFollowedApp()
  const { token } = await learnerOf(app)
  const asked = [
    // By the front, by the framework, by the library before it runs anything, twice, and by nobody who knows the route.
    () => app.post({ query: '{ user(id: 999) { id } }' }, bearer(token)),
    () => app.post({ query: 'mutation { deleteUser(input: { id: 999 }) { deletedId } }' }, bearer(token)),
    () => app.post({ query: '{ nothing }' }),
    () => app.post({ query: '{ nothing }' }),
    () => app.post('{', bearer(token)),
    () => fetch(`${app.url}/graphql`, { method: 'PUT' }),
    () => app.post({ query: 'subscription { nothing }' }, { ...bearer(token), accept: 'text/event-stream' }),
  ]
  const seen = new Set<string>()
  for (const ask of asked) {
    const before = app.requests().length
    const response = await ask()
    const text = await response.text()
    const ids = [...text.matchAll(/"traceId":"([0-9a-f]{32})"/g)].map(([, id]) => id ?? '')
    await eventually(() => expect(app.requests()).toHaveLength(before + 1))
    expect([text, ids]).toEqual([text, [app.requests().at(-1)?.['traceId']]])
    for (const id of ids) seen.add(id)
  }
  expect(seen.size).toBe(asked.length)
})

test('a fault that ends a whole request says so, too, and is one of ours', async () => {
  let broken = false
  const clock = () => {
    if (broken) throw new Error('no time')
    return NOW
  }
  const app = await startFollowedApp({}, { clock })
  const { token } = await learnerOf(app)
  broken = true
  const response = await app.post({ query: '{ me { id } }' }, { ...bearer(token), traceparent })
  broken = false
  expect([response.status, await response.json()]).toMatchObject([
    500,
    { errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR', traceId: CALLER.traceId } }] },
  ])
  expect((await app.span('POST /graphql')).attributes['error.type']).toBe('INTERNAL_SERVER_ERROR')
})

test('a question to a model tells what it cost', async () => {
  await using fake = await startFakeOpenAI()
  const { openai } = readConfig({ OPENAI_BASE_URL: fake.url, OPENAI_MODEL: 'a-model', OPENAI_PRICES: 'a-model=1/1/1' })
  const app = await startFollowedApp({ openai }, { openTutor: openConfiguredTutor })
  const { token } = await learnerOf(app)
  const say = (text: string) =>
    app.ask('mutation Say($text: String!) { sendMessage(input: { text: $text }) { starsEarned } }', { text }, token)
  await say('Ja jsem doma.')

  expect(await app.tree('mutation Say')).toEqual(
    expect.arrayContaining(['mutation Say', '  chat a-model', '  transaction', '    sql messages.exchange']),
  )
  const { attributes, kind } = await app.span('chat a-model')
  expect(kind).toBe(SpanKind.CLIENT)
  expect(attributes).toEqual({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'a-model',
    'gen_ai.usage.input_tokens': expect.any(Number),
    'gen_ai.usage.cache_read.input_tokens': expect.any(Number),
    'gen_ai.usage.output_tokens': expect.any(Number),
    'honzik.usd': expect.any(Number),
    'server.address': '127.0.0.1',
  })

  app.forget()
  fake.play({ kind: 'refusal' }, 1)
  await say('Kde jsi?')
  const failed = await app.span('chat a-model')
  expect(failed.status).toEqual({ code: SpanStatusCode.ERROR })
  expect(failed.attributes['error.type']).toBe('UPSTREAM_UNAVAILABLE refusal')
  expect((await app.span('mutation Say')).attributes['error.type']).toBe('UPSTREAM_UNAVAILABLE')
})

test('nothing that anybody wrote, no token and no key is in any span', async () => {
  await using fake = await startFakeOpenAI()
  const { openai } = readConfig({ OPENAI_BASE_URL: fake.url, OPENAI_API_KEY: 'sk-geheim' })
  const shared = new MemoryStore()
  const app = await startFollowedApp(
    { openai, redisUrl: 'redis://in-memory' },
    {
      openTutor: openConfiguredTutor,
      openStore: () => ({ ...shared.connect(), async [Symbol.asyncDispose]() {} }),
    },
  )
  const id = await createLearner(app, { firstName: 'Kunigunda', username: 'kunicka' })
  const token = await app.tokenOf('user', id)
  const say = 'mutation { sendMessage(input: { text: "Muj tajny text" }) { honzikReply { reply correctedText } } }'
  const answer = await app.ask(say, {}, token)
  fake.play({ kind: 'status', status: 500, code: 'server_error' })
  await app.ask(say.replace('text"', 'text 2"'), {}, token)
  await app.ask('query Read { me { firstName username messages(first: 5) { edges { node { text } } } } }', {}, token)
  await app.ask('{ me { tajne } }', {}, token)
  await app.span('query Read')

  const told = JSON.stringify(
    app.spans().map(({ name, attributes, status, events, links }) => ({ name, attributes, status, events, links })),
  )
  expect(app.spans().length).toBeGreaterThan(20)
  expect(JSON.stringify(answer)).toContain('reply')
  for (const secret of ['Kunigunda', 'kunicka', 'tajn', 'sk-geheim', 'Bearer', token, 'select ', 'user:'])
    expect([secret, told.includes(secret)]).toEqual([secret, false])
  expect(app.spans().every(({ events }) => events.length === 0)).toBe(true)
})

test('a stage of a job is a trace of its own', async () => {
  const app = await startFollowedApp()
  const { token } = await learnerOf(app)
  await app.ask('mutation Later { sendMessage(input: { text: "Ahoj", mode: ASYNC }) { job { id } } }', {}, token)
  const tree = await app.tree('stage REPLY')
  expect(tree).toEqual(expect.arrayContaining(['  embedded tutor', '  transaction', '    sql jobs.change']))
  expect((await app.span('stage REPLY')).kind).toBe(SpanKind.CONSUMER)
})
