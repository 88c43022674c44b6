import fc from 'fast-check'
import { addDays, type CalendarDate, parseCalendarDate, parseTimeZone } from '../../src/domain/calendar.ts'
import { type Practice, type PracticeDay, RECENT_DAYS } from '../../src/domain/practice.ts'

export const TODAY = parseCalendarDate('date', '2026-03-30')

export const dayOn = (date: CalendarDate, streakDay = 1): PracticeDay => ({
  date,
  messagesCount: 1,
  wordsSaid: 10,
  scoredWords: 800,
  streakDay,
})

/**
 * Everything that a learner ever practised, newest first, with true streaks; up to two dates still to come, as after
 * a journey west. Made of runs of practice and pauses, since single days would hardly ever be neighbours.
 */
export const histories: fc.Arbitrary<readonly PracticeDay[]> = fc
  .record({
    newest: fc.integer({ min: -3, max: 2 }),
    runs: fc.array(fc.record({ days: fc.integer({ min: 1, max: 40 }), pause: fc.integer({ min: 1, max: 40 }) }), {
      maxLength: 6,
    }),
  })
  .map(({ newest, runs }) => {
    let end = addDays(TODAY, newest)
    return runs.flatMap(({ days, pause }) => {
      const run = Array.from({ length: days }, (_, index) => dayOn(addDays(end, -index), days - index))
      end = addDays(end, -days - pause)
      return run
    })
  })

/** What would be kept of a history. */
export const practiceOf = (days: readonly PracticeDay[]): Practice => ({
  recentDays: days.slice(0, RECENT_DAYS),
  totalMessages: days.reduce((sum, { messagesCount }) => sum + messagesCount, 0),
  totalWords: days.reduce((sum, { wordsSaid }) => sum + wordsSaid, 0),
  scoredWords: days.reduce((sum, { scoredWords }) => sum + scoredWords, 0),
  maxStreak: Math.max(0, ...days.map(({ streakDay }) => streakDay)),
  timezone: parseTimeZone('timezone', 'Europe/Prague'),
})
