import { expect, test } from 'vitest'
import type { Act } from '../../src/domain/activity.ts'
import type { UserId } from '../../src/domain/ids.ts'
import { NOW } from '../support/test-app.ts'
import { day, NOBODY, type Suite } from './suite.ts'

const act = (input: string): Act => ({
  input,
  messageId: null,
  jobId: null,
  practised: {
    day: { date: day('2026-11-23'), messagesCount: 2, wordsSaid: 30, scoredWords: 2900, streakDay: 4 },
    stars: { total: 17, available: 12, lifetime: 19 },
    starsEarned: 6,
  },
})

export function describeActs(suite: Suite): void {
  const find = (id: UserId, key: string) =>
    suite.run(async ({ practice, acts }) => {
      await practice.begin(id)
      return acts.find(id, key)
    })
  const remember = (id: UserId, key: string, done: Act) =>
    suite.run(async ({ practice, acts }) => {
      await practice.begin(id)
      await acts.remember(id, key, done, NOW)
    })

  test('that were not done are not found', async () => {
    const { id } = await suite.newLearner()
    expect(await find(id, 'morning')).toBeNull()
    expect(await find(NOBODY, 'morning')).toBeNull()
  })

  test('are found under their key, with their first result', async () => {
    const { id } = await suite.newLearner()
    await remember(id, 'morning', act('{"words":10}'))
    await remember(id, 'evening', act('{"words":20}'))
    expect(await find(id, 'morning')).toStrictEqual(act('{"words":10}'))
    expect(await find(id, 'evening')).toStrictEqual(act('{"words":20}'))
    expect(await find(id, 'Morning')).toBeNull()
  })

  test('of one learner are not another’s, even under the same key', async () => {
    const [ada, bob] = [await suite.newLearner(), await suite.newLearner()]
    await remember(ada.id, 'morning', act('Ada’s'))
    expect(await find(bob.id, 'morning')).toBeNull()
    await remember(bob.id, 'morning', act('Bob’s'))
    expect((await find(ada.id, 'morning'))?.input).toBe('Ada’s')
  })

  test.each([`O'Neil "x"`, '{a,b}', '🦉', '\\', 'a b', '%', ''])('may have %j for a key and an input', async (text) => {
    const { id } = await suite.newLearner()
    await remember(id, text, act(text))
    expect(await find(id, text)).toStrictEqual(act(text))
  })

  test('cannot be remembered twice', async () => {
    const { id } = await suite.newLearner()
    await remember(id, 'morning', act('first'))
    await expect(remember(id, 'morning', act('second'))).rejects.toThrow()
    expect((await find(id, 'morning'))?.input).toBe('first')
  })

  test('of nobody cannot be remembered', async () => {
    await expect(remember(NOBODY, 'morning', act('{}'))).rejects.toThrow()
  })

  test('that are repeated at the same time are done once', async () => {
    const { id } = await suite.newLearner()
    const doOnce = () =>
      suite.run(async ({ practice, acts }) => {
        await practice.begin(id)
        if (await acts.find(id, 'morning')) return
        await practice.count(id, day('2026-11-23'), { words: 1, score: 100 })
        await acts.remember(id, 'morning', act('{}'), NOW)
      })
    await Promise.all(Array.from({ length: 10 }, doOnce))
    expect((await suite.readers.practice([id])).get(id)?.totalMessages).toBe(1)
  })

  test('that wait for their result get it later, and no other act does', async () => {
    const { id } = await suite.newLearner()
    const [asked, other] = await suite.run(async ({ practice, messages, acts }) => {
      await practice.begin(id)
      const first = await messages.keep(id, { text: 'Ahoj!', at: NOW })
      const second = await messages.keep(id, { text: 'Čau!', at: NOW })
      await acts.remember(id, 'morning', { input: '{}', messageId: first.id, jobId: null, practised: null }, NOW)
      await acts.remember(id, 'evening', { input: '{}', messageId: second.id, jobId: null, practised: null }, NOW)
      return [first, second]
    })
    expect(await find(id, 'morning')).toStrictEqual({ input: '{}', messageId: asked?.id, jobId: null, practised: null })
    const { practised } = act('{}')
    if (practised === null || asked === undefined) throw new Error('the act has no result')
    await suite.run(({ acts }) => acts.complete(asked.id, practised))
    expect(await find(id, 'morning')).toStrictEqual({ input: '{}', messageId: asked.id, jobId: null, practised })
    expect(await find(id, 'evening')).toStrictEqual({ input: '{}', messageId: other?.id, jobId: null, practised: null })
  })
}
