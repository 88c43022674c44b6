import { sql } from 'drizzle-orm'
import { messageIdFromRow } from '../domain/ids.ts'
import type { Readers } from '../loaders/readers.ts'
import type { Orm } from './orm.ts'
import { messages as m } from './schema.ts'

/**
 * By the primary key, backwards: ids rise as messages come, so what is read is what is asked for, however many there are.
 * Times are no better: there may be many of one instant.
 */
export function createActivityReader(orm: Orm): Readers['lastActive'] {
  const newest = orm
    .select({
      userId: sql`newest.user_id`.mapWith(m.userId),
      oldest: sql`min(newest.id)`.mapWith(Number),
      messages: sql`count(*)`.mapWith(Number),
    })
    .from(sql`(
      select id, user_id from ${m} where id < ${sql.placeholder('before')}::bigint
      order by id desc limit ${sql.placeholder('count')}::bigint) as newest`)
    .groupBy(sql`newest.user_id`)
    .orderBy(sql`max(newest.id) desc`)
    .prepare('last_active')

  return async (before, count) => {
    const rows = await newest.execute({ before: before ?? Number.MAX_SAFE_INTEGER, count })
    const found = rows.reduce((sum, { messages }) => sum + messages, 0)
    return {
      ids: rows.map(({ userId }) => userId),
      next: found < count ? null : messageIdFromRow(Math.min(...rows.map(({ oldest }) => oldest))),
    }
  }
}
