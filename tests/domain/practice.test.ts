import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays } from '../../src/domain/calendar.ts'
import {
  coversSince,
  dailyStats,
  type PracticeDay,
  RECENT_DAYS,
  statsRange,
  statsSummary,
} from '../../src/domain/practice.ts'
import { dayOn, histories, practiceOf, TODAY } from './practice-arbitraries.ts'

const noPractice = practiceOf([])
const yesterday = addDays(TODAY, -1)

/** The rounded mean in integers alone, where nothing can be lost: halves go up. */
const roundedMean = (sum: number, count: number, scale = 1): number =>
  Number((2n * BigInt(sum * scale) + BigInt(count)) / (2n * BigInt(count))) / scale

const messages = fc.array(
  fc.record({ words: fc.integer({ min: 0, max: 10_000 }), score: fc.integer({ min: 0, max: 100 }) }),
)

describe('one day', () => {
  test('without words has 0 per cent correct', () => {
    expect(dailyStats({ ...dayOn(TODAY), messagesCount: 3, wordsSaid: 0, scoredWords: 0 })).toEqual({
      date: TODAY,
      messagesCount: 3,
      wordsSaid: 0,
      correctPercent: 0,
      streakDay: 1,
    })
  })

  test.each([
    [1, 2, 1],
    [199, 2, 100],
    [49, 100, 0],
    [50, 100, 1],
    [299, 3, 100],
    [298, 3, 99],
    [300, 3, 100],
  ])('with %i points on %i words has %i per cent correct', (scoredWords, wordsSaid, percent) => {
    expect(dailyStats({ ...dayOn(TODAY), wordsSaid, scoredWords }).correctPercent).toBe(percent)
  })

  test('has the word-weighted mean of its scores, rounded once at the end', () => {
    fc.assert(
      fc.property(messages, (said) => {
        const wordsSaid = said.reduce((sum, { words }) => sum + words, 0)
        const scoredWords = said.reduce((sum, { words, score }) => sum + words * score, 0)
        fc.pre(wordsSaid > 0)
        const { correctPercent } = dailyStats({ ...dayOn(TODAY), wordsSaid, scoredWords })
        expect(correctPercent).toBe(roundedMean(scoredWords, wordsSaid))
        expect(correctPercent).toBeGreaterThanOrEqual(0)
        expect(correctPercent).toBeLessThanOrEqual(100)
      }),
    )
  })
})

describe('a range of days', () => {
  test('fills days without practice with zeros', () => {
    const day = { ...dayOn(yesterday), messagesCount: 2, wordsSaid: 4, scoredWords: 300, streakDay: 6 }
    expect(statsRange([day], addDays(TODAY, -2), 3)).toEqual([
      { date: addDays(TODAY, -2), messagesCount: 0, wordsSaid: 0, correctPercent: 0, streakDay: 0 },
      { date: yesterday, messagesCount: 2, wordsSaid: 4, correctPercent: 75, streakDay: 6 },
      { date: TODAY, messagesCount: 0, wordsSaid: 0, correctPercent: 0, streakDay: 0 },
    ])
  })

  test('has one row a day without gaps, oldest first, whatever was practised and in whatever order it was read', () => {
    const counts = fc.integer({ min: 1, max: 366 })
    fc.assert(
      fc.property(histories, fc.integer({ min: -400, max: 10 }), counts, (days, offset, count) => {
        const from = addDays(TODAY, offset)
        const rows = statsRange(days, from, count)
        expect(rows.map(({ date }) => date)).toEqual(Array.from({ length: count }, (_, index) => addDays(from, index)))
        expect(statsRange(days.toReversed(), from, count)).toEqual(rows)
        const inside = days.filter(({ date }) => date >= from && date < addDays(from, count))
        expect(rows.filter(({ messagesCount }) => messagesCount > 0)).toEqual(inside.map(dailyStats).toReversed())
      }),
    )
  })
})

describe('a summary', () => {
  test('of no practice is zeros, and an average of nothing is null', () => {
    expect(statsSummary(noPractice, TODAY)).toEqual({
      currentStreak: 0,
      maxStreak: 0,
      totalMessages: 0,
      totalWords: 0,
      averageCorrectness: null,
    })
  })

  test('hands on the totals of all time, not of the recent days', () => {
    const practice = {
      ...practiceOf([dayOn(TODAY)]),
      totalMessages: 900,
      totalWords: 8000,
      scoredWords: 600_001,
      maxStreak: 44,
    }
    expect(statsSummary(practice, TODAY)).toEqual({
      currentStreak: 1,
      maxStreak: 44,
      totalMessages: 900,
      totalWords: 8000,
      averageCorrectness: 75,
    })
  })

  test('rounds the average to a tenth', () => {
    const sums = fc
      .integer({ min: 1, max: 50_000_000 })
      .chain((totalWords) =>
        fc.record({ totalWords: fc.constant(totalWords), scoredWords: fc.integer({ min: 0, max: totalWords * 100 }) }),
      )
    fc.assert(
      fc.property(sums, ({ totalWords, scoredWords }) => {
        const { averageCorrectness } = statsSummary({ ...noPractice, totalWords, scoredWords }, TODAY)
        expect(averageCorrectness).toBe(roundedMean(scoredWords, totalWords, 10))
      }),
    )
  })
})

describe('the current streak', () => {
  test.each<[streak: number, why: string, practised: Record<number, number>]>([
    [0, 'without any practice', {}],
    [9, 'today', { 0: 9 }],
    [9, 'yesterday, for there is still time today', { '-1': 9 }],
    [10, 'today and yesterday: today counts', { 0: 10, '-1': 9 }],
    [0, 'the day before yesterday only', { '-2': 9 }],
    [0, 'on a date that is still to come, and long ago', { 1: 4, '-5': 3 }],
    [3, 'today and on a date that is still to come', { 1: 4, 0: 3 }],
  ])('is %i with practice %s', (streak, _, practised) => {
    const days = Object.entries(practised).map(([offset, streakDay]) =>
      dayOn(addDays(TODAY, Number(offset)), streakDay),
    )
    const newestFirst = days.toSorted((a, b) => (a.date < b.date ? 1 : -1))
    expect(statsSummary(practiceOf(newestFirst), TODAY).currentStreak).toBe(streak)
  })

  test('is the number of days in a row that end today or yesterday', () => {
    fc.assert(
      fc.property(histories, (all) => {
        const days = all.filter(({ date }) => date <= TODAY)
        const practised = new Set(days.map(({ date }) => date))
        const end = practised.has(TODAY) ? TODAY : yesterday
        let streak = 0
        while (practised.has(addDays(end, -streak))) streak++
        expect(statsSummary(practiceOf(days), TODAY).currentStreak).toBe(streak)
      }),
    )
  })
})

describe('recent days', () => {
  const since = (days: readonly PracticeDay[], from: PracticeDay['date']) => days.filter(({ date }) => date >= from)

  test('never claim to have days that they lack', () => {
    fc.assert(
      fc.property(histories, fc.integer({ min: -200, max: 5 }), (all, offset) => {
        const from = addDays(TODAY, offset)
        const practice = practiceOf(all)
        fc.pre(coversSince(practice, from))
        expect(since(practice.recentDays, from)).toEqual(since(all, from))
      }),
    )
  })

  test('always cover the last 31 days, also of a learner who practised on two dates still to come', () => {
    fc.assert(
      fc.property(histories, (all) => {
        expect(coversSince(practiceOf(all), addDays(TODAY, -30))).toBe(true)
      }),
    )
  })

  test('cover everything until there are too many of them', () => {
    const streak = Array.from({ length: RECENT_DAYS }, (_, index) => dayOn(addDays(TODAY, -index), RECENT_DAYS - index))
    const longAgo = addDays(TODAY, -3000)
    const oldest = addDays(TODAY, 1 - RECENT_DAYS)
    expect(coversSince(noPractice, longAgo)).toBe(true)
    expect(coversSince(practiceOf(streak.slice(1)), longAgo)).toBe(true)
    expect(coversSince(practiceOf(streak), oldest)).toBe(true)
    expect(coversSince(practiceOf(streak), addDays(oldest, -1))).toBe(false)
  })
})
