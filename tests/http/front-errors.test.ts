import { once } from 'node:events'
import { connect } from 'node:net'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { unavailable } from '../../src/domain/error.ts'
import { eventually } from '../support/eventually.ts'
import { createLearner } from '../support/people.ts'
import { at } from '../support/test-app.ts'
import { bearer, startWholeApp, type WholeApp } from './whole-app.ts'

let app: WholeApp
let admin: Record<string, string>
let id: number
let name: { readonly query: string }

beforeEach(async () => {
  app = await startWholeApp()
  onTestFinished(() => app[Symbol.asyncDispose]())
  admin = bearer(await app.tokenOf('admin', 999_999))
  id = await createLearner(app)
  name = { query: `query Name { user(id: ${id}) { firstName } }` }
})

const ask = (body: object = name, headers: Record<string, string> = {}) =>
  app.exchange({ body, headers: { ...admin, ...headers } })
const errorIn = ({ text }: { readonly text: string }) => at(JSON.parse(text), 'errors', 0)

describe('when the database fails', () => {
  test('the answer is not kept, and the next one is right', async () => {
    app.reading.failure = unavailable('The database does not answer.')
    const failed = await ask()
    expect(errorIn(failed)).toMatchObject({ path: ['user'], extensions: { code: 'SERVICE_UNAVAILABLE' } })
    expect([failed.headers['cache-control'], failed.headers['etag']]).toEqual(['no-store', undefined])
    app.reading.failure = null
    expect(await ask()).toMatchObject({ cache: 'MISS', text: '{"data":{"user":{"firstName":"Ada"}}}\n' })
  })

  test('everyone who waits for the same answer hears of it, and nobody after them', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    app.reading.held = promise
    app.reading.failure = unavailable('The database does not answer.')
    const answers = Array.from({ length: 3 }, () => ask())
    await eventually(() => expect(app.reading.count).toBeGreaterThan(0))
    resolve()
    for (const answer of answers)
      expect(errorIn(await answer)).toMatchObject({ extensions: { code: 'SERVICE_UNAVAILABLE' } })
    app.reading.failure = null
    expect((await ask()).text).toContain('Ada')
  })

  test('in a way that is ours, callers learn nothing, and the log everything under the request’s id', async () => {
    app.reading.failure = new Error('relation "users" is on db-7')
    const failed = await ask()
    expect(errorIn(failed)).toMatchObject({
      message: 'Internal server error',
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    })
    expect(failed.text).not.toContain('db-7')
    await eventually(() => expect(app.requests().at(-1)).toMatchObject({ codes: ['INTERNAL_SERVER_ERROR'] }))
    const fault = app.lines.find(({ msg }) => msg === 'fault')
    expect(JSON.stringify(fault)).toContain('db-7')
    expect(fault?.['reqId']).toBe(failed.headers['x-request-id'])
    expect(app.requests().at(-1)?.['reqId']).toBe(failed.headers['x-request-id'])
  })

  test('what is stale stays, and is shown', async () => {
    const users = { query: '{ users(first: 5) { edges { node { firstName } } } }' }
    await ask(users)
    app.pass(310_000)
    app.reading.failure = unavailable('The database does not answer.')
    for (let time = 0; time < 3; time += 1)
      expect(await ask(users)).toMatchObject({ cache: 'HIT', text: expect.stringContaining('Ada') })
    app.pass(20_000)
    expect(errorIn(await ask(users))).toMatchObject({ extensions: { code: 'SERVICE_UNAVAILABLE' } })
  })
})

describe('the log', () => {
  const lineOf = async (asked: ReturnType<typeof ask>) => {
    const { headers } = await asked
    return eventually(() => {
      const line = app.requests().find(({ reqId }) => reqId === headers['x-request-id'])
      if (line === undefined) throw new Error('no line yet')
      return line
    })
  }

  test('tells the same of an answer whether it was kept, made or sent by the framework', async () => {
    const made = await lineOf(ask())
    const kept = await lineOf(ask())
    const through = await lineOf(ask(name, { 'x-cache-debug': '1' }))
    expect(made).toMatchObject({
      level: 30,
      method: 'POST',
      route: '/graphql',
      status: 200,
      operation: 'Name',
      viewer: 'admin:999999',
      sql: 1,
      cache: 'MISS',
      msg: 'request',
    })
    expect(kept).toMatchObject({ operation: 'Name', viewer: 'admin:999999', sql: 0, cache: 'HIT', status: 200 })
    expect(kept['ms']).toBeTypeOf('number')
    for (const line of [made, kept]) expect(Object.keys(line)).toEqual(Object.keys(through))
  })

  test('names the codes of an answer with errors, and 304', async () => {
    const wrong = await lineOf(ask({ query: '{ user(id: "x") { id } }' }))
    expect(wrong).toMatchObject({ codes: ['NOT_FOUND'], operation: null })
    const { headers } = await ask()
    const known = await lineOf(
      app.exchange({
        method: 'GET',
        path: `/graphql?${new URLSearchParams(name)}`,
        headers: { ...admin, 'if-none-match': headers['etag'] ?? '' },
      }),
    )
    expect(known).toMatchObject({ method: 'GET', route: '/graphql', status: 304, cache: 'HIT' })
  })

  test('says what lay behind a service that is not available', async () => {
    app.reading.failure = unavailable(
      'The database does not answer.',
      Object.assign(new Error('x'), { code: 'ECONNREFUSED' }),
    )
    expect(await lineOf(ask())).toMatchObject({ codes: ['SERVICE_UNAVAILABLE'], cause: 'ECONNREFUSED' })
  })

  test('bounds an operation’s name, kept or not', async () => {
    const long = { query: name.query.replace('Name', 'N'.repeat(500)) }
    for (let time = 0; time < 2; time += 1) expect(await lineOf(ask(long))).toMatchObject({ operation: 'N'.repeat(64) })
  })
})

/** A client that sends something and does not wait for the answer. */
function leaving(body: string, length = Buffer.byteLength(body)) {
  const { hostname, port } = new URL(app.url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  socket.write(
    `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nauthorization: ${admin['authorization']}\r\nx-request-id: leaving\r\ncontent-length: ${length}\r\n\r\n${body}`,
  )
  return socket
}

const lineOfLeaving = () =>
  eventually(() => {
    const line = app.requests().find(({ reqId }) => reqId === 'leaving')
    if (line === undefined) throw new Error('no line yet')
    return line
  })

describe('a client that leaves', () => {
  test('before all of its request was sent leaves a line, and no fault', async () => {
    const socket = leaving('{"query":', 1_000)
    await ask()
    socket.destroy()
    expect(await lineOfLeaving()).toMatchObject({ msg: 'request', level: 30, route: '/graphql', aborted: true })
    expect(app.lines.filter(({ msg }) => msg === 'fault')).toEqual([])
  })

  test('before its answer was made leaves a line too, and whoever else waits for it gets one', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    app.reading.held = promise
    const socket = leaving(JSON.stringify(name))
    await eventually(() => expect(app.reading.count).toBe(1))
    const other = ask()
    await eventually(() => expect(app.lines.length).toBeGreaterThan(0))
    socket.destroy()
    await once(socket, 'close')
    resolve()
    expect((await other).text).toContain('Ada')
    expect(await lineOfLeaving()).toMatchObject({ route: '/graphql', viewer: 'admin:999999', aborted: true })
    expect(app.lines.filter(({ msg }) => msg === 'fault')).toEqual([])
  })
})
