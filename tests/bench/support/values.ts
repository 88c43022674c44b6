import { type CalendarDate, dateFromRow, type Timestamp, type TimeZone } from '../../../src/domain/calendar.ts'
import { telegramIdFromRow, type UserId, userIdFromRow } from '../../../src/domain/ids.ts'
import type { LanguageCode } from '../../../src/domain/language.ts'
import { type Practice, RECENT_DAYS } from '../../../src/domain/practice.ts'
import { LEVELS, type User } from '../../../src/domain/user.ts'
import { policiesFor } from '../../../src/loaders/policies.ts'

/* What the benches cache: learners' profiles and practice as the server keeps them, under the server's own policies. */

const TTL_S = 600

export const policies = policiesFor({ user: TTL_S, stats: TTL_S, other: TTL_S })

const START = Date.UTC(2026, 0, 1)
const MINUTE_MS = 60_000
const DAY_MS = 1_440 * MINUTE_MS

const dateAt = (ms: number): CalendarDate => dateFromRow(new Date(ms).toISOString().slice(0, 10))
const instantAt = (ms: number): Timestamp => new Date(ms).toISOString() as Timestamp

/** The ids of the first learners. */
export const learners = (count: number): readonly UserId[] =>
  Array.from({ length: count }, (_, index) => userIdFromRow(index + 1))

/** @param version of the row: an older one has another first name */
export const profileOf = (id: UserId, version = 1): User => ({
  id,
  telegramId: telegramIdFromRow(`${7_000_000_000 + id}`),
  username: id % 3 === 0 ? null : `learner_${id}`,
  firstName: `Žofie ${version}`,
  nativeLanguage: (id % 2 === 0 ? 'cs' : 'en') as LanguageCode,
  level: LEVELS[id % LEVELS.length] ?? 'BEGINNER',
  createdAt: instantAt(START + id * MINUTE_MS),
  updatedAt: instantAt(START + id * 2 * MINUTE_MS),
})

/** Of a learner who has practised every day. */
export const practiceOf = (id: UserId): Practice => ({
  recentDays: Array.from({ length: RECENT_DAYS }, (_, day) => ({
    date: dateAt(START + (id - day) * DAY_MS),
    messagesCount: ((id + day) % 40) + 1,
    wordsSaid: ((id * 7 + day) % 500) + 1,
    scoredWords: ((id * 13 + day) % 40_000) + 1,
    streakDay: RECENT_DAYS - day,
  })),
  totalMessages: (id % 4_000) + RECENT_DAYS,
  totalWords: (id % 40_000) + 1_000,
  scoredWords: (id % 400_000) + 10_000,
  maxStreak: RECENT_DAYS + (id % 100),
  timezone: 'Europe/Prague' as TimeZone,
})
