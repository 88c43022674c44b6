import { and, eq } from 'drizzle-orm'
import type { Transaction } from '../commands/unit-of-work.ts'
import { toTimestamp } from '../domain/calendar.ts'
import type { Orm } from './orm.ts'
import { first } from './rows.ts'
import { acts } from './schema.ts'

export function createActs(orm: Orm): Transaction['acts'] {
  return {
    async find(id, key) {
      const act = first(
        await orm
          .select()
          .from(acts)
          .where(and(eq(acts.userId, id), eq(acts.key, key)))
          .prepare('find_act')
          .execute(),
      )
      if (act === null) return null
      const { input, starsEarned, date, messagesCount, wordsSaid, scoredWords, streakDay } = act
      const stars = { total: act.starsTotal, available: act.starsAvailable, lifetime: act.starsLifetime }
      const day = { date, messagesCount, wordsSaid, scoredWords, streakDay }
      return { input, practised: { day, stars, starsEarned } }
    },

    async remember(id, key, { input, practised: { day, stars, starsEarned } }, now) {
      await orm.insert(acts).values({
        userId: id,
        key,
        input,
        ...day,
        starsTotal: stars.total,
        starsAvailable: stars.available,
        starsLifetime: stars.lifetime,
        starsEarned,
        createdAt: toTimestamp(now),
      })
    },
  }
}
