import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import postgres from 'postgres'
import { inject } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { openEmbedded } from '../../src/db/embedded.ts'
import { NO_QUEUES, type QueueEngine } from '../../src/db/queue.ts'
import type { RunSql } from '../../src/db/seed.ts'
import { openServer, withConnections } from '../../src/db/server.ts'
import { createStatementCounter, type StatementCounter } from '../../src/db/statements.ts'

/** Whether there is a PostgreSQL server to test with; without one its tests are skipped and say so at the start. */
export const hasPostgres = inject('postgresUrl') !== null

/** A new, empty database on the tests' PostgreSQL server, dropped with the returned object. */
export async function createServerDatabase(): Promise<AsyncDisposable & { readonly url: string }> {
  const server = inject('postgresUrl')
  if (server === null) throw new Error('there is no PostgreSQL server')
  const name = `t_${randomUUID().replaceAll('-', '')}`
  await administer(server, `create database ${name}`)
  const url = new URL(server)
  url.pathname = name
  return {
    url: url.href,
    [Symbol.asyncDispose]: () => administer(server, `drop database ${name} with (force)`),
  }
}

export interface OpenDatabase extends Database {
  readonly statements: StatementCounter
  /** Runs SQL past the ports, for rows that nothing but a fixture makes. */
  readonly run: RunSql
}

/** An empty, migrated database on the tests' PostgreSQL server. */
export async function openTestServer(
  _config?: unknown,
  statements = createStatementCounter(),
  _log?: unknown,
  openQueues = async (_: string): Promise<QueueEngine> => NO_QUEUES,
): Promise<OpenDatabase & { readonly url: string }> {
  const created = await createServerDatabase()
  const database = await openServer({ url: created.url, poolMax: 5, statements, openQueues })
  return {
    ...database,
    statements,
    url: created.url,
    run: (text, parameters) => withConnections(created.url, 1, (client) => client.unsafe(text, parameters)),
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]()
      await created[Symbol.asyncDispose]()
    },
  }
}

/** An empty, migrated database inside this process. */
export async function openTestEmbedded(
  _config?: unknown,
  statements = createStatementCounter(),
  _log?: unknown,
  openQueues = async (_: PGlite): Promise<QueueEngine> => NO_QUEUES,
): Promise<OpenDatabase> {
  const folder = temporaryFolder()
  let client: PGlite | undefined
  const prepare = async (driver: PGlite) => {
    client = driver
  }
  const database = await openEmbedded({ folder: folder.path, statements, openQueues, prepare })
  return {
    ...database,
    statements,
    async run(text, parameters) {
      if (client === undefined) throw new Error('the database was opened without its preparation')
      return (await client.query<Record<string, unknown>>(text, parameters)).rows
    },
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]()
      folder[Symbol.dispose]()
    },
  }
}

/** A new folder that goes with the returned object. */
export function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'honzik-test-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

async function administer(url: string, statement: string): Promise<void> {
  const client = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} })
  try {
    await client.unsafe(statement)
  } finally {
    await client.end()
  }
}
