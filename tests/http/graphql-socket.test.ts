import { describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { initSocket, openSocket } from '../support/raw-socket.ts'
import { at } from '../support/test-app.ts'
import { type Learner, startTutored } from '../support/tutored.ts'

const FOLLOW = 'subscription Follow($id: ID!, $after: Int) { jobUpdated(id: $id, after: $after) { revision status } }'

const subscribe = (id: string, variables: Record<string, unknown>, query = FOLLOW) => ({
  ...{ type: 'subscribe', id },
  payload: { query, variables },
})

/** The id of a job that waits until somebody works. */
async function waitingJob({ ask }: Pick<Learner, 'ask'>, text = 'Ahoj!'): Promise<string> {
  const send = 'mutation ($text: String!) { sendMessage(input: { text: $text, mode: ASYNC }) { job { id } } }'
  return String(at(await ask(send, { text }), 'data', 'sendMessage', 'job', 'id'))
}

const cancel = ({ ask }: Learner, id: string) =>
  ask('mutation ($id: ID!) { cancelJob(input: { id: $id }) { id } }', { id })

const startIdle = (config = {}) => startTutored({ config: { workers: 0, ...config } })

const update = (id: string, revision: number, status: string) => ({
  ...{ type: 'next', id },
  payload: { data: { jobUpdated: { revision, status } } },
})

const codeIn = (message: unknown) =>
  at(message, 'payload', 0, 'extensions', 'code') ?? at(message, 'payload', 'errors', 0, 'extensions', 'code')

describe('a subscription on a socket', () => {
  test('is told of each change, and of its end', async () => {
    await using app = await startIdle()
    const ada = await app.learner()
    const id = await waitingJob(ada)
    using socket = await initSocket(app.url, ada.token)
    socket.send(subscribe('a', { id }))
    expect(await socket.next()).toEqual(update('a', 0, 'QUEUED'))
    await cancel(ada, id)
    expect(await socket.next()).toEqual(update('a', 1, 'CANCELLED'))
    expect(await socket.next()).toEqual({ type: 'complete', id: 'a' })
  })

  test('is one of several, which do not disturb each other', async () => {
    await using app = await startIdle()
    const ada = await app.learner()
    const [one, two] = [await waitingJob(ada), await waitingJob(ada, 'Čau!')]
    using socket = await initSocket(app.url, ada.token)
    socket.send(subscribe('a', { id: one }))
    socket.send(subscribe('b', { id: two }))
    for (const name of ['a', 'b']) expect(await socket.nextOf(name)).toEqual(update(name, 0, 'QUEUED'))
    socket.send({ type: 'complete', id: 'a' })
    await cancel(ada, one)
    await cancel(ada, two)
    expect(await socket.nextOf('b')).toEqual(update('b', 1, 'CANCELLED'))
    expect(await socket.next()).toEqual({ type: 'complete', id: 'b' })
  })

  test('may be of a reply as it comes', async () => {
    await using app = await startIdle()
    const ada = await app.learner()
    using socket = await initSocket(app.url, ada.token)
    const reply = 'subscription { honzikReply(input: { text: "Ahoj!" }) { text reply { reply } } }'
    socket.send(subscribe('a', {}, reply))
    const pieces: unknown[] = []
    for (let message = await socket.next(); message['type'] === 'next'; message = await socket.next())
      pieces.push(at(message, 'payload', 'data', 'honzikReply'))
    expect(pieces.slice(0, 2).map((piece) => at(piece, 'text'))).toEqual(['Slyším ', 'tě: '])
    expect(at(pieces.at(-1), 'reply', 'reply')).toBe('Slyším tě: Ahoj! A co dál?')
  })

  test('may be proven by a header, where a client can send one', async () => {
    await using app = await startIdle()
    const ada = await app.learner()
    const id = await waitingJob(ada)
    const headers = { authorization: `Bearer ${ada.token}` }
    using socket = await initSocket(app.url, undefined, { headers })
    socket.send(subscribe('a', { id }))
    expect(await socket.next()).toEqual(update('a', 0, 'QUEUED'))
  })

  test('is one line in the log, with who it was and how long it took', async () => {
    await using app = await startIdle()
    const ada = await app.learner()
    const id = await waitingJob(ada, 'Tajné!')
    using socket = await initSocket(app.url, ada.token)
    socket.send(subscribe('a', { id }))
    await socket.next()
    await cancel(ada, id)
    const lines = () => app.lines.filter(({ operation }) => operation === 'Follow')
    await eventually(() => expect(lines()).toHaveLength(1))
    expect(lines()).toEqual([expect.objectContaining({ msg: 'subscription', viewer: `user:${ada.id}` })])
    expect(JSON.stringify(app.lines)).not.toContain('Tajné')
  })
})

describe('who may not', () => {
  test.each(['a bad token', 'no token'])('is told so, and may go on asking: %s', async (what) => {
    await using app = await startIdle()
    const ada = await app.learner()
    const id = await waitingJob(ada)
    using socket = await initSocket(app.url, what === 'no token' ? undefined : 'x')
    for (const name of ['a', 'b']) {
      socket.send(subscribe(name, { id }))
      expect(codeIn(await socket.nextOf(name))).toBe('UNAUTHENTICATED')
    }
  })

  test('is not told of others’ jobs, nor of what cannot be', async () => {
    await using app = await startIdle()
    const [ada, bob] = [await app.learner(), await app.learner()]
    const id = await waitingJob(ada)
    using socket = await initSocket(app.url, bob.token)
    const asked = { a: { id }, b: { id: 'x' }, c: { id, after: -1 } }
    for (const [name, variables] of Object.entries(asked)) socket.send(subscribe(name, variables))
    expect(codeIn(await socket.nextOf('a'))).toBe('NOT_FOUND')
    expect(codeIn(await socket.nextOf('b'))).toBe('NOT_FOUND')
    expect(codeIn(await socket.nextOf('c'))).toBe('BAD_USER_INPUT')
  })

  test('is nobody once the token has expired; what was begun before goes on', async () => {
    await using app = await startIdle()
    const ada = await app.learner()
    const id = await waitingJob(ada)
    using socket = await initSocket(app.url, ada.token)
    socket.send(subscribe('a', { id }))
    expect(await socket.nextOf('a')).toEqual(update('a', 0, 'QUEUED'))
    app.pass({ hours: 25 })
    socket.send(subscribe('b', { id }))
    expect(codeIn(await socket.nextOf('b'))).toBe('UNAUTHENTICATED')
    await app.asStaff('mutation ($id: ID!) { cancelJob(input: { id: $id }) { id } }', { id })
    expect(await socket.nextOf('a')).toEqual(update('a', 1, 'CANCELLED'))
  })

  test('is told when it asks more often than is allowed, and when it may again', async () => {
    await using app = await startIdle({ rateLimitPerMinute: 3 })
    const ada = await app.learner()
    using socket = await initSocket(app.url, ada.token)
    const id = '00000000-0000-4000-8000-000000000000'
    for (const name of ['a', 'b', 'c']) {
      socket.send(subscribe(name, { id }))
      expect(codeIn(await socket.nextOf(name))).toBe('NOT_FOUND')
    }
    socket.send(subscribe('d', { id }))
    expect(await socket.nextOf('d')).toEqual({
      ...{ type: 'error', id: 'd' },
      payload: [
        {
          message: 'At most 3 requests a minute.',
          extensions: { code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) },
        },
      ],
    })
    expect(app.lines.filter(({ msg }) => msg === 'fault')).toEqual([])
  })

  test('is told when it asks for too much at once; what ends makes room again', async () => {
    await using app = await startIdle()
    const ada = await app.learner()
    const id = await waitingJob(ada)
    using socket = await initSocket(app.url, ada.token)
    const names = Array.from({ length: 101 }, (_, n) => `s${n}`)
    for (const name of names) socket.send(subscribe(name, { id }))
    const answers = await Promise.all(names.map((name) => socket.nextOf(name)))
    expect(answers.filter(({ type }) => type === 'next')).toHaveLength(100)
    expect(answers.map(codeIn).filter(Boolean)).toEqual(['RATE_LIMITED'])
    socket.send({ type: 'complete', id: 's0' })
    socket.send(subscribe('another', { id }))
    expect(await socket.nextOf('another')).toEqual(update('another', 0, 'QUEUED'))
  })
})

describe('a document that is none', () => {
  test.each([
    ['subscription {', 'GRAPHQL_PARSE_FAILED'],
    ['subscription { nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['{ health { status } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['mutation { deleteUser(input: { id: 1 }) { deletedId } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['subscription ($id: ID!) { jobUpdated(id: $id) { id } }', 'BAD_USER_INPUT'],
  ])('is refused, and the socket stays: %s', async (query, code) => {
    await using app = await startIdle()
    const ada = await app.learner()
    using socket = await initSocket(app.url, ada.token)
    socket.send(subscribe('a', {}, query))
    const message = await socket.next()
    expect([message['type'], codeIn(message)]).toEqual(['error', code])
    socket.send({ type: 'ping' })
    expect(await socket.next()).toEqual({ type: 'pong' })
  })
})

describe('a client that does not keep to the protocol', () => {
  test.each<[what: string, messages: (string | object)[], code: number]>([
    ['garbage', ['x'], 4400],
    ['a message of no kind', [{ type: 'dance' }], 4400],
    ['a subscription without an id', [{ type: 'connection_init' }, { type: 'subscribe', payload: {} }], 4400],
    ['a subscription before anything', [subscribe('a', { id: '1' })], 4401],
    ['two beginnings', [{ type: 'connection_init' }, { type: 'connection_init' }], 4429],
    ['more than fits', [{ type: 'connection_init', payload: { x: 'x'.repeat(300_000) } }], 1009],
  ])('is closed: %s', async (_, messages, code) => {
    await using app = await startIdle()
    using socket = await openSocket(app.url)
    for (const message of messages) socket.send(message)
    expect(await socket.closed).toMatchObject({ code })
    expect(app.lines.filter(({ msg }) => msg === 'fault')).toEqual([])
  })

  test('is closed for the same id twice', async () => {
    await using app = await startIdle()
    const ada = await app.learner()
    const id = await waitingJob(ada)
    using socket = await initSocket(app.url, ada.token)
    socket.send(subscribe('a', { id }))
    await socket.next()
    socket.send(subscribe('a', { id }))
    expect(await socket.closed).toMatchObject({ code: 4409 })
  })

  test('is closed when it says nothing', async () => {
    await using app = await startIdle()
    using socket = await openSocket(app.url)
    expect(await socket.closed).toEqual({ code: 4408, reason: 'Connection initialisation timeout' })
  })

  test('is not even let in with another protocol', async () => {
    await using app = await startIdle()
    await expect(openSocket(app.url, { protocol: 'graphql-ws' })).rejects.toThrow()
  })
})
