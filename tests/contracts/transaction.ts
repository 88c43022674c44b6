import { describe, expect, test } from 'vitest'
import { HonzikError } from '../../src/domain/error.ts'
import type { UserId } from '../../src/domain/ids.ts'
import { defaultSettings } from '../../src/domain/settings.ts'
import { NOW } from '../support/test-app.ts'
import { describeChanges, describeOutbox } from './noting-changes.ts'
import { day, NOBODY, type OpenContractDatabase, openSuite, type Suite, somebody } from './suite.ts'
import { describeActs } from './writing-acts.ts'
import { describeBacklog, describeJobs, describeRecordings, describeVoices } from './writing-jobs.ts'
import { describeConversations } from './writing-messages.ts'
import { describeCounting, describeStreaks } from './writing-practice.ts'
import { describeDeletion, describeUsers } from './writing-users.ts'

/** What every implementation of `UnitOfWork` and `Transaction` must do. */
export function describeTransaction(name: string, open: OpenContractDatabase): void {
  describe(`transactions over ${name}`, () => {
    const suite = openSuite(open)
    describe('a unit of work', () => describeUnit(suite))
    describe('work that throws', () => describeRollback(suite))
    describe('learners', () => describeUsers(suite))
    describe('a deletion', () => describeDeletion(suite))
    describe('settings', () => describeSettings(suite))
    describe('stars', () => describeStars(suite))
    describe('practice', () => describeCounting(suite))
    describe('streaks', () => describeStreaks(suite))
    describe('acts', () => describeActs(suite))
    describe('conversations', () => describeConversations(suite))
    describe('jobs', () => describeJobs(suite))
    describe('what waits', () => describeBacklog(suite))
    describe('recordings', () => describeRecordings(suite))
    describe('voices', () => describeVoices(suite))
    describe('what was changed', () => describeChanges(suite))
    describe('the outbox', () => describeOutbox(suite))
  })
}

function describeUnit(suite: Suite): void {
  test('answers what the work answers', async () => {
    expect(await suite.run(async () => 'done')).toBe('done')
  })

  test('reads its own changes', async () => {
    const ada = await suite.newLearner()
    await suite.run(async ({ users }) => {
      await users.update(ada.id, { firstName: 'Augusta' }, NOW)
      expect(await users.find(ada.id)).toMatchObject({ firstName: 'Augusta' })
      expect(await users.findByTelegramId(ada.telegramId)).toMatchObject({ firstName: 'Augusta' })
      await users.delete(ada.id)
      expect(await users.find(ada.id)).toBeNull()
    })
  })

  test('is kept when another takes the same learners in the opposite order', async () => {
    const ids = (await suite.newLearners(2)).map(({ id }) => id)
    const visit = (learners: readonly UserId[]) =>
      suite.run(async ({ practice, users }) => {
        for (const id of learners) {
          await practice.begin(id)
          await practice.count(id, day('2026-11-23'), { words: 1, score: 1 })
          // Time for the other to set out too, so that they meet where it hurts.
          for (let rest = 0; rest < 20; rest += 1) await users.find(id)
        }
      })
    await Promise.all([visit(ids), visit(ids.toReversed())])
    const found = await suite.readers.practice(ids)
    expect([...found.values()].map(({ totalMessages }) => totalMessages)).toEqual([2, 2])
  })
}

function describeRollback(suite: Suite): void {
  test.each([
    new Error('the work failed'),
    new HonzikError('NOT_FOUND', 'No such learner.'),
    new TypeError('the work failed', { cause: new Error('underneath') }),
  ])('fails with what was thrown, unchanged: %o', async (thrown) => {
    await expect(suite.run(() => Promise.reject(thrown))).rejects.toBe(thrown)
  })

  test('leaves everything as it was', async () => {
    const ada = await suite.newLearner()
    await suite.practise(ada.id, ['2026-11-22'])
    const before = await suite.everythingOf(ada.id)
    const newcomer = somebody()
    const failing = suite.run(async ({ users, settings, practice, stars }) => {
      await users.insert(newcomer, NOW)
      await users.update(ada.id, { firstName: 'Augusta' }, NOW.add({ hours: 1 }))
      await settings.update(ada.id, { character: 'NOVAKOVA' })
      await practice.begin(ada.id)
      await practice.count(ada.id, day('2026-11-23'), { words: 10, score: 90 })
      await stars.add(ada.id, 5)
      throw new Error('at the very end')
    })
    await expect(failing).rejects.toThrow('at the very end')
    expect(await suite.everythingOf(ada.id)).toEqual(before)
    expect(await suite.readers.userIdsByTelegramId([newcomer.telegramId])).toEqual(new Map())
  })

  test('keeps a learner who was deleted in it', async () => {
    const ada = await suite.newLearner()
    const before = await suite.everythingOf(ada.id)
    const failing = suite.run(async ({ users }) => {
      await users.delete(ada.id)
      throw new Error('changed my mind')
    })
    await expect(failing).rejects.toThrow('changed my mind')
    expect(await suite.everythingOf(ada.id)).toEqual(before)
  })

  test('does not disturb those that run beside it', async () => {
    const ada = await suite.newLearner()
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) =>
        suite.run(async ({ stars }) => {
          await stars.add(ada.id, 1)
          if (n % 2 === 0) throw new Error('every other one')
        }),
      ),
    )
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(10)
    expect((await suite.readers.stars([ada.id])).get(ada.id)?.total).toBe(10)
  })
}

function describeSettings(suite: Suite): void {
  test('change as far as they are named', async () => {
    const { id } = await suite.newLearner()
    const expected = { ...defaultSettings, character: 'NOVAKOVA', notificationsEnabled: false }
    const changes = { character: 'NOVAKOVA', notificationsEnabled: false } as const
    expect(await suite.run(({ settings }) => settings.update(id, changes))).toStrictEqual(expected)
    expect((await suite.readers.settings([id])).get(id)).toStrictEqual(expected)
  })

  test('stay as they are when no change is named', async () => {
    const { id } = await suite.newLearner({ settings: { timezone: 'Asia/Tokyo' } })
    const expected = { ...defaultSettings, timezone: 'Asia/Tokyo' }
    expect(await suite.run(({ settings }) => settings.update(id, {}))).toStrictEqual(expected)
  })

  test('of nobody are null', async () => {
    expect(await suite.run(({ settings }) => settings.update(NOBODY, { character: 'NOVAKOVA' }))).toBeNull()
    expect(await suite.run(({ settings }) => settings.update(NOBODY, {}))).toBeNull()
  })

  test('of others do not change', async () => {
    const [ada, bob] = [await suite.newLearner(), await suite.newLearner()]
    await suite.run(({ settings }) => settings.update(ada.id, { voiceSpeed: 'SLOW' }))
    expect((await suite.readers.settings([bob.id])).get(bob.id)).toStrictEqual(defaultSettings)
  })
}

function describeStars(suite: Suite): void {
  test('grow by what was earned', async () => {
    const [ada, bob] = [await suite.newLearner(), await suite.newLearner()]
    const add = (earned: number) => suite.run(({ stars }) => stars.add(ada.id, earned))
    expect(await add(7)).toStrictEqual({ total: 7, available: 7, lifetime: 7 })
    expect(await add(0)).toStrictEqual({ total: 7, available: 7, lifetime: 7 })
    expect(await add(5)).toStrictEqual({ total: 12, available: 12, lifetime: 12 })
    expect((await suite.readers.stars([bob.id])).get(bob.id)).toStrictEqual({ total: 0, available: 0, lifetime: 0 })
  })

  test('earned at the same time all count', async () => {
    const { id } = await suite.newLearner()
    const totals = await Promise.all(
      Array.from({ length: 20 }, async () => (await suite.run(({ stars }) => stars.add(id, 3))).total),
    )
    expect(totals.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => 3 * (n + 1)))
  })

  test('of nobody cannot be earned', async () => {
    await expect(suite.run(({ stars }) => stars.add(NOBODY, 1))).rejects.toThrow()
  })
}
