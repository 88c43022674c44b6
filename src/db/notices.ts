import { sql } from 'drizzle-orm'
import { NOTICES_CHANNEL } from '../work/notices.ts'
import type { Orm } from './orm.ts'

/** Gives notice once the transaction is kept; of the same thing only once. */
export async function notify(transaction: Orm, notice: string): Promise<void> {
  await transaction.execute(sql`select pg_notify(${NOTICES_CHANNEL}, ${notice})`)
}
