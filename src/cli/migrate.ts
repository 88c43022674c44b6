import type { Config } from '../config.ts'
import { createStatementCounter } from '../db/statements.ts'
import { queuesOf } from '../open.ts'
import { createLog } from '../telemetry/log.ts'

/** Brings the configured database's schema up to date. */
export async function migrate(config: Config): Promise<void> {
  const { databaseUrl, dataDir, logLevel } = config
  const openQueues = queuesOf({ ...config, workers: 0 }, createLog(logLevel))
  if (databaseUrl !== null) {
    const { migrateServer } = await import('../db/server.ts')
    await migrateServer(databaseUrl)
    await using _ = await openQueues(databaseUrl)
  } else {
    const { openEmbedded } = await import('../db/embedded.ts')
    await using _ = await openEmbedded({ folder: dataDir, statements: createStatementCounter(), openQueues })
  }
  process.stdout.write('  The schema is up to date.\n')
}
