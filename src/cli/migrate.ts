import type { Config } from '../config.ts'
import { createStatementCounter } from '../db/statements.ts'

/** Brings the configured database's schema up to date. */
export async function migrate({ databaseUrl, dataDir }: Config): Promise<void> {
  if (databaseUrl !== null) {
    const { migrateServer } = await import('../db/server.ts')
    await migrateServer(databaseUrl)
  } else {
    const { openEmbedded } = await import('../db/embedded.ts')
    await using _ = await openEmbedded({ folder: dataDir, statements: createStatementCounter() })
  }
  process.stdout.write('  The schema is up to date.\n')
}
