import { addDays, type CalendarDate, type TimeZone } from './calendar.ts'

/** What is stored of one day of practice. Sums, not means: a mean of rounded means would drift. */
export interface PracticeDay {
  readonly date: CalendarDate
  readonly messagesCount: number
  readonly wordsSaid: number
  /** The sum of score × words over the day's messages. */
  readonly scoredWords: number
  /** Days of practice in a row up to and with this one, at least 1. */
  readonly streakDay: number
}

/**
 * All that is asked about a learner's practice, independent of what day it is now,
 * so that it stays true until the learner practises again.
 */
export interface Practice {
  /** The latest days with practice, newest first, at most {@link RECENT_DAYS}. */
  readonly recentDays: readonly PracticeDay[]
  readonly totalMessages: number
  readonly totalWords: number
  /** The sum of score × words over all messages. */
  readonly scoredWords: number
  readonly maxStreak: number
  /** The learner's zone when this was read: where their day ends. */
  readonly timezone: TimeZone
}

/**
 * Enough for the last 31 calendar days of any "today": a learner who has travelled west
 * may have practised on up to two dates that their calendar now calls the future.
 */
export const RECENT_DAYS = 33

/** One day as a learner sees it. */
export interface DailyStats {
  readonly date: CalendarDate
  readonly messagesCount: number
  readonly wordsSaid: number
  /** Word-weighted mean score, 0–100, rounded; 0 without words. */
  readonly correctPercent: number
  readonly streakDay: number
}

export interface StatsSummary {
  readonly currentStreak: number
  readonly maxStreak: number
  readonly totalMessages: number
  readonly totalWords: number
  /** Word-weighted mean score, 0–100, rounded to a tenth; null without words. */
  readonly averageCorrectness: number | null
}

/** Whether `recentDays` has every practised day from `from` on. */
export function coversSince(practice: Practice, from: CalendarDate): boolean {
  const oldest = practice.recentDays.at(-1)
  return oldest === undefined || practice.recentDays.length < RECENT_DAYS || oldest.date <= from
}

export function dailyStats(day: PracticeDay): DailyStats {
  const { date, messagesCount, wordsSaid, scoredWords, streakDay } = day
  const correctPercent = wordsSaid === 0 ? 0 : Math.round(scoredWords / wordsSaid)
  return { date, messagesCount, wordsSaid, correctPercent, streakDay }
}

/** The stats of each of `count` calendar days from `from` on, oldest first, zeros where there was no practice. */
export function statsRange(days: readonly PracticeDay[], from: CalendarDate, count: number): DailyStats[] {
  const byDate = new Map(days.map((day) => [day.date, day]))
  return Array.from({ length: count }, (_, index) => {
    const date = addDays(from, index)
    const day = byDate.get(date)
    return day ? dailyStats(day) : { date, messagesCount: 0, wordsSaid: 0, correctPercent: 0, streakDay: 0 }
  })
}

export function statsSummary(practice: Practice, today: CalendarDate): StatsSummary {
  const { maxStreak, totalMessages, totalWords, scoredWords } = practice
  return {
    currentStreak: currentStreak(practice, today),
    maxStreak,
    totalMessages,
    totalWords,
    averageCorrectness: totalWords === 0 ? null : Math.round((scoredWords / totalWords) * 10) / 10,
  }
}

/** A streak is alive on the day of practice and the day after. */
function currentStreak({ recentDays }: Practice, today: CalendarDate): number {
  const yesterday = addDays(today, -1)
  const alive = recentDays.find(({ date }) => date === today || date === yesterday)
  return alive?.streakDay ?? 0
}

/** A message that counts as practice. */
export interface PracticedMessage {
  readonly words: number
  /** 0–100. */
  readonly score: number
}
