import { NOTICES_CHANNEL } from '../work/notices.ts'
import type { Orm } from './orm.ts'
import { rawIn } from './raw.ts'

/** Gives notice once the transaction is kept; of the same thing only once. */
export async function notify(transaction: Orm, notice: string): Promise<void> {
  await rawIn(transaction)('select pg_notify($1, $2)', [NOTICES_CHANNEL, notice])
}
