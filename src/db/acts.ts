import { and, eq } from 'drizzle-orm'
import type { Transaction } from '../commands/unit-of-work.ts'
import type { Practised } from '../domain/activity.ts'
import { toTimestamp } from '../domain/calendar.ts'
import { acts } from './job-schema.ts'
import type { Orm } from './orm.ts'
import { first } from './rows.ts'

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
      return act && { input: act.input, messageId: act.messageId, jobId: act.jobId, practised: practisedIn(act) }
    },

    async remember(id, key, { input, messageId, jobId, practised }, now) {
      const result = practised && columnsOf(practised)
      await orm
        .insert(acts)
        .values({ userId: id, key, input, messageId, jobId, ...result, createdAt: toTimestamp(now) })
        .prepare('remember_act')
        .execute()
    },

    async complete(messageId, practised) {
      await orm
        .update(acts)
        .set(columnsOf(practised))
        .where(eq(acts.messageId, messageId))
        .prepare('complete_act')
        .execute()
    },
  }
}

const columnsOf = ({ day, stars, starsEarned }: Practised) => ({
  ...day,
  starsTotal: stars.total,
  starsAvailable: stars.available,
  starsLifetime: stars.lifetime,
  starsEarned,
})

function practisedIn(act: typeof acts.$inferSelect): Practised | null {
  const { date, messagesCount, wordsSaid, scoredWords, streakDay, starsEarned } = act
  const { starsTotal: total, starsAvailable: available, starsLifetime: lifetime } = act
  // All are written together; the first alone would not convince the compiler.
  if (date === null || messagesCount === null || wordsSaid === null || scoredWords === null || streakDay === null)
    return null
  if (total === null || available === null || lifetime === null || starsEarned === null) return null
  const day = { date, messagesCount, wordsSaid, scoredWords, streakDay }
  return { day, stars: { total, available, lifetime }, starsEarned }
}
