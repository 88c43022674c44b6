import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { openMemoryDatabase } from '../support/memory-database.ts'
import { initSocket } from '../support/raw-socket.ts'
import { at } from '../support/test-app.ts'
import { countTimers } from '../support/timers.ts'
import { type Learner, startTutored, type Tutored } from '../support/tutored.ts'

const FOLLOW = 'subscription Follow($id: ID!) { jobUpdated(id: $id) { revision status } }'

/** Counts how often anybody looks for changes of jobs. */
async function startCounting(): Promise<Tutored & { readonly looks: () => number }> {
  const database = openMemoryDatabase()
  let looks = 0
  const readers: typeof database.readers = {
    ...database.readers,
    jobUpdates(slices) {
      looks += slices.length
      return database.readers.jobUpdates(slices)
    },
  }
  const openDatabase = async () => ({ ...database, readers })
  const app = await startTutored({ config: { workers: 0 }, world: { openDatabase } })
  return { ...app, looks: () => looks }
}

async function waitingJob({ ask }: Learner): Promise<string> {
  const send = 'mutation { sendMessage(input: { text: "Ahoj!", mode: ASYNC }) { job { id } } }'
  return String(at(await ask(send), 'data', 'sendMessage', 'job', 'id'))
}

const subscribe = (id: string, jobId: string, query = FOLLOW) => ({
  ...{ type: 'subscribe', id },
  payload: { query, variables: { id: jobId } },
})

/** Reads the beginning of a stream of events, up to the first change. */
async function beginStream(app: Tutored, { token }: Learner, id: string, signal: AbortSignal | null = null) {
  const response = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream', 'content-type': 'application/json' },
    body: JSON.stringify({ query: FOLLOW, variables: { id } }),
    signal,
  })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let seen = ''
  const read = async () => {
    const { value = '', done = true } = (await reader?.read()) ?? {}
    seen += value
    return done
  }
  while (!seen.includes('QUEUED')) await read()
  return {
    /** All that comes until the stream ends. */
    async rest() {
      seen = ''
      while (!(await read()));
      return seen
    },
  }
}

const linesOf = (app: Tutored) => app.lines.filter(({ operation }) => operation === 'Follow')

describe('a client that goes away', () => {
  test.each(['completes', 'closes', 'is closed'])('leaves nothing on a socket: %s', async (how) => {
    using timers = countTimers()
    await using app = await startCounting()
    const ada = await app.learner()
    const id = await waitingJob(ada)
    const socket = await initSocket(app.url, ada.token)
    const before = await timers()
    socket.send(subscribe('a', id))
    socket.send(subscribe('b', id))
    for (const name of ['a', 'b']) await socket.nextOf(name)
    expect(await timers()).toBeGreaterThan(before)
    if (how === 'completes') for (const name of ['a', 'b']) socket.send({ type: 'complete', id: name })
    else if (how === 'closes') socket[Symbol.dispose]()
    else socket.send('not a message')
    await eventually(async () => expect(await timers()).toBeLessThanOrEqual(before))
    await eventually(() => expect(linesOf(app)).toHaveLength(2))
    const looks = app.looks()
    await ada.ask('mutation ($id: ID!) { cancelJob(input: { id: $id }) { id } }', { id })
    await new Promise(setImmediate)
    expect(app.looks()).toBe(looks)
    socket[Symbol.dispose]()
  })

  test('leaves nothing on a stream', async () => {
    using timers = countTimers()
    await using app = await startCounting()
    const ada = await app.learner()
    const id = await waitingJob(ada)
    const controller = new AbortController()
    const before = await timers()
    await beginStream(app, ada, id, controller.signal)
    expect(await timers()).toBeGreaterThan(before)
    controller.abort()
    await eventually(async () => expect(await timers()).toBeLessThanOrEqual(before))
    await eventually(() => expect(linesOf(app)).toHaveLength(1))
  })

  test.each(['subscription {', FOLLOW])('leaves nothing of what had not yet begun: %s', async (query) => {
    using timers = countTimers()
    await using app = await startCounting()
    const ada = await app.learner()
    const id = await waitingJob(ada)
    // A proof that has to be looked at takes some turns of the event loop.
    app.pass({ hours: 25 })
    const socket = await initSocket(app.url, ada.token)
    const before = await timers()
    for (const name of ['a', 'b', 'c']) {
      socket.send(subscribe(name, id, query))
      socket.send({ type: 'complete', id: name })
    }
    socket.send(subscribe('d', id, query))
    await socket.nextOf('d')
    await eventually(async () => expect(await timers()).toBeLessThanOrEqual(before))
    socket.send(subscribe('e', id, query))
    socket[Symbol.dispose]()
    await socket.closed
    await eventually(async () => expect(await timers()).toBeLessThanOrEqual(before))
  })
})

describe('a server that stops', () => {
  test('tells clients on sockets that they may come back', async () => {
    const app = await startCounting()
    const ada = await app.learner()
    const id = await waitingJob(ada)
    const socket = await initSocket(app.url, ada.token)
    socket.send(subscribe('a', id))
    await socket.next()
    const stopping = app[Symbol.asyncDispose]()
    expect(await socket.closed).toEqual({ code: 1012, reason: 'The server is stopping.' })
    await stopping
  })

  test('tells those who follow a stream, and does not wait for them', async () => {
    const app = await startCounting()
    const ada = await app.learner()
    const id = await waitingJob(ada)
    const { rest } = await beginStream(app, ada, id)
    // However long requests are given to end by themselves, that time never comes.
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const stopping = app[Symbol.asyncDispose]()
    const last = await rest()
    expect(last).toContain('"code":"SERVICE_UNAVAILABLE"')
    expect(last).toContain('after the last revision')
    await stopping
  })

  test('leaves no timer of its own', async () => {
    using timers = countTimers()
    const before = await timers()
    const app = await startCounting()
    const ada = await app.learner()
    const id = await waitingJob(ada)
    const socket = await initSocket(app.url, ada.token)
    socket.send(subscribe('a', id))
    await socket.next()
    expect(await timers()).toBeGreaterThan(before)
    await app[Symbol.asyncDispose]()
    await eventually(async () => expect(await timers()).toBeLessThanOrEqual(before))
  })
})
