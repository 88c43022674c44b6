import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { drizzle } from 'drizzle-orm/pglite'
import { migrate } from 'drizzle-orm/pglite/migrator'
import { createDatabase, type Database } from './database.ts'
import { lockFolder } from './folder-lock.ts'
import { migrations } from './migrations.ts'
import { type Access, createPorts } from './ports.ts'
import { NO_QUEUES, type QueueEngine } from './queue.ts'
import type { StatementCounter } from './statements.ts'

export interface EmbeddedOptions {
  /** The folder that keeps the data; made when it is not there. */
  readonly folder: string
  readonly statements: StatementCounter
  /** Opens the engine that keeps queues in the migrated database; none when left out. */
  readonly openQueues?: (client: PGlite) => Promise<QueueEngine>
  /** Runs once after the migrations, with the driver itself; for the demo learners. */
  readonly prepare?: (client: PGlite) => Promise<void>
}

/**
 * Opens PostgreSQL inside this process (PGlite) and brings its schema up to date.
 * @throws Error when another process has the folder: two would corrupt it, and PGlite itself lets them
 */
export async function openEmbedded({ folder, statements, openQueues, prepare }: EmbeddedOptions): Promise<Database> {
  const lock = lockFolder(folder)
  try {
    const client = await openCluster(join(folder, 'postgres'))
    const orm = drizzle(client, { casing: 'snake_case', logger: { logQuery: statements.note } })
    await migrate(orm, migrations)
    await client.exec(`set time zone 'UTC'`)
    await prepare?.(client)
    const queues = (await openQueues?.(client)) ?? NO_QUEUES
    const ports = createPorts(orm)
    const access: Access = {
      share: (ask) => ask(ports),
      transact: (work) => orm.transaction(work),
      async close() {
        await client.close()
        lock[Symbol.dispose]()
      },
    }
    return await createDatabase(access, queues)
  } catch (error) {
    lock[Symbol.dispose]()
    throw error
  }
}

/** Opens the data, or makes it. A making that was cut short left its mark and is begun again. */
async function openCluster(path: string): Promise<PGlite> {
  const making = `${path}.making`
  if (existsSync(path) && !existsSync(making)) return PGlite.create(path)
  writeFileSync(making, '')
  rmSync(path, { recursive: true, force: true })
  // Unpacking an empty cluster takes a third of the time that making one takes.
  const { dataDir } = await import('@electric-sql/pglite-prepopulatedfs')
  const client = await PGlite.create(path, { loadDataDir: await dataDir() })
  rmSync(making)
  return client
}
