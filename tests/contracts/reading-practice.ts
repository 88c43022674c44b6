import { expect, test } from 'vitest'
import { addDays } from '../../src/domain/calendar.ts'
import { RECENT_DAYS } from '../../src/domain/practice.ts'
import { day, NOBODY, type Suite } from './suite.ts'

/** `count` dates from `from` on. */
const datesFrom = (from: string, count: number) => Array.from({ length: count }, (_, n) => addDays(day(from), n))

export function describePractice(suite: Suite): void {
  test('is absent for those who do not exist, and nothing for those who never practised', async () => {
    const [ada, bob] = [await suite.newLearner(), await suite.newLearner()]
    await suite.practise(bob.id, ['2026-11-23'])
    const found = await suite.readers.practice([ada.id, bob.id, NOBODY, bob.id])
    expect([...found.keys()].sort()).toEqual([ada.id, bob.id].sort())
    expect(found.get(ada.id)).toStrictEqual({
      recentDays: [],
      totalMessages: 0,
      totalWords: 0,
      scoredWords: 0,
      maxStreak: 0,
      timezone: 'Europe/Prague',
    })
  })

  test('has the days, newest first, and their sums', async () => {
    const ada = await suite.newLearner()
    await suite.practise(ada.id, ['2026-11-20', '2026-11-22', '2026-11-23'], 10, 90)
    await suite.practise(ada.id, ['2026-11-23'], 3, 33)
    expect((await suite.readers.practice([ada.id])).get(ada.id)).toStrictEqual({
      recentDays: [
        { date: '2026-11-23', messagesCount: 2, wordsSaid: 13, scoredWords: 999, streakDay: 2 },
        { date: '2026-11-22', messagesCount: 1, wordsSaid: 10, scoredWords: 900, streakDay: 1 },
        { date: '2026-11-20', messagesCount: 1, wordsSaid: 10, scoredWords: 900, streakDay: 1 },
      ],
      totalMessages: 4,
      totalWords: 33,
      scoredWords: 2799,
      maxStreak: 2,
      timezone: 'Europe/Prague',
    })
  })

  test('has the latest days only, but sums over all of them', async () => {
    const ada = await suite.newLearner()
    const dates = datesFrom('2026-09-01', RECENT_DAYS + 7)
    await suite.practise(ada.id, dates, 10, 100)
    const practice = (await suite.readers.practice([ada.id])).get(ada.id)
    expect(practice?.recentDays.map(({ date }) => date)).toEqual(dates.toReversed().slice(0, RECENT_DAYS))
    expect(practice).toMatchObject({
      totalMessages: dates.length,
      totalWords: dates.length * 10,
      scoredWords: dates.length * 1000,
      maxStreak: dates.length,
    })
  })

  test('has all days when there are just as many as it keeps', async () => {
    const ada = await suite.newLearner()
    await suite.practise(ada.id, datesFrom('2026-09-01', RECENT_DAYS))
    expect((await suite.readers.practice([ada.id])).get(ada.id)?.recentDays).toHaveLength(RECENT_DAYS)
  })

  test('remembers the longest streak, however long ago it was', async () => {
    const ada = await suite.newLearner()
    await suite.practise(ada.id, [...datesFrom('2020-02-01', 5), ...datesFrom('2026-09-01', 2)])
    expect((await suite.readers.practice([ada.id])).get(ada.id)?.maxStreak).toBe(5)
  })

  test('of many learners is not mixed up', async () => {
    const learners = await suite.newLearners(5)
    for (const [index, { id }] of learners.entries()) await suite.practise(id, datesFrom('2026-11-01', index), index)
    const found = await suite.readers.practice(learners.map(({ id }) => id))
    expect(learners.map(({ id }) => found.get(id)?.totalWords)).toEqual([0, 1, 4, 9, 16])
    expect(learners.map(({ id }) => found.get(id)?.recentDays.length)).toEqual([0, 1, 2, 3, 4])
  })
}

export function describePracticeDays(suite: Suite): void {
  const range = (userId: typeof NOBODY, from: string, to: string) => ({ userId, from: day(from), to: day(to) })

  async function datesOf(...ranges: readonly ReturnType<typeof range>[]): Promise<string[][]> {
    const found = await suite.readers.practiceDays(ranges)
    return found.map((days) => days.map(({ date }) => date))
  }

  test('include both ends of the range and are oldest first', async () => {
    const { id } = await suite.newLearner()
    await suite.practise(id, ['2026-11-13', '2026-11-10', '2026-11-12', '2026-11-09', '2026-11-14'])
    expect(await datesOf(range(id, '2026-11-10', '2026-11-13'))).toEqual([['2026-11-10', '2026-11-12', '2026-11-13']])
    expect(await datesOf(range(id, '2026-11-12', '2026-11-12'))).toEqual([['2026-11-12']])
  })

  test('come whole', async () => {
    const { id } = await suite.newLearner()
    await suite.practise(id, ['2026-11-22', '2026-11-23'], 7, 50)
    expect(await suite.readers.practiceDays([range(id, '2026-11-23', '2026-11-23')])).toStrictEqual([
      [{ date: '2026-11-23', messagesCount: 1, wordsSaid: 7, scoredWords: 350, streakDay: 2 }],
    ])
  })

  test('answer each range at its own position', async () => {
    const [ada, bob] = [await suite.newLearner(), await suite.newLearner()]
    await suite.practise(ada.id, ['2026-11-01', '2026-11-02', '2026-11-03'])
    await suite.practise(bob.id, ['2026-11-02'])
    const early = range(ada.id, '2026-11-01', '2026-11-02')
    const ranges = [range(bob.id, '2026-11-01', '2026-11-30'), early, range(NOBODY, '2026-11-01', '2026-11-30')]
    expect(await datesOf(...ranges, range(ada.id, '2026-11-02', '2026-11-03'), early)).toEqual([
      ['2026-11-02'],
      ['2026-11-01', '2026-11-02'],
      [],
      ['2026-11-02', '2026-11-03'],
      ['2026-11-01', '2026-11-02'],
    ])
  })

  test('are none where there was no practice, and none in a range that ends before it begins', async () => {
    const { id } = await suite.newLearner()
    await suite.practise(id, ['2026-11-23'])
    const [before, after] = [range(id, '2026-11-01', '2026-11-22'), range(id, '2026-11-24', '2026-12-01')]
    expect(await datesOf(before, after, range(id, '2026-11-24', '2026-11-22'))).toEqual([[], [], []])
  })

  test('may lie at the ends of the calendar', async () => {
    const { id } = await suite.newLearner()
    await suite.practise(id, ['0001-01-01', '9999-12-31'])
    expect(await datesOf(range(id, '0001-01-01', '9999-12-31'))).toEqual([['0001-01-01', '9999-12-31']])
  })
}
