import { describe, expect, test } from 'vitest'
import { messageIdFromRow, telegramIdFromRow, type UserId, userIdFromRow } from '../../src/domain/ids.ts'
import { defaultSettings } from '../../src/domain/settings.ts'
import { NOW } from '../support/test-app.ts'
import { describeReadingJobs, describeSaid, describeUpdates } from './reading-jobs.ts'
import { describeMessages } from './reading-messages.ts'
import { describePractice, describePracticeDays } from './reading-practice.ts'
import { describeReadingSpeeches } from './reading-speeches.ts'
import { NOBODY, type OpenContractDatabase, openSuite, type Suite, said } from './suite.ts'

/** What every implementation of `Readers` must do. */
export function describeReaders(name: string, open: OpenContractDatabase): void {
  describe(`readers over ${name}`, () => {
    const suite = openSuite(open)
    describe('learners', () => describeLearners(suite))
    describe('Telegram ids', () => describeTelegramIds(suite))
    describe('settings and stars', () => describeSettingsAndStars(suite))
    describe('the list of learners', () => describeList(suite))
    describe('who was active last', () => describeLastActive(suite))
    describe('practice', () => describePractice(suite))
    describe('days of practice', () => describePracticeDays(suite))
    describe('messages', () => describeMessages(suite))
    describe('jobs', () => describeReadingJobs(suite))
    describe('speeches', () => describeReadingSpeeches(suite))
    describe('changes of jobs', () => describeUpdates(suite))
    describe('what was said', () => describeSaid(suite))
    describe('no keys', () => describeNothing(suite))
  })
}

function describeLearners(suite: Suite): void {
  test('are found many at a time', async () => {
    const [ada, bob, eva] = [await suite.newLearner(), await suite.newLearner(), await suite.newLearner()]
    const found = await suite.readers.users([eva.id, ada.id])
    expect([...found].sort(([a], [b]) => a - b)).toEqual([
      [ada.id, ada],
      [eva.id, eva],
    ])
    expect(found.has(bob.id)).toBe(false)
  })

  test('who do not exist are absent', async () => {
    const ada = await suite.newLearner()
    expect(await suite.readers.users([NOBODY, ada.id])).toEqual(new Map([[ada.id, ada]]))
    expect(await suite.readers.users([NOBODY])).toEqual(new Map())
  })

  test('who are asked for twice are there once', async () => {
    const ada = await suite.newLearner()
    expect(await suite.readers.users([ada.id, ada.id])).toEqual(new Map([[ada.id, ada]]))
  })

  test('are found among a thousand ids', async () => {
    const ada = await suite.newLearner()
    const others = Array.from({ length: 1000 }, (_, n) => userIdFromRow(NOBODY - n))
    expect(await suite.readers.users([...others, ada.id])).toEqual(new Map([[ada.id, ada]]))
  })

  test('may have no username', async () => {
    const [named, nameless] = [await suite.newLearner({ username: 'ada' }), await suite.newLearner()]
    const found = await suite.readers.users([named.id, nameless.id])
    expect([...found.values()].map(({ username }) => username).sort()).toEqual(['ada', null])
  })

  test.each(['🦉 Žofie', `O'Neil "Tim"`, '{}', 'a,b', '{a,"b"}', '\\', 'NULL', '%s $1 ?', '王小明'])(
    'have %s for a name, exactly as it was written',
    async (firstName) => {
      const { id } = await suite.newLearner({ firstName, username: firstName })
      expect((await suite.readers.users([id])).get(id)).toMatchObject({ firstName, username: firstName })
    },
  )
}

function describeTelegramIds(suite: Suite): void {
  test('lead to learners, many at a time', async () => {
    const [ada, bob] = [await suite.newLearner(), await suite.newLearner()]
    expect(await suite.readers.userIdsByTelegramId([bob.telegramId, ada.telegramId, bob.telegramId])).toEqual(
      new Map([
        [ada.telegramId, ada.id],
        [bob.telegramId, bob.id],
      ]),
    )
  })

  test('that are nobody’s are absent', async () => {
    const ada = await suite.newLearner()
    const nobodys = telegramIdFromRow('4')
    expect([...(await suite.readers.userIdsByTelegramId([nobodys, ada.telegramId])).keys()]).toEqual([ada.telegramId])
  })

  test('near 2^63 keep every digit', async () => {
    const ids = ['9223372036854775807', '9223372036854775806', '9007199254740993', '9007199254740992']
    const learners = await Promise.all(ids.map((telegramId) => suite.newLearner({ telegramId })))
    expect(learners.map(({ telegramId }) => telegramId)).toEqual(ids)

    const found = await suite.readers.userIdsByTelegramId(ids.map(telegramIdFromRow))
    expect(found).toEqual(new Map(learners.map(({ telegramId, id }) => [telegramId, id])))
    const users = await suite.readers.users(learners.map(({ id }) => id))
    expect(new Set([...users.values()].map(({ telegramId }) => telegramId))).toEqual(new Set(ids))
  })
}

function describeSettingsAndStars(suite: Suite): void {
  test('settings are found many at a time, with nothing else in them', async () => {
    const chosen = {
      conversationStyle: 'CASUAL',
      voiceSpeed: 'VERY_SLOW',
      correctionsLevel: 'DETAILED',
      character: 'NOVAKOVA',
      timezone: 'America/Argentina/Buenos_Aires',
      notificationsEnabled: false,
    } as const
    const [ada, bob] = [await suite.newLearner({ settings: chosen }), await suite.newLearner()]
    const found = await suite.readers.settings([bob.id, NOBODY, ada.id, bob.id])
    expect(found.size).toBe(2)
    expect(found.get(ada.id)).toStrictEqual(chosen)
    expect(found.get(bob.id)).toStrictEqual(defaultSettings)
  })

  test('stars are found many at a time, with nothing else in them', async () => {
    const [ada, bob] = [await suite.newLearner(), await suite.newLearner()]
    await suite.run(({ stars }) => stars.add(ada.id, 7))
    const found = await suite.readers.stars([bob.id, NOBODY, ada.id, ada.id])
    expect(found.size).toBe(2)
    expect(found.get(ada.id)).toStrictEqual({ total: 7, available: 7, lifetime: 7 })
    expect(found.get(bob.id)).toStrictEqual({ total: 0, available: 0, lifetime: 0 })
  })
}

function describeList(suite: Suite): void {
  test('begins with the lowest id and is in the order of ids', async () => {
    const made = await suite.newLearners(12)
    const all = await suite.readers.listUsers(null, 10_000)
    const ids = all.map(({ id }) => id)
    expect(ids).toEqual(ids.toSorted((a, b) => a - b))
    expect(ids).toEqual(expect.arrayContaining(made.map(({ id }) => id)))
    expect(await suite.readers.listUsers(null, 5)).toEqual(all.slice(0, 5))
  })

  test('keeps its order when a learner changes', async () => {
    const [first, second] = [await suite.newLearner(), await suite.newLearner()]
    const changed = await suite.run(({ users }) => users.update(first.id, { firstName: 'Eva' }, NOW))
    const all = await suite.readers.listUsers(null, 10_000)
    expect(all.slice(-2)).toEqual([changed, second])
  })

  test('goes on after a place, as far as the limit', async () => {
    const made = [...(await suite.newLearners(4))].sort((a, b) => a.id - b.id)
    const [first, second, third, fourth] = made
    expect(await suite.readers.listUsers({ id: first?.id ?? NOBODY }, 2)).toEqual([second, third])
    expect(await suite.readers.listUsers({ id: third?.id ?? NOBODY }, 2)).toEqual([fourth])
    expect(await suite.readers.listUsers({ id: fourth?.id ?? NOBODY }, 2)).toEqual([])
  })

  test('goes on after the place of a learner who was deleted', async () => {
    const [before, gone, after] = [await suite.newLearner(), await suite.newLearner(), await suite.newLearner()]
    await suite.run(({ users }) => users.delete(gone.id))
    expect(await suite.readers.listUsers({ id: gone.id }, 1)).toEqual([after])
    expect(await suite.readers.listUsers({ id: before.id }, 1)).toEqual([after])
  })
}

function describeLastActive(suite: Suite): void {
  test('is told by the newest messages, each learner once, the last one first', async () => {
    const [ada, bob, eva, dan] = await fourOf(suite)
    // What time they claim does not count: it may be the same for many, and clocks are set.
    await suite.insertMessages([said(dan, 9), said(ada, 4), said(bob, 3), said(eva, 2), said(bob, 1), said(ada, 0)])
    expect((await suite.readers.lastActive(null, 5)).ids).toEqual([ada, bob, eva])
    expect((await suite.readers.lastActive(null, 1)).ids).toEqual([ada])
  })

  test('goes on where it ended, and ends with the first message', async () => {
    const [ada, bob, eva] = await fourOf(suite)
    const made = await suite.insertMessages([said(eva, 0), said(bob, 1), said(bob, 2), said(ada, 3)])
    const first = await suite.readers.lastActive(null, 2)
    expect(first).toEqual({ ids: [ada, bob], next: made[2]?.id })
    expect(await suite.readers.lastActive(first.next, 2)).toEqual({ ids: [bob, eva], next: made[0]?.id })
    expect((await suite.readers.lastActive(null, 1_000_000)).next).toBeNull()
    expect(await suite.readers.lastActive(messageIdFromRow(1), 10)).toEqual({ ids: [], next: null })
  })

  test('does not know who has been deleted', async () => {
    const [ada, bob] = await fourOf(suite)
    await suite.insertMessages([said(bob, 0), said(ada, 1)])
    await suite.run(({ users }) => users.delete(ada))
    expect((await suite.readers.lastActive(null, 1)).ids).toEqual([bob])
  })
}

async function fourOf(suite: Suite): Promise<[UserId, UserId, UserId, UserId]> {
  const next = async () => (await suite.newLearner()).id
  return [await next(), await next(), await next(), await next()]
}

function describeNothing(suite: Suite): void {
  test('are answered with nothing', async () => {
    const { users, userIdsByTelegramId, settings, stars, practice, practiceDays, messages } = suite.readers
    const { jobs, said, jobUpdates } = suite.readers
    expect(await Promise.all([users([]), settings([]), stars([]), practice([]), userIdsByTelegramId([])])).toEqual(
      Array(5).fill(new Map()),
    )
    expect(await Promise.all([jobs([]), said([])])).toEqual([new Map(), new Map()])
    expect(await Promise.all([practiceDays([]), messages([]), jobUpdates([])])).toEqual([[], [], []])
  })
}
