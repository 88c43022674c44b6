import { sql } from 'drizzle-orm'
import { dateFromRow } from '../domain/calendar.ts'
import { type PracticeDay, RECENT_DAYS } from '../domain/practice.ts'
import type { Readers } from '../loaders/readers.ts'
import { arrayLiteral } from './arrays.ts'
import type { Orm } from './orm.ts'
import { dailyStats as d, userSettings as s } from './schema.ts'

/** One day as `dayAsJson` writes it: date, messages, words, scored words, streak. */
type DayJson = readonly [date: string, messages: number, words: number, scored: number, streak: number]

const dayAsJson = sql`json_build_array(date, messages_count, words_said, scored_words, streak_day)`

export function createPracticeReaders(orm: Orm): Pick<Readers, 'practice' | 'practiceDays'> {
  const practiceOf = preparePractice(orm)
  const daysOf = prepareDays(orm)
  return {
    async practice(ids) {
      const rows = await practiceOf.execute({ ids: arrayLiteral(ids) })
      return new Map(
        rows.map(({ userId, recentDays, ...rest }) => [userId, { ...rest, recentDays: (recentDays ?? []).map(toDay) }]),
      )
    },
    async practiceDays(ranges) {
      const rows = await daysOf.execute({
        ids: arrayLiteral(ranges.map(({ userId }) => userId)),
        from: arrayLiteral(ranges.map(({ from }) => from)),
        to: arrayLiteral(ranges.map(({ to }) => to)),
      })
      const byPosition = new Map(rows.map(({ position, days }) => [position - 1, days.map(toDay)]))
      return ranges.map((_, position) => byPosition.get(position) ?? [])
    },
  }
}

const preparePractice = (orm: Orm) =>
  orm
    .select({
      userId: sql`${s.userId}`.mapWith(s.userId),
      timezone: sql`${s.timezone}`.mapWith(s.timezone),
      recentDays: sql<readonly DayJson[] | null>`recent.days`,
      totalMessages: sql`totals.messages`.mapWith(Number),
      totalWords: sql`totals.words`.mapWith(Number),
      scoredWords: sql`totals.scored`.mapWith(Number),
      maxStreak: sql`totals.streak`.mapWith(Number),
    })
    .from(sql`${s}
      cross join lateral (
        select coalesce(sum(messages_count), 0) as messages, coalesce(sum(words_said), 0) as words,
               coalesce(sum(scored_words), 0) as scored, coalesce(max(streak_day), 0) as streak
        from ${d} where user_id = ${s.userId}) as totals
      cross join lateral (
        select json_agg(${dayAsJson} order by date desc) as days
        from (
          select * from ${d} where user_id = ${s.userId} order by date desc limit ${sql.raw(String(RECENT_DAYS))}
        ) as latest
      ) as recent`)
    .where(sql`${s.userId} = any(${sql.placeholder('ids')}::bigint[])`)
    .prepare('practice_by_user')

const prepareDays = (orm: Orm) =>
  orm
    .select({ position: sql`asked.position`.mapWith(Number), days: sql<readonly DayJson[]>`found.days` })
    .from(sql`unnest(
        ${sql.placeholder('ids')}::bigint[], ${sql.placeholder('from')}::date[], ${sql.placeholder('to')}::date[]
      ) with ordinality as asked(id, first_day, last_day, position)
      cross join lateral (
        select json_agg(${dayAsJson} order by date) as days
        from ${d} where user_id = asked.id and date between asked.first_day and asked.last_day) as found`)
    .where(sql`found.days is not null`)
    .prepare('practice_days')

const toDay = ([date, messagesCount, wordsSaid, scoredWords, streakDay]: DayJson): PracticeDay => ({
  date: dateFromRow(date),
  messagesCount,
  wordsSaid,
  scoredWords,
  streakDay,
})
