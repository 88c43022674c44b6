import { describe, expect, test } from 'vitest'
import { HonzikError } from '../../src/domain/error.ts'
import { at, type GraphQLAnswer } from '../support/test-app.ts'
import { type Learner, startTutored, type Tutored } from '../support/tutored.ts'

const SENT = `{
  userMessage { id text correctnessScore answered createdAt } assistantMessage { text }
  honzikReply { reply cache { status } } dailyStats { date messagesCount } stars { total } starsEarned
}`
const SEND = `mutation ($input: SendMessageInput!) { sendMessage(input: $input) ${SENT} }`
const RETRY = `mutation ($id: ID!) { retryMessage(input: { id: $id }) ${SENT} }`
const ME = '{ me { messages { edges { node { id answered } } } dailyStats { messagesCount } stars { total } } }'

const send = (learner: Learner, text: string, idempotencyKey?: string) =>
  learner.ask(SEND, { input: { text, idempotencyKey } })
const retry = (learner: Learner, id: unknown) => learner.ask(RETRY, { id })
const errorIn = (answer: GraphQLAnswer) => answer.errors?.[0]?.extensions
const sentIn = (answer: GraphQLAnswer) => at(answer, 'data', 'sendMessage')
const retriedIn = (answer: GraphQLAnswer) => at(answer, 'data', 'retryMessage')

function breakTutor({ tutor }: Tutored, retryAfterSeconds?: number): void {
  const details = retryAfterSeconds === undefined ? {} : { retryAfterSeconds }
  tutor.answerBy(() => Promise.reject(new HonzikError('UPSTREAM_UNAVAILABLE', 'The model does not answer.', details)))
}
const mendTutor = ({ tutor }: Tutored): void => tutor.answerBy(async () => {})

describe('a message that no tutor answers', () => {
  test('is kept, marked unanswered and named by the error; it is no practice yet', async () => {
    await using app = await startTutored()
    const learner = await app.learner()
    breakTutor(app, 7)
    const answer = await send(learner, 'Ahoj!')
    expect(errorIn(answer)).toEqual({ code: 'UPSTREAM_UNAVAILABLE', retryAfterSeconds: 7, messageId: '1' })
    expect(at(await learner.ask(ME), 'data', 'me')).toEqual({
      messages: { edges: [{ node: { id: '1', answered: false } }] },
      dailyStats: { messagesCount: 0 },
      stars: { total: 0 },
    })
  })

  test('is answered later, and counts on the day it was sent', async () => {
    await using app = await startTutored()
    const learner = await app.learner()
    breakTutor(app)
    await send(learner, 'Ahoj!')
    mendTutor(app)
    app.pass({ hours: 20 })
    expect(retriedIn(await retry(learner, 1))).toMatchObject({
      userMessage: { id: '1', text: 'Ahoj!', correctnessScore: 100, answered: true },
      assistantMessage: { text: 'Slyším tě: Ahoj! A co dál?' },
      honzikReply: { reply: 'Slyším tě: Ahoj! A co dál?', cache: { status: 'MISS' } },
      dailyStats: { date: '2026-11-23', messagesCount: 1 },
      stars: { total: 2 },
      starsEarned: 2,
    })
  })

  test('is answered with what was said before it, not after', async () => {
    await using app = await startTutored()
    const learner = await app.learner()
    await send(learner, 'Předtím.')
    app.pass({ seconds: 5 })
    breakTutor(app)
    const id = errorIn(await send(learner, 'Otázka.'))
    mendTutor(app)
    app.pass({ seconds: 5 })
    await send(learner, 'Potom.')
    await retry(learner, at(id, 'messageId'))
    expect(app.tutor.asked.at(-1)).toMatchObject({
      text: 'Otázka.',
      history: [{ text: 'Předtím.' }, { text: 'Slyším tě: Předtím. A co dál?' }],
    })
  })

  test('counts once, however often and at the same moment it is tried again', async () => {
    await using app = await startTutored()
    const learner = await app.learner()
    breakTutor(app)
    await send(learner, 'Ahoj!')
    expect(errorIn(await retry(learner, 1))).toEqual({ code: 'UPSTREAM_UNAVAILABLE', messageId: '1' })
    mendTutor(app)
    const answers = await Promise.all(Array.from({ length: 5 }, () => retry(learner, 1)))
    expect(answers.map(errorIn).filter(Boolean)).toEqual([])
    app.pass({ seconds: 3 })
    const last = await retry(learner, 1)
    expect(retriedIn(last)).toMatchObject({
      userMessage: { answered: true },
      honzikReply: { cache: { status: 'HIT' } },
      dailyStats: { messagesCount: 1 },
      stars: { total: 2 },
      starsEarned: 2,
    })
    expect(at(await learner.ask(ME), 'data', 'me')).toMatchObject({
      messages: { edges: { length: 2 } },
      dailyStats: { messagesCount: 1 },
      stars: { total: 2 },
    })
  })

  test('sent again with its key is that message, and not another one', async () => {
    await using app = await startTutored()
    const learner = await app.learner()
    breakTutor(app)
    expect(errorIn(await send(learner, 'Ahoj!', 'a'))).toMatchObject({ messageId: '1' })
    expect(errorIn(await send(learner, 'Ahoj!', 'a'))).toMatchObject({ messageId: '1' })
    mendTutor(app)
    const answered = await send(learner, 'Ahoj!', 'a')
    expect(sentIn(answered)).toMatchObject({ userMessage: { id: '1' }, dailyStats: { messagesCount: 1 } })
    const again = await send(learner, 'Ahoj!', 'a')
    expect(sentIn(again)).toMatchObject({ userMessage: { id: '1' }, stars: { total: 2 }, starsEarned: 2 })
    expect(retriedIn(await retry(learner, 1))).toMatchObject({ userMessage: { id: '1' }, stars: { total: 2 } })
  })

  test('and answered by its id has that as the first result of its key', async () => {
    await using app = await startTutored()
    const learner = await app.learner()
    breakTutor(app)
    await send(learner, 'Ahoj!', 'a')
    mendTutor(app)
    await retry(learner, 1)
    await send(learner, 'Ještě něco.')
    expect(sentIn(await send(learner, 'Ahoj!', 'a'))).toMatchObject({
      stars: { total: 2 },
      dailyStats: { messagesCount: 1 },
    })
  })

  test('sent again much later is answered with what was said before it', async () => {
    await using app = await startTutored()
    const learner = await app.learner()
    await send(learner, 'Předtím.')
    app.pass({ minutes: 5 })
    breakTutor(app)
    await send(learner, 'Otázka.', 'a')
    mendTutor(app)
    app.pass({ minutes: 40 })
    await send(learner, 'Otázka.', 'a')
    expect(app.tutor.asked.at(-1)).toMatchObject({ history: [{ text: 'Předtím.' }, {}] })
  })
})

describe('two tries of one message at the same moment', () => {
  /** Both under one key; the second asks for another character, so that each has a call of its own. */
  async function twoTries(app: Tutored, between: () => void = () => {}) {
    const learner = await app.learner({ settings: { timezone: 'UTC' } })
    const calls = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    app.tutor.answerBy(() => calls[app.tutor.asked.length - 1]?.promise ?? Promise.resolve())
    const input = { text: 'Ahoj!', userId: learner.id, idempotencyKey: 'a' }
    const first = app.asStaff(SEND, { input })
    await expect.poll(() => app.tutor.asked.length).toBe(1)
    between()
    await app.asStaff(
      `mutation { updateUserSettings(input: { userId: ${learner.id}, character: NOVAKOVA }) { user { id } } }`,
    )
    const second = app.asStaff(SEND, { input })
    await expect.poll(() => app.tutor.asked.length).toBe(2)
    const fail = new HonzikError('UPSTREAM_UNAVAILABLE', 'The model does not answer.')
    return {
      learner,
      first,
      second,
      failFirst: () => calls[0]?.reject(fail),
      answerSecond: () => calls[1]?.resolve(),
    }
  }

  test('of which one is kept unanswered counts on the day it was first sent', async () => {
    await using app = await startTutored()
    app.pass({ hours: 15, minutes: 29 })
    const { first, second, failFirst, answerSecond } = await twoTries(app, () => app.pass({ minutes: 2 }))
    failFirst()
    expect(errorIn(await first)).toMatchObject({ messageId: '1' })
    answerSecond()
    expect(sentIn(await second)).toMatchObject({ userMessage: { id: '1' }, dailyStats: { date: '2026-11-23' } })
  })

  test('of which one is answered are both answered', async () => {
    await using app = await startTutored()
    const { first, second, failFirst, answerSecond } = await twoTries(app)
    answerSecond()
    const answer = sentIn(await second)
    failFirst()
    expect(sentIn(await first)).toEqual({
      ...Object(answer),
      honzikReply: { ...Object(at(answer, 'honzikReply')), cache: { status: 'HIT' } },
    })
  })
})

describe('trying again', () => {
  test.each(['0', '999', 'x', '-1'])('finds no message under %j', async (id) => {
    await using app = await startTutored()
    expect(errorIn(await retry(await app.learner(), id))).toEqual({ code: 'NOT_FOUND' })
  })

  test('finds nobody else’s message', async () => {
    await using app = await startTutored()
    const [ada, bob] = [await app.learner(), await app.learner()]
    breakTutor(app)
    await send(ada, 'Ahoj!')
    mendTutor(app)
    expect(errorIn(await retry(bob, 1))).toEqual({ code: 'NOT_FOUND' })
    expect(retriedIn(await app.asStaff(RETRY, { id: 1 }))).toMatchObject({ stars: { total: 2 } })
  })

  test('is a conflict for a message that waits for no answer and has none', async () => {
    await using app = await startTutored()
    const learner = await app.learner()
    const sent = await send(learner, 'Ahoj!')
    expect(at(sentIn(sent), 'userMessage', 'id')).toBe('1')
    // The tutor's own message.
    expect(errorIn(await retry(learner, 2))).toEqual({ code: 'CONFLICT', field: 'id' })
  })
})
