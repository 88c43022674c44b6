import { asc, count, lte, sql } from 'drizzle-orm'
import type { Noted, Outbox } from '../cache/outbox.ts'
import { arrayLiteral } from './arrays.ts'
import type { Orm } from './orm.ts'
import { only } from './rows.ts'
import { cacheInvalidation as c } from './schema.ts'

/** What this transaction has changed. To be sent as its last statement. */
export const changesOf = (transaction: Orm): Promise<readonly Noted[]> =>
  transaction
    .select({ id: c.id, tag: c.tag })
    .from(c)
    .where(sql`${c.xid} = pg_current_xact_id_if_assigned()`)
    .prepare('own_changes')
    .execute()

const agedBy = (milliseconds: unknown) =>
  lte(c.notedAt, sql`clock_timestamp() - ${milliseconds}::float8 * interval '1 millisecond'`)

/** Nobody needs to know of more, and counting takes time. */
const BACKLOG_MAX = 100_000

function createBacklog(orm: Orm): Outbox['backlog'] {
  const aged = agedBy(sql.placeholder('ageMs'))
  const left = orm.select({ id: c.id }).from(c).where(aged).limit(BACKLOG_MAX).as('left_behind')
  const counted = orm.select({ count: count() }).from(left).prepare('count_invalidations')
  return async (ageMs) => only(await counted.execute({ ageMs })).count
}

export function createOutbox(orm: Orm): Outbox {
  const pending = orm
    .select({ id: c.id, tag: c.tag })
    .from(c)
    .where(agedBy(sql.placeholder('ageMs')))
    .orderBy(asc(c.id))
    .limit(sql.placeholder('limit'))
    .prepare('pending_invalidations')
  const everything = orm
    .select({ id: c.id, tag: c.tag })
    .from(c)
    .orderBy(asc(c.id))
    .limit(sql.placeholder('limit'))
    .prepare('all_invalidations')
  const forget = orm
    .delete(c)
    .where(sql`${c.id} = any(${sql.placeholder('ids')}::bigint[])`)
    .returning({ id: c.id })
    .prepare('forget_invalidations')

  return {
    backlog: createBacklog(orm),
    // Whatever the clock says: it may have been set back since, and it is rounded.
    pending: (ageMs, limit) => (ageMs === 0 ? everything.execute({ limit }) : pending.execute({ ageMs, limit })),
    async forget(ids) {
      if (ids.length === 0) return []
      return (await forget.execute({ ids: arrayLiteral(ids) })).map(({ id }) => id)
    },
    async forgetOlder(ageMs) {
      await orm.delete(c).where(agedBy(ageMs))
    },
  }
}
