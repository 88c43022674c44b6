import { and, eq, sql } from 'drizzle-orm'
import type { Transaction } from '../commands/unit-of-work.ts'
import type { CalendarDate } from '../domain/calendar.ts'
import type { UserId } from '../domain/ids.ts'
import type { PracticeDay, PracticedMessage } from '../domain/practice.ts'
import type { Orm } from './orm.ts'
import { first, only } from './rows.ts'
import { dailyStats as d, userSettings, users } from './schema.ts'

export function createPracticeWriter(orm: Orm): Transaction['practice'] {
  return {
    async begin(id) {
      // The learner's own row is the lock: a deletion waits for it too, and foreign keys do not.
      const rows = await orm
        .select({ timezone: userSettings.timezone })
        .from(users)
        .innerJoin(userSettings, eq(userSettings.userId, users.id))
        .where(eq(users.id, id))
        .for('no key update', { of: users })
        .prepare('begin_practice')
        .execute()
      return first(rows)?.timezone ?? null
    },

    async count(id, date, message) {
      const day = await countMessage(orm, id, date, message)
      if (day.messagesCount === 1) await carryStreakOn(orm, id, day)
      return day
    },

    async find(id, date) {
      const day = first(
        await orm
          .select()
          .from(d)
          .where(and(eq(d.userId, id), eq(d.date, date)))
          .execute(),
      )
      return day && withoutOwner(day)
    },
  }
}

const withoutOwner = ({ userId: _, ...day }: typeof d.$inferSelect): PracticeDay => day

/** Adds the message to its day; a day that is new takes its streak from the day before. */
async function countMessage(
  orm: Orm,
  id: UserId,
  date: CalendarDate,
  { words, score }: PracticedMessage,
): Promise<PracticeDay> {
  const streakBefore = sql`(select streak_day from ${d} where user_id = ${id} and date = ${date}::date - 1)`
  const streakDay = sql`1 + coalesce(${streakBefore}, 0)`
  const rows = await orm
    .insert(d)
    .values({ userId: id, date, messagesCount: 1, wordsSaid: words, scoredWords: words * score, streakDay })
    .onConflictDoUpdate({
      target: [d.userId, d.date],
      set: {
        messagesCount: sql`${d.messagesCount} + 1`,
        wordsSaid: sql`${d.wordsSaid} + excluded.words_said`,
        scoredWords: sql`${d.scoredWords} + excluded.scored_words`,
      },
    })
    .returning()
    .prepare('count_practice')
    .execute()
  return withoutOwner(only(rows))
}

/** A day that was practised late joins the streaks before and after it into one. */
async function carryStreakOn(orm: Orm, id: UserId, { date, streakDay }: PracticeDay): Promise<void> {
  const following = sql`(
    select date, row_number() over (order by date)::int as distance from ${d}
    where user_id = ${id} and date > ${date}::date) as following`
  await orm
    .update(d)
    .set({ streakDay: sql`${streakDay}::int + following.distance` })
    .from(following)
    // The n-th practised day after this one is n calendar days away exactly as long as there is no gap.
    .where(
      and(eq(d.userId, id), sql`${d.date} = following.date and following.date = ${date}::date + following.distance`),
    )
    .prepare('carry_streak_on')
    .execute()
}
