import { sql } from 'drizzle-orm'
import type { UsageDay } from '../domain/usage.ts'
import type { Readers } from '../loaders/readers.ts'
import { arrayLiteral } from './arrays.ts'
import type { Orm } from './orm.ts'
import { modelUsage as u } from './schema.ts'

/** The builder cannot name the columns of a table that is joined to an array. */
const columns = {
  date: sql`found.date`.mapWith(u.date),
  calls: sql`found.calls`.mapWith(u.calls),
  tokensIn: sql`found.tokens_in`.mapWith(u.tokensIn),
  tokensCached: sql`found.tokens_cached`.mapWith(u.tokensCached),
  tokensOut: sql`found.tokens_out`.mapWith(u.tokensOut),
  recalled: sql`found.recalled`.mapWith(u.recalled),
  // A sum with something unknown in it is not known either.
  usdSpent: sql<number | null>`case when found.unpriced_calls = 0 then found.usd_spent end`.mapWith(Number),
  usdSaved: sql<number | null>`case when found.unpriced_recalled = 0 then found.usd_saved end`.mapWith(Number),
}

export function createUsageReader(orm: Orm): Readers['usage'] {
  const days = orm
    .select({ position: sql`asked.position`.mapWith(Number), day: columns })
    .from(sql`unnest(${sql.placeholder('ids')}::bigint[], ${sql.placeholder('dates')}::date[])
        with ordinality as asked(user_id, date, position)
      join ${u} as found on found.user_id = asked.user_id and found.date = asked.date`)
    .prepare('usage_of_days')

  return async (asked) => {
    const rows = await days.execute({
      ids: arrayLiteral(asked.map(({ userId }) => userId)),
      dates: arrayLiteral(asked.map(({ date }) => date)),
    })
    const found: (UsageDay | null)[] = asked.map(() => null)
    for (const { position, day } of rows) found[position - 1] = day
    return found
  }
}
