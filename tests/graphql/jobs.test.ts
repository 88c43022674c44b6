import { describe, expect, test } from 'vitest'
import { HonzikError } from '../../src/domain/error.ts'
import { eventually } from '../support/eventually.ts'
import { at } from '../support/test-app.ts'
import { type Learner, startTutored } from '../support/tutored.ts'

const JOB = `id kind status stage attempts progress revision createdAt updatedAt finishedAt
  error { code message stage retryable retryAfterSeconds }
  userMessage { id text answered }
  result {
    userMessage { id answered } assistantMessage { id text } honzikReply { reply engine cache { status } }
    dailyStats { date messagesCount } stars { total } starsEarned job { id status }
  }`

const SEND = `mutation Send($input: SendMessageInput!) {
  sendMessage(input: $input) {
    userMessage { id text answered } assistantMessage { id } honzikReply { reply } dailyStats { date } stars { total }
    starsEarned job { ${JOB} }
  }
}`

const send = (learner: Learner, input: Record<string, unknown> = {}) =>
  learner.ask(SEND, { input: { text: 'Ahoj!', mode: 'ASYNC', ...input } })

const read = async (learner: Pick<Learner, 'ask'>, id: unknown) =>
  at(await learner.ask(`query ($id: ID!) { job(id: $id) { ${JOB} } }`, { id }), 'data', 'job')

/** The id of the job of a message that was just sent. */
const jobIn = (answer: unknown): string => {
  const id = at(answer, 'data', 'sendMessage', 'job', 'id')
  if (typeof id !== 'string') throw new Error(`there is no job: ${JSON.stringify(answer)}`)
  return id
}

const reached = (learner: Learner, id: string, status: string) =>
  eventually(async () => {
    const job = await read(learner, id)
    expect(at(job, 'status')).toBe(status)
    return job
  })

const busy = (retryAfterSeconds: number) =>
  new HonzikError('UPSTREAM_UNAVAILABLE', 'The model is busy.', { retryAfterSeconds })

describe('a message sent with mode ASYNC', () => {
  test('is answered with the message and its job, and with nothing that is not there yet', async () => {
    await using app = await startTutored({ config: { workers: 0 } })
    const ada = await app.learner()
    const { data, errors } = await send(ada, { text: 'Jdu do skole.' })
    expect(errors).toBeUndefined()
    const at0 = '2026-11-23T08:30:00.000Z'
    const userMessage = { id: expect.any(String), text: 'Jdu do skole.', answered: false }
    expect(data).toEqual({
      sendMessage: {
        ...{ userMessage, assistantMessage: null, honzikReply: null, dailyStats: null, stars: null, starsEarned: null },
        job: {
          ...{ id: expect.any(String), kind: 'TEXT_MESSAGE', status: 'QUEUED', stage: 'REPLY', attempts: 0 },
          ...{ progress: 0, revision: 0, createdAt: at0, updatedAt: at0, finishedAt: null, error: null },
          ...{ userMessage, result: null },
        },
      },
    })
    expect(await read(ada, jobIn({ data }))).toEqual(at(data, 'sendMessage', 'job'))
    expect(app.tutor.asked).toEqual([])
  })

  test('comes to what it would have come to at once', async () => {
    await using app = await startTutored()
    const [ada, bob] = [await app.learner(), await app.learner()]
    const stats = '{ me { statsSummary { totalMessages } stars { total } messages { edges { node { text } } } } }'
    // What caches know from before must not be shown after.
    expect(at(await ada.ask(stats), 'data', 'me', 'statsSummary', 'totalMessages')).toBe(0)
    const { data } = await send(ada, { text: 'Jdu do skole.' })
    const job = await reached(ada, jobIn({ data }), 'SUCCEEDED')
    const { job: _, ...atOnce } = Object(
      at(await send(bob, { text: 'Jdu do skole.', mode: 'SYNC' }), 'data', 'sendMessage'),
    )
    expect(job).toMatchObject({
      ...{ stage: null, attempts: 0, progress: 100, revision: 2, error: null, finishedAt: '2026-11-23T08:30:00.000Z' },
      userMessage: { text: 'Jdu do skole.', answered: true },
      result: {
        ...{ honzikReply: { reply: at(atOnce, 'honzikReply', 'reply'), cache: { status: 'HIT' } } },
        ...{ dailyStats: { date: at(atOnce, 'dailyStats', 'date'), messagesCount: 1 }, stars: at(atOnce, 'stars') },
        ...{ starsEarned: at(atOnce, 'starsEarned'), job: { id: at(job, 'id'), status: 'SUCCEEDED' } },
      },
    })
    expect(at(await ada.ask(stats), 'data', 'me')).toEqual(at(await bob.ask(stats), 'data', 'me'))
  })

  test('shows what is being done meanwhile', async () => {
    await using app = await startTutored()
    const ada = await app.learner()
    const { promise: go, resolve } = Promise.withResolvers<void>()
    app.tutor.answerBy(() => go)
    const id = jobIn(await send(ada))
    const running = { status: 'RUNNING', stage: 'REPLY', attempts: 1, progress: 0, result: null, finishedAt: null }
    expect(await reached(ada, id, 'RUNNING')).toMatchObject(running)
    resolve()
    await reached(ada, id, 'SUCCEEDED')
  })

  test('is one message under one idempotency key', async () => {
    await using app = await startTutored()
    const ada = await app.learner()
    const first = await send(ada, { idempotencyKey: 'a' })
    await reached(ada, jobIn(first), 'SUCCEEDED')
    expect(at(await send(ada, { idempotencyKey: 'a' }), 'data', 'sendMessage', 'job')).toMatchObject({
      id: jobIn(first),
      status: 'SUCCEEDED',
    })
    const other = await send(ada, { idempotencyKey: 'a', text: 'Čau!' })
    expect(at(other, 'errors', 0, 'extensions')).toEqual({ code: 'CONFLICT', field: 'idempotencyKey' })
    expect(app.tutor.asked).toHaveLength(1)
  })

  test('is refused when too many wait, with the time after which there may be room', async () => {
    await using app = await startTutored({ config: { workers: 0, jobsMax: 1 } })
    const [ada, bob] = [await app.learner(), await app.learner()]
    await send(ada)
    app.pass({ seconds: 4 })
    const { data, errors } = await send(bob)
    expect(data).toEqual({ sendMessage: null })
    expect(errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 4 } }])
    expect(at(await bob.ask('{ me { messages { edges { cursor } } } }'), 'data', 'me', 'messages', 'edges')).toEqual([])
  })
})

describe('a job that fails', () => {
  test('says why, and succeeds when it is retried once the trouble is over', async () => {
    await using app = await startTutored()
    const ada = await app.learner()
    app.tutor.answerBy(() => Promise.reject(busy(90)))
    const id = jobIn(await send(ada))
    expect(await reached(ada, id, 'FAILED')).toMatchObject({
      ...{ stage: 'REPLY', attempts: 1, progress: 0, result: null, userMessage: { answered: false } },
      error: {
        ...{ code: 'UPSTREAM_UNAVAILABLE', message: 'The model is busy.', stage: 'REPLY' },
        ...{ retryable: true, retryAfterSeconds: 90 },
      },
    })
    app.tutor.answerBy(async () => {})
    const retried = await ada.ask('mutation ($id: ID!) { retryJob(input: { id: $id }) { status attempts } }', { id })
    expect(retried.data).toEqual({ retryJob: { status: 'QUEUED', attempts: 0 } })
    expect(await reached(ada, id, 'SUCCEEDED')).toMatchObject({ error: null, result: { starsEarned: 2 } })
    const again = await ada.ask('mutation ($id: ID!) { retryJob(input: { id: $id }) { status } }', { id })
    expect(again.errors).toMatchObject([{ extensions: { code: 'CONFLICT', field: 'id' } }])
  })

  test('by the learner’s own daily limit fails at once, and says until when', async () => {
    await using app = await startTutored({ openai: { dailyLimit: 1 } })
    const ada = await app.learner()
    await reached(ada, jobIn(await send(ada)), 'SUCCEEDED')
    const failed = await reached(ada, jobIn(await send(ada, { text: 'Čau!' })), 'FAILED')
    expect(at(failed, 'error')).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: (14 * 60 + 30) * 60 })
  })
})

describe('a job that is given up', () => {
  test('is, and so is what the model was asked', async () => {
    await using app = await startTutored()
    const ada = await app.learner()
    const { promise: aborted, resolve } = Promise.withResolvers<void>()
    app.tutor.answerBy((_, { signal }) => {
      return new Promise((__, reject) => {
        signal.addEventListener('abort', () => {
          resolve()
          reject(signal.reason)
        })
      })
    })
    const id = jobIn(await send(ada))
    await reached(ada, id, 'RUNNING')
    const given = await ada.ask('mutation ($id: ID!) { cancelJob(input: { id: $id }) { status stage } }', { id })
    expect(given.data).toEqual({ cancelJob: { status: 'CANCELLED', stage: 'REPLY' } })
    await aborted
    expect(await read(ada, id)).toMatchObject({ status: 'CANCELLED', result: null, userMessage: { answered: false } })
    expect(app.lines.filter(({ msg }) => msg === 'fault')).toEqual([])
  })
})

describe('who may see a job', () => {
  test('is the learner and staff; to everyone else it is not there', async () => {
    await using app = await startTutored({ config: { workers: 0 } })
    const [ada, bob] = [await app.learner(), await app.learner()]
    const id = jobIn(await send(ada))
    const codeOf = async (query: string, token?: string) =>
      at(await app.ask(query, {}, token), 'errors', 0, 'extensions', 'code')
    const staff = await app.tokenOf('staff', 999_999)
    for (const query of [
      `{ job(id: "${id}") { id } }`,
      `mutation { retryJob(input: { id: "${id}" }) { id } }`,
      `mutation { cancelJob(input: { id: "${id}" }) { id } }`,
    ]) {
      expect(await codeOf(query)).toBe('UNAUTHENTICATED')
      expect(await codeOf(query, bob.token)).toBe('NOT_FOUND')
      expect(await codeOf(query.replace(id, '00000000-0000-4000-8000-000000000000'), ada.token)).toBe('NOT_FOUND')
      expect(await codeOf(query.replace(id, 'ada'), staff)).toBe('NOT_FOUND')
    }
    expect(await read(ada, id)).toMatchObject({ status: 'QUEUED' })
    expect(at(await app.ask(`{ job(id: "${id}") { id } }`, {}, staff), 'data', 'job', 'id')).toBe(id)
  })

  test('is nobody any more once the learner is gone', async () => {
    await using app = await startTutored({ config: { workers: 0 } })
    const ada = await app.learner()
    const id = jobIn(await send(ada))
    await ada.ask(`mutation { deleteUser(input: { id: ${ada.id} }) { deletedId } }`)
    const answer = await app.asStaff(`{ job(id: "${id}") { id } }`)
    expect(at(answer, 'errors', 0, 'extensions', 'code')).toBe('NOT_FOUND')
  })
})
