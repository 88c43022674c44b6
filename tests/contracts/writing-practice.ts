import { expect, test } from 'vitest'
import { day, NOBODY, type Suite } from './suite.ts'

export function describeCounting(suite: Suite): void {
  test('begins with the learner’s time zone', async () => {
    const { id } = await suite.newLearner({ settings: { timezone: 'Pacific/Kiritimati' } })
    expect(await suite.run(({ practice }) => practice.begin(id))).toBe('Pacific/Kiritimati')
  })

  test('of nobody does not begin', async () => {
    expect(await suite.run(({ practice }) => practice.begin(NOBODY))).toBeNull()
  })

  test('adds each message to its day, exactly', async () => {
    const { id } = await suite.newLearner()
    const on = '2026-11-23'
    expect(await suite.practise(id, [on], 10, 90)).toStrictEqual({
      date: on,
      messagesCount: 1,
      wordsSaid: 10,
      scoredWords: 900,
      streakDay: 1,
    })
    expect(await suite.practise(id, [on], 3, 33)).toMatchObject({ messagesCount: 2, wordsSaid: 13, scoredWords: 999 })
    expect(await suite.practise(id, [on], 7, 0)).toMatchObject({ messagesCount: 3, wordsSaid: 20, scoredWords: 999 })
    expect(await suite.practise(id, [on], 0, 100)).toMatchObject({ messagesCount: 4, wordsSaid: 20, scoredWords: 999 })
  })

  test('answers the day as everyone reads it afterwards', async () => {
    const { id } = await suite.newLearner()
    const counted = await suite.practise(id, ['2026-11-22', '2026-11-23', '2026-11-23'])
    const today = { userId: id, from: day('2026-11-23'), to: day('2026-11-23') }
    expect(await suite.readers.practiceDays([today])).toStrictEqual([[counted]])
  })

  test('keeps sums that no 32-bit number holds', async () => {
    const { id } = await suite.newLearner()
    const counted = await suite.practise(id, ['2026-11-22', '2026-11-23'], 1_500_000_000, 99)
    expect(counted).toMatchObject({ wordsSaid: 1_500_000_000, scoredWords: 148_500_000_000 })
    expect((await suite.readers.practice([id])).get(id)).toMatchObject({
      totalWords: 3_000_000_000,
      scoredWords: 297_000_000_000,
    })
  })

  test('counts fifty messages of the same instant, each once', async () => {
    const { id } = await suite.newLearner()
    const days = await Promise.all(Array.from({ length: 50 }, () => suite.practise(id, ['2026-11-23'], 3, 77)))
    const counts = days.map((counted) => counted?.messagesCount ?? 0)
    expect(counts.filter((count) => count === 5)).toHaveLength(1)
    expect(counts.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => n + 1))
    expect((await suite.readers.practice([id])).get(id)).toMatchObject({
      totalMessages: 50,
      totalWords: 150,
      scoredWords: 11_550,
      maxStreak: 1,
    })
  })

  test('of one learner is not another’s', async () => {
    const [ada, bob] = [await suite.newLearner(), await suite.newLearner()]
    await suite.practise(ada.id, ['2026-11-22', '2026-11-23'])
    expect(await suite.practise(bob.id, ['2026-11-23'])).toMatchObject({ messagesCount: 1, streakDay: 1 })
  })
}

export function describeStreaks(suite: Suite): void {
  /** The streaks after a message on each date, in this order. */
  async function after(...dates: readonly string[]): Promise<Record<string, number>> {
    const { id } = await suite.newLearner()
    for (const date of dates) await suite.practise(id, [date])
    return suite.streaks(id)
  }

  test('grow from day to day', async () => {
    expect(await after('2026-11-21', '2026-11-22', '2026-11-23')).toEqual({
      '2026-11-21': 1,
      '2026-11-22': 2,
      '2026-11-23': 3,
    })
  })

  test('do not grow with more messages on the same day', async () => {
    expect(await after('2026-11-22', '2026-11-23', '2026-11-23', '2026-11-22')).toEqual({
      '2026-11-22': 1,
      '2026-11-23': 2,
    })
  })

  test('begin again after a gap', async () => {
    expect(await after('2026-11-20', '2026-11-21', '2026-11-23')).toEqual({
      '2026-11-20': 1,
      '2026-11-21': 2,
      '2026-11-23': 1,
    })
  })

  test.each([
    ['a year', '2026-12-31', '2027-01-01'],
    ['February of a leap year', '2028-02-29', '2028-03-01'],
    ['February of another year', '2026-02-28', '2026-03-01'],
    ['the day when summer time begins', '2026-03-29', '2026-03-30'],
    ['the day when summer time ends', '2026-10-25', '2026-10-26'],
  ])('go on past the end of %s', async (_, last, next) => {
    expect(await after(last, next)).toEqual({ [last]: 1, [next]: 2 })
  })

  describeLateDays(suite, after)
}

function describeLateDays(suite: Suite, after: (...dates: readonly string[]) => Promise<Record<string, number>>): void {
  test('are joined by a day that was practised late', async () => {
    expect(
      await after('2026-11-18', '2026-11-19', '2026-11-21', '2026-11-22', '2026-11-23', '2026-11-25', '2026-11-20'),
    ).toEqual({
      '2026-11-18': 1,
      '2026-11-19': 2,
      '2026-11-20': 3,
      '2026-11-21': 4,
      '2026-11-22': 5,
      '2026-11-23': 6,
      '2026-11-25': 1,
    })
  })

  test('go on from a late day that comes before them', async () => {
    expect(await after('2026-11-21', '2026-11-22', '2026-11-20')).toEqual({
      '2026-11-20': 1,
      '2026-11-21': 2,
      '2026-11-22': 3,
    })
  })

  test('are left alone by a late day that touches none', async () => {
    expect(await after('2026-11-22', '2026-11-23', '2026-11-20', '2026-11-25')).toEqual({
      '2026-11-20': 1,
      '2026-11-22': 1,
      '2026-11-23': 2,
      '2026-11-25': 1,
    })
  })

  test('of one learner are not joined by another’s late day', async () => {
    const [ada, bob] = [await suite.newLearner(), await suite.newLearner()]
    for (const { id } of [ada, bob]) await suite.practise(id, ['2026-11-21', '2026-11-23'])
    await suite.practise(ada.id, ['2026-11-22'])
    expect(await suite.streaks(bob.id)).toEqual({ '2026-11-21': 1, '2026-11-23': 1 })
  })

  test('are whole when all their days are practised at the same time', async () => {
    const { id } = await suite.newLearner()
    const dates = ['2026-11-23', '2026-11-19', '2026-11-21', '2026-11-20', '2026-11-22']
    await Promise.all(dates.map((date) => suite.practise(id, [date])))
    expect(Object.values(await suite.streaks(id))).toEqual([1, 2, 3, 4, 5])
  })
}
