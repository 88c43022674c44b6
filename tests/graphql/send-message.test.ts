import { describe, expect, test } from 'vitest'
import { at, type GraphQLAnswer } from '../support/test-app.ts'
import { type Learner, startTutored } from '../support/tutored.ts'

const SEND = `mutation ($input: SendMessageInput!) {
  sendMessage(input: $input) {
    userMessage { id role text correctedText correctnessScore mistakes { corrected } wordsTotal wordsCorrect answered }
    assistantMessage { id role text answered }
    honzikReply { reply engine cache { status key ageSeconds } }
    dailyStats { date messagesCount wordsSaid correctPercent streakDay }
    stars { total }
    starsEarned
  }
}`
const ME = `{ me {
  messages { edges { node { role text answered } } } dailyStats { messagesCount wordsSaid } stars { total }
} }`

const send = (learner: Learner, text: string, input: Record<string, unknown> = {}) =>
  learner.ask(SEND, { input: { text, ...input } })
const sentIn = (answer: GraphQLAnswer) => at(answer, 'data', 'sendMessage')
const errorIn = (answer: GraphQLAnswer) => answer.errors?.[0]?.extensions
const meOf = async (learner: Learner) => at(await learner.ask(ME), 'data', 'me')

describe('a message', () => {
  test('is answered, kept and counted in one step', async () => {
    await using app = await startTutored()
    const learner = await app.learner()
    expect(sentIn(await send(learner, '  Byl jsem v skole. '))).toEqual({
      userMessage: {
        id: '1',
        role: 'USER',
        text: 'Byl jsem v skole.',
        correctedText: 'Byl jsem v škole.',
        correctnessScore: 75,
        mistakes: [{ corrected: 'škole' }],
        wordsTotal: 4,
        wordsCorrect: 3,
        answered: true,
      },
      assistantMessage: { id: '2', role: 'ASSISTANT', text: 'Slyším tě: Byl jsem v skole. A co dál?', answered: true },
      honzikReply: {
        reply: 'Slyším tě: Byl jsem v skole. A co dál?',
        engine: 'OPENAI',
        cache: { status: 'MISS', key: null, ageSeconds: 0 },
      },
      dailyStats: { date: '2026-11-23', messagesCount: 1, wordsSaid: 4, correctPercent: 75, streakDay: 1 },
      stars: { total: 1 },
      starsEarned: 1,
    })
    expect(await meOf(learner)).toEqual({
      messages: {
        edges: [
          { node: { role: 'ASSISTANT', text: 'Slyším tě: Byl jsem v skole. A co dál?', answered: true } },
          { node: { role: 'USER', text: 'Byl jsem v skole.', answered: true } },
        ],
      },
      dailyStats: { messagesCount: 1, wordsSaid: 4 },
      stars: { total: 1 },
    })
  })

  test('that is good earns a star more, but not from the embedded engine', async () => {
    await using model = await startTutored()
    expect(sentIn(await send(await model.learner(), 'Ahoj!'))).toMatchObject({ starsEarned: 2 })
    await using embedded = await startTutored({ tutor: { model: null }, config: { openai: null } })
    expect(sentIn(await send(await embedded.learner(), 'Ahoj!'))).toMatchObject({
      starsEarned: 1,
      honzikReply: { engine: 'EMBEDDED' },
    })
  })

  test('with history is that learner’s alone; without, its answer is the shared one', async () => {
    await using app = await startTutored()
    const [ada, bob] = [await app.learner(), await app.learner()]
    await send(ada, 'Ahoj!')
    await send(bob, 'Ahoj!')
    expect(app.tutor.asked).toHaveLength(1)
    await send(ada, 'Jak se máš?')
    app.pass({ seconds: 1 })
    await send(bob, 'Jak se máš?')
    expect(app.tutor.asked).toHaveLength(3)
    expect(app.tutor.asked[1]).toMatchObject({
      text: 'Jak se máš?',
      history: [
        { role: 'USER', text: 'Ahoj!' },
        { role: 'ASSISTANT', text: 'Slyším tě: Ahoj! A co dál?' },
      ],
    })
  })

  test('after half an hour of silence begins a new conversation', async () => {
    await using app = await startTutored()
    const learner = await app.learner()
    await send(learner, 'Ahoj!')
    app.pass({ minutes: 31 })
    await send(learner, 'Jsem tu zas.')
    expect(app.tutor.asked[1]?.history).toEqual([])
  })

  test('counts on the learner’s own day', async () => {
    await using app = await startTutored()
    const learner = await app.learner({ settings: { timezone: 'Pacific/Auckland' } })
    app.pass({ hours: 4 })
    expect(at(sentIn(await send(learner, 'Ahoj!')), 'dailyStats', 'date')).toBe('2026-11-24')
  })

  test('may be sent for a learner by staff, and by no other learner', async () => {
    await using app = await startTutored()
    const [ada, bob] = [await app.learner(), await app.learner()]
    const input = { text: 'Ahoj!', userId: ada.id }
    expect(at(sentIn(await app.asStaff(SEND, { input })), 'honzikReply', 'cache')).toMatchObject({
      status: 'MISS',
      key: expect.stringMatching(/^reply:/),
    })
    expect(errorIn(await bob.ask(SEND, { input }))).toEqual({ code: 'NOT_FOUND' })
    expect(errorIn(await app.asStaff(SEND, { input: { text: 'Ahoj!' } }))).toEqual({ code: 'NOT_FOUND' })
  })

  test.each([
    ['text', { text: ' \n ' }],
    ['text', { text: 'x'.repeat(2_001) }],
    ['idempotencyKey', { text: 'Ahoj!', idempotencyKey: '' }],
  ])('is refused for bad input, by the name of %s', async (field, input) => {
    await using app = await startTutored()
    const learner = await app.learner()
    expect(errorIn(await learner.ask(SEND, { input }))).toEqual({ code: 'BAD_USER_INPUT', field })
    expect(await meOf(learner)).toMatchObject({ messages: { edges: [] } })
  })

  test('beyond the daily limit is neither kept nor counted', async () => {
    await using app = await startTutored({ openai: { dailyLimit: 1 } })
    const learner = await app.learner()
    await send(learner, 'Ahoj!')
    expect(errorIn(await send(learner, 'Ještě jednou.'))).toMatchObject({ code: 'RATE_LIMITED' })
    expect(await meOf(learner)).toMatchObject({ dailyStats: { messagesCount: 1 }, stars: { total: 2 } })
  })

  test('of a learner who is deleted meanwhile is not found, and leaves nothing behind', async () => {
    await using app = await startTutored()
    const learner = await app.learner()
    await send(learner, 'Ahoj!')
    app.tutor.answerBy(async () => {
      app.tutor.answerBy(async () => {})
      await learner.ask(`mutation { deleteUser(input: { id: ${learner.id} }) { deletedId } }`)
    })
    expect(errorIn(await send(learner, 'Jsem tu ještě?'))).toEqual({ code: 'NOT_FOUND' })
    expect(errorIn(await learner.ask(ME))).toEqual({ code: 'UNAUTHENTICATED' })
  })

  test.each([2, 12])('sent %i times at once counts each time', async (times) => {
    await using app = await startTutored()
    const learner = await app.learner()
    const answers = await Promise.all(Array.from({ length: times }, () => send(learner, 'Ahoj!')))
    expect(answers.map(errorIn).filter(Boolean)).toEqual([])
    expect(await meOf(learner)).toMatchObject({ dailyStats: { messagesCount: times } })
  })
})

test('a document may send four messages, with all that is said to them', async () => {
  await using app = await startTutored()
  const learner = await app.learner()
  const fields = Array.from(
    { length: 4 },
    (_, n) => `a${n}: sendMessage(input: { text: "Číslo ${n}." }) { honzikReply { reply } }`,
  )
  expect(errorIn(await learner.ask(`mutation { ${fields} }`))).toBeUndefined()
})

describe('a repeated message', () => {
  test('with its key has the first result, and counts once', async () => {
    await using app = await startTutored()
    const learner = await app.learner()
    const first = await send(learner, 'Ahoj!', { idempotencyKey: 'a' })
    await send(learner, 'Jak se máš?')
    app.pass({ minutes: 2 })
    // Whatever the tutor would say to it now.
    await learner.ask(
      `mutation { updateUserSettings(input: { userId: ${learner.id}, character: NOVAKOVA }) { user { id } } }`,
    )
    app.tutor.answerBy(() => Promise.reject(new Error('nobody is to be asked')))
    const again = await send(learner, 'Ahoj!', { idempotencyKey: 'a' })
    expect(sentIn(again)).toEqual({
      ...Object(sentIn(first)),
      honzikReply: {
        ...Object(at(sentIn(first), 'honzikReply')),
        cache: { status: 'HIT', key: null, ageSeconds: 120 },
      },
    })
    expect(app.tutor.asked).toHaveLength(2)
    expect(await meOf(learner)).toMatchObject({ dailyStats: { messagesCount: 2 } })
  })

  test('at the same moment counts once', async () => {
    await using app = await startTutored()
    const learner = await app.learner()
    const input = { idempotencyKey: 'a' }
    const answers = await Promise.all(Array.from({ length: 6 }, () => send(learner, 'Ahoj!', input)))
    expect(new Set(answers.map((answer) => at(sentIn(answer), 'userMessage', 'id'))).size).toBe(1)
    expect(await meOf(learner)).toMatchObject({ dailyStats: { messagesCount: 1 }, stars: { total: 2 } })
  })

  test('with its key and another text is a conflict, and so is one with another act’s key', async () => {
    await using app = await startTutored()
    const learner = await app.learner()
    await send(learner, 'Ahoj!', { idempotencyKey: 'a' })
    const conflict = { code: 'CONFLICT', field: 'idempotencyKey' }
    expect(errorIn(await send(learner, 'Čau!', { idempotencyKey: 'a' }))).toEqual(conflict)
    const activity = { userId: learner.id, wordsTotal: 3, correctnessScore: 90, idempotencyKey: 'a' }
    const record = 'mutation ($input: RecordActivityInput!) { recordActivity(input: $input) { stars { total } } }'
    expect(errorIn(await app.asStaff(record, { input: activity }))).toEqual(conflict)
  })
})
