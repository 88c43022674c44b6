import { and, eq, sql } from 'drizzle-orm'
import { toTimestamp } from '../domain/calendar.ts'
import type { LearnerDay } from '../domain/usage.ts'
import type { Ledger, PaidCall, Saving } from '../replies/ledger.ts'
import { arrayLiteral } from './arrays.ts'
import { codeOf } from './failures.ts'
import type { Orm } from './orm.ts'
import { modelCalls, modelUsage as u } from './schema.ts'

/** SQLSTATE foreign_key_violation: the learner is gone. */
const NO_SUCH_ROW = '23503'

export function createLedger(orm: Orm): Ledger {
  const isDay = ({ userId, date }: LearnerDay) => and(eq(u.userId, userId), eq(u.date, date))
  return {
    async reserve(day, limit) {
      try {
        return (await count(orm, day, limit)) ? 'COUNTED' : 'SPENT'
      } catch (error) {
        if (codeOf(error) === NO_SUCH_ROW) return 'NO_SUCH_LEARNER'
        throw error
      }
    },

    async release(day) {
      await orm
        .update(u)
        .set({ calls: sql`${u.calls} - 1` })
        .where(and(isDay(day), sql`${u.calls} > 0`))
    },

    settle: (call) => settle(orm, call),
    save: (savings) => (savings.length === 0 ? Promise.resolve() : save(orm, savings)),
  }
}

/** Whether there was one left to count. */
async function count(orm: Orm, { userId, date }: LearnerDay, limit: number | null): Promise<boolean> {
  const rows = await orm
    .insert(u)
    .values({ userId, date, calls: 1 })
    .onConflictDoUpdate({
      target: [u.userId, u.date],
      set: { calls: sql`${u.calls} + 1` },
      setWhere: sql`${u.calls} < ${limit ?? Number.MAX_SAFE_INTEGER}::bigint`,
    })
    .returning({ calls: u.calls })
    .prepare('count_model_call')
    .execute()
  return rows.length > 0
}

/**
 * One statement, so that the day always is the sum of its calls. A learner who is gone leaves a call that is nobody's.
 */
async function settle(orm: Orm, { userId, date, model, tokens, usd, at }: PaidCall): Promise<void> {
  const { tokensIn, tokensCached, tokensOut } = tokens ?? { tokensIn: null, tokensCached: null, tokensOut: null }
  await orm.execute(sql`
    with learner as (select id from users where id = ${userId} for key share),
    call as (
      insert into ${modelCalls} (user_id, at, model, tokens_in, tokens_cached, tokens_out, usd)
      values ((select id from learner), ${toTimestamp(at)}::timestamptz, ${model},
              ${tokensIn}::bigint, ${tokensCached}::bigint, ${tokensOut}::bigint, ${usd}::numeric)
      returning *)
    update ${u} set
      tokens_in = ${u.tokensIn} + coalesce(call.tokens_in, 0),
      tokens_cached = ${u.tokensCached} + coalesce(call.tokens_cached, 0),
      tokens_out = ${u.tokensOut} + coalesce(call.tokens_out, 0),
      usd_spent = ${u.usdSpent} + coalesce(call.usd, 0),
      unpriced_calls = ${u.unpricedCalls} + case when call.usd is null then 1 else 0 end
    from call where ${u.userId} = ${userId} and ${u.date} = ${date}::date`)
}

async function save(orm: Orm, savings: readonly Saving[]): Promise<void> {
  const column = (of: (saving: Saving) => string | number) => arrayLiteral(savings.map(of))
  await orm.execute(sql`
    insert into ${u} (user_id, date, recalled, usd_saved, unpriced_recalled)
    select saving.user_id, saving.date, saving.recalled, saving.usd, saving.unpriced
    from unnest(${column(({ userId }) => userId)}::bigint[], ${column(({ date }) => date)}::date[],
                ${column(({ recalled }) => recalled)}::int[], ${column(({ usd }) => usd.toFixed(10))}::numeric[],
                ${column(({ unpriced }) => unpriced)}::int[]) as saving(user_id, date, recalled, usd, unpriced)
    join users on users.id = saving.user_id
    order by saving.user_id, saving.date
    for key share of users
    on conflict (user_id, date) do update set
      recalled = ${u.recalled} + excluded.recalled, usd_saved = ${u.usdSaved} + excluded.usd_saved,
      unpriced_recalled = ${u.unpricedRecalled} + excluded.unpriced_recalled`)
}
