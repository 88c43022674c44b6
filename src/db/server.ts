import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'
import { createDatabase, type Database } from './database.ts'
import { MIGRATION_LOCK, migrations } from './migrations.ts'
import { NO_QUEUES, type QueueEngine } from './queue.ts'
import type { StatementCounter } from './statements.ts'

export interface ServerOptions {
  /** `postgres://…` */
  readonly url: string
  /** Connections at most. */
  readonly poolMax: number
  readonly statements: StatementCounter
  /** Opens the engine that keeps queues in the migrated database at an address; none when left out. */
  readonly openQueues?: (url: string) => Promise<QueueEngine>
}

/** Seconds to wait for a connection. */
const CONNECT_TIMEOUT_S = 1.5

const common = {
  connect_timeout: CONNECT_TIMEOUT_S,
  onnotice: () => {},
  connection: { application_name: 'honzik', TimeZone: 'UTC', DateStyle: 'ISO' },
} satisfies postgres.Options<Record<string, never>>

/**
 * Opens a PostgreSQL server and brings its schema up to date.
 * @throws the driver's error when the server cannot be reached now; later failures are the callers' to see
 */
export async function openServer({ url, poolMax, statements, openQueues }: ServerOptions): Promise<Database> {
  await migrateServer(url)
  const queues = (await openQueues?.(url)) ?? NO_QUEUES
  const client = postgres(url, {
    ...common,
    max: poolMax,
    // After an outage the first request should find the way back at once, not wait out a growing pause.
    backoff: () => 0.1,
    // A peer that vanished without a word is given up after 5 s of idleness and the kernel's probes.
    keep_alive: 5,
    // No array is ever sent as one: see arrayLiteral.
    fetch_types: false,
    connection: { ...common.connection, statement_timeout: 10_000, idle_in_transaction_session_timeout: 10_000 },
  })
  const orm = drizzle(client, { casing: 'snake_case', logger: { logQuery: statements.note } })
  return createDatabase(orm, queues, () => client.end({ timeout: 5 }))
}

/** Applies each migration once, however many processes start together: the others wait at the lock. */
export async function migrateServer(url: string): Promise<void> {
  await withLock(url, MIGRATION_LOCK, (client) => migrate(drizzle(client, { casing: 'snake_case' }), migrations))
}

/** PostgreSQL's advisory lock that a process holds while it seeds: two would make learners with the same ids. */
export const SEED_LOCK = MIGRATION_LOCK + 1n

/** Does something while no other process that asks for the same advisory lock does anything; the others wait. */
export function withLock<T>(url: string, lock: bigint, work: (client: postgres.Sql) => Promise<T>): Promise<T> {
  return withConnections(url, 1, async (client) => {
    await client`select pg_advisory_lock(${lock.toString()})`
    return work(client)
  })
}

/** Connections of their own, without limits of time, for work that is no request's. */
export async function withConnections<T>(
  url: string,
  max: number,
  work: (client: postgres.Sql) => Promise<T>,
): Promise<T> {
  const client = postgres(url, { ...common, max })
  try {
    return await work(client)
  } finally {
    // Ends the sessions, and with them any lock that they still hold.
    await client.end({ timeout: 5 })
  }
}
