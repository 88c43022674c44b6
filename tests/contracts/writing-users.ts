import { expect, test } from 'vitest'
import type { UserId } from '../../src/domain/ids.ts'
import type { ProfileChanges, User } from '../../src/domain/user.ts'
import { NOW } from '../support/test-app.ts'
import { day, NOBODY, type Suite, somebody } from './suite.ts'

const LATER = NOW.add({ hours: 1, milliseconds: 1 })

export function describeUsers(suite: Suite): void {
  describeInsertion(suite)
  describeUpdate(suite)

  test('are found by id and by Telegram id', async () => {
    const [ada, bob] = [await suite.newLearner(), await suite.newLearner()]
    await suite.run(async ({ users }) => {
      expect(await users.find(ada.id)).toEqual(ada)
      expect(await users.findByTelegramId(bob.telegramId)).toEqual(bob)
      expect(await users.find(NOBODY)).toBeNull()
      expect(await users.findByTelegramId(somebody().telegramId)).toBeNull()
    })
  })
}

function describeInsertion(suite: Suite): void {
  test('begin with their profile, their settings and no stars', async () => {
    const settings = { timezone: 'America/New_York', character: 'NOVAKOVA' } as const
    const newcomer = somebody({ username: 'ada', nativeLanguage: 'uk', level: 'ADVANCED', settings })
    const made = await suite.run(({ users }) => users.insert(newcomer, NOW))
    const { settings: chosen, ...profile } = newcomer
    const at = '2026-11-23T08:30:00.000Z'
    expect(made).toStrictEqual({ ...profile, id: expect.any(Number), createdAt: at, updatedAt: at })

    const id = made?.id ?? NOBODY
    expect((await suite.readers.users([id])).get(id)).toStrictEqual(made)
    expect((await suite.readers.settings([id])).get(id)).toStrictEqual(chosen)
    expect((await suite.readers.stars([id])).get(id)).toStrictEqual({ total: 0, available: 0, lifetime: 0 })
  })

  test('are not made with a Telegram id that is taken', async () => {
    const ada = await suite.newLearner({ firstName: 'Ada' })
    const before = await suite.everythingOf(ada.id)
    const settings = { timezone: 'Asia/Tokyo' }
    const other = somebody({ telegramId: ada.telegramId, firstName: 'Eva', settings })
    const after = await suite.run(async ({ users }) => {
      expect(await users.insert(other, LATER)).toBeNull()
      return users.findByTelegramId(ada.telegramId)
    })
    expect(after).toEqual(ada)
    expect(await suite.everythingOf(ada.id)).toEqual(before)
  })

  test('are made once when two make them at the same time', async () => {
    const newcomer = somebody()
    const made = await Promise.all(
      Array.from({ length: 10 }, () => suite.run(({ users }) => users.insert(newcomer, NOW))),
    )
    const [winner, ...others] = made.filter((user) => user !== null)
    expect(others).toEqual([])
    const found = await suite.readers.userIdsByTelegramId([newcomer.telegramId])
    expect(found.get(newcomer.telegramId)).toBe(winner?.id)
  })
}

function describeUpdate(suite: Suite): void {
  const updatedAt = '2026-11-23T09:30:00.001Z'
  const update = (id: UserId, changes: ProfileChanges) => suite.run(({ users }) => users.update(id, changes, LATER))
  /** The learner as the update answers, which must be how everyone reads them afterwards. */
  async function updated({ id }: User, changes: ProfileChanges): Promise<User | null> {
    const answered = await update(id, changes)
    expect((await suite.readers.users([id])).get(id)).toStrictEqual(answered)
    return answered
  }

  test('change as far as changes are named', async () => {
    const ada = await suite.newLearner({ username: 'ada', nativeLanguage: 'de' })
    const changes = { firstName: `Žofie "O'Neil" 🦉`, level: 'NATIVE' } as const
    expect(await updated(ada, changes)).toStrictEqual({ ...ada, ...changes, updatedAt })
  })

  test('may lose their username', async () => {
    const ada = await suite.newLearner({ username: 'ada' })
    expect(await updated(ada, { username: null })).toStrictEqual({ ...ada, username: null, updatedAt })
  })

  test('are left alone when no change is named', async () => {
    const ada = await suite.newLearner({ username: 'ada' })
    expect(await updated(ada, {})).toStrictEqual(ada)
  })

  test('who do not exist cannot be updated', async () => {
    expect(await update(NOBODY, { firstName: 'Eva' })).toBeNull()
  })

  test('do not change with another', async () => {
    const [ada, bob] = [await suite.newLearner(), await suite.newLearner()]
    await update(ada.id, { firstName: 'Augusta', username: 'augusta' })
    expect((await suite.readers.users([bob.id])).get(bob.id)).toEqual(bob)
  })
}

export function describeDeletion(suite: Suite): void {
  const remove = (id: UserId) => suite.run(({ users }) => users.delete(id))

  test('takes everything of the learner’s along', async () => {
    const ada = await suite.newLearner()
    await suite.leaveTraces(ada.id)
    expect(Object.values(await suite.everythingOf(ada.id)).every((trace) => trace !== undefined)).toBe(true)

    expect(await remove(ada.id)).toBe(true)
    expect(Object.values(await suite.everythingOf(ada.id))).toEqual(Array(6).fill(undefined))
    expect(await suite.readers.userIdsByTelegramId([ada.telegramId])).toEqual(new Map())
  })

  test('leaves everybody else alone', async () => {
    const [ada, bob] = [await suite.newLearner(), await suite.newLearner()]
    await suite.leaveTraces(bob.id)
    const before = await suite.everythingOf(bob.id)
    await remove(ada.id)
    expect(await suite.everythingOf(bob.id)).toEqual(before)
  })

  test('happens once', async () => {
    const { id } = await suite.newLearner()
    const removed = await Promise.all([remove(id), remove(id), remove(id)])
    expect(removed.sort()).toEqual([false, false, true])
    expect(await remove(NOBODY)).toBe(false)
  })

  test('frees the Telegram id, but never the id', async () => {
    const ada = await suite.newLearner()
    await remove(ada.id)
    const again = await suite.newLearner({ telegramId: ada.telegramId })
    expect(again.id).toBeGreaterThan(ada.id)
  })

  test('and practice at the same time come one after the other', async () => {
    const { id } = await suite.newLearner()
    await suite.leaveTraces(id)
    const practise = () =>
      suite.run(async ({ practice, stars }) => {
        if ((await practice.begin(id)) === null) return
        await practice.count(id, day('2026-11-23'), { words: 1, score: 1 })
        await stars.add(id, 1)
      })
    await Promise.all([practise(), practise(), remove(id), practise(), practise()])
    expect(Object.values(await suite.everythingOf(id))).toEqual(Array(6).fill(undefined))
  })
}
