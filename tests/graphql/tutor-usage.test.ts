import { describe, expect, test } from 'vitest'
import { HonzikError } from '../../src/domain/error.ts'
import type { Call } from '../../src/replies/tutor.ts'
import { TOKENS } from '../support/memory-tutor.ts'
import { at, type GraphQLAnswer } from '../support/test-app.ts'
import { type Learner, startTutored, type Tutored } from '../support/tutored.ts'

const SAY = `query ($text: String!, $id: ID) {
  honzikReply(input: { text: $text, userId: $id }) { correctnessScore cache { status } }
}`
const USAGE = `query ($id: ID!, $date: Date) {
  user(id: $id) {
    tutorUsage(date: $date) { date calls callsLimit tokensIn tokensCached tokensOut usdSpent recalled usdSaved }
  }
}`
const say = (learner: Learner, text: string) => learner.ask(SAY, { text })
const usageOf = async (app: Tutored, { id }: Learner, date?: string) =>
  at(await app.asStaff(USAGE, { id, date }), 'data', 'user', 'tutorUsage')
const errorIn = (answer: GraphQLAnswer) => answer.errors?.[0]

describe('the bill of a learner', () => {
  test('has the calls, tokens and USD of each of their days, and what was not paid twice', async () => {
    await using app = await startTutored({ openai: { dailyLimit: 10 } })
    const learner = await app.learner()
    await say(learner, 'Ahoj!')
    await say(learner, 'Jak se máš?')
    await say(learner, 'Ahoj!')
    // Savings are written down a second later.
    await expect
      .poll(() => usageOf(app, learner), { timeout: 60_000 })
      .toEqual({
        date: '2026-11-23',
        calls: 2,
        callsLimit: 10,
        tokensIn: 2000,
        tokensCached: 1000,
        tokensOut: 200,
        usdSpent: 0.002,
        recalled: 1,
        usdSaved: 0.001,
      })
    app.pass({ hours: 20 })
    expect(await usageOf(app, learner)).toMatchObject({ date: '2026-11-24', calls: 0, usdSpent: 0, recalled: 0 })
    expect(await usageOf(app, learner, '2026-11-23')).toMatchObject({ calls: 2 })
  })

  test('does not know the price of a model without one', async () => {
    await using app = await startTutored({ tutor: { usd: null } })
    const learner = await app.learner()
    await say(learner, 'Ahoj!')
    await say(learner, 'Ahoj!')
    expect(await usageOf(app, learner)).toMatchObject({ calls: 1, callsLimit: null, usdSpent: null })
    await expect.poll(() => usageOf(app, learner), { timeout: 60_000 }).toMatchObject({ recalled: 1, usdSaved: null })
  })
})

test('the bill is not for learners: it tells what others have asked', async () => {
  await using app = await startTutored()
  const learner = await app.learner()
  const answer = await learner.ask('{ me { tutorUsage { calls } } }')
  expect(errorIn(answer)?.extensions).toEqual({ code: 'FORBIDDEN' })
})

describe('the daily limit', () => {
  test('is kept until the learner’s own midnight, and does not count what is remembered', async () => {
    await using app = await startTutored({ openai: { dailyLimit: 2 } })
    const learner = await app.learner({ settings: { timezone: 'Asia/Tokyo' } })
    for (const text of ['Jedna.', 'Dvě.']) await say(learner, text)
    // 17:30 in Tokyo.
    const refused = errorIn(await say(learner, 'Tři.'))
    expect(refused?.extensions).toEqual({ code: 'RATE_LIMITED', retryAfterSeconds: 6.5 * 3600 })
    expect(refused?.message).toContain('2026-11-24T00:00+09:00')
    expect(at(await say(learner, 'Jedna.'), 'data', 'honzikReply', 'cache', 'status')).toBe('HIT')
    app.pass({ hours: 6, minutes: 30 })
    expect(errorIn(await say(learner, 'Tři.'))).toBeUndefined()
  })

  test('lets no more through at once than it has left', async () => {
    await using app = await startTutored({ openai: { dailyLimit: 3 } })
    const learner = await app.learner()
    const answers = await Promise.all(Array.from({ length: 9 }, (_, n) => say(learner, `Číslo ${n}.`)))
    expect(answers.filter((answer) => errorIn(answer) === undefined)).toHaveLength(3)
    expect(app.tutor.asked).toHaveLength(3)
  })

  test('of one learner is not another’s, also when both ask the same at once', async () => {
    await using app = await startTutored({ openai: { dailyLimit: 1 } })
    const [ada, bob] = [await app.learner(), await app.learner()]
    await say(ada, 'Jedna.')
    const answers = await Promise.all([say(ada, 'Dvě.'), say(bob, 'Dvě.')])
    expect(errorIn(answers[1])).toBeUndefined()
    expect(await usageOf(app, bob)).toMatchObject({ calls: 1 })
    expect(await usageOf(app, ada)).toMatchObject({ calls: 1 })
  })

  test('pays for staff who bypass what is remembered', async () => {
    await using app = await startTutored({ openai: { dailyLimit: 2 } })
    const learner = await app.learner()
    await say(learner, 'Ahoj!')
    const headers = { authorization: `Bearer ${await app.tokenOf('staff', 999_999)}`, 'cache-control': 'no-cache' }
    const bypass = async (): Promise<unknown> =>
      (await app.post({ query: SAY, variables: { text: 'Ahoj!', id: learner.id } }, headers)).json()
    expect(at(await bypass(), 'data', 'honzikReply', 'cache', 'status')).toBe('BYPASS')
    expect(at(await bypass(), 'errors', 0, 'extensions', 'code')).toBe('RATE_LIMITED')
  })
})

describe('a call that brings no answer', () => {
  const usageAfter = async (how: (call: Call) => Promise<void>) => {
    await using app = await startTutored({ openai: { dailyLimit: 5 } })
    const learner = await app.learner()
    app.tutor.answerBy((_, call) => how(call))
    await say(learner, 'Ahoj!')
    return await usageOf(app, learner)
  }
  const useless = () => Promise.reject(new HonzikError('UPSTREAM_UNAVAILABLE', 'No.'))

  test('is not counted when the model failed', async () => {
    expect(await usageAfter(useless)).toMatchObject({ calls: 0, usdSpent: 0 })
  })

  test('is counted and paid when the model has answered what is of no use', async () => {
    const refusal = (call: Call) => {
      call.onSpent?.({ model: 'a-model', tokens: TOKENS, usd: 0.002 })
      return useless()
    }
    expect(await usageAfter(refusal)).toMatchObject({ calls: 1, tokensIn: 1000, usdSpent: 0.002 })
  })

  test('is counted when it may have to be paid, whatever that will be', async () => {
    const left = (call: Call) => {
      call.onSpent?.({ model: 'a-model', tokens: null, usd: null })
      return Promise.reject(new Error('a fault'))
    }
    expect(await usageAfter(left)).toMatchObject({ calls: 1, tokensIn: 0, usdSpent: null })
  })
})
