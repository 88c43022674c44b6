import type { PGlite } from '@electric-sql/pglite'
import { seed } from './seed.ts'

const DEMO = { users: 50, days: 30 }

/** Gives an empty database some learners, so that there is something to explore. */
export async function seedDemo(client: PGlite): Promise<void> {
  const { rows } = await client.query('select 1 from users limit 1')
  if (rows.length > 0) return
  await client.transaction(async (transaction) => {
    await seed(
      async (text, parameters) => (await transaction.query<Record<string, unknown>>(text, parameters)).rows,
      DEMO,
      () => {},
    )
  })
}
