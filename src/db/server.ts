import { setTimeout as pause } from 'node:timers/promises'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'
import { openConnection } from './connection.ts'
import { createDatabase, type Database } from './database.ts'
import { MIGRATION_LOCK, migrations } from './migrations.ts'
import { createPool } from './pool.ts'
import { type Access, createPorts } from './ports.ts'
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

/** Milliseconds after which a connection is replaced at the soonest; not all at once, so at the latest after twice as many. */
const LIFETIME_MS = 30 * 60_000

/** Milliseconds that transactions have to come to their end when the database is closed. */
const PATIENCE_MS = 1_000

/** Seconds to say goodbye to the server. */
const CLOSE_TIMEOUT_S = 0.5

/** Milliseconds between two attempts to connect: after an outage the first request should find the way back at once. */
const RECONNECT_PAUSE_MS = 100

const common = {
  connect_timeout: CONNECT_TIMEOUT_S,
  // No array is ever sent as one: see arrayLiteral. Nor does the driver catch what goes wrong when it asks for the types.
  fetch_types: false,
  onnotice: () => {},
  connection: { application_name: 'honzik', TimeZone: 'UTC', DateStyle: 'ISO' },
} satisfies postgres.Options<Record<string, never>>

/** For statements that requests wait for. */
const serving = {
  ...common,
  // A peer that vanished without a word is given up after 5 s of idleness and the kernel's probes.
  keep_alive: 5,
  connection: { ...common.connection, statement_timeout: 10_000, idle_in_transaction_session_timeout: 10_000 },
} satisfies postgres.Options<Record<string, never>>

/**
 * Opens a PostgreSQL server and brings its schema up to date.
 * @throws the driver's error when the server cannot be reached now; later failures are the callers' to see
 */
export async function openServer({ url, poolMax, statements, openQueues }: ServerOptions): Promise<Database> {
  await migrateServer(url)
  const queues = (await openQueues?.(url)) ?? NO_QUEUES
  return createDatabase(openAccess(url, poolMax, statements), queues)
}

function openAccess(url: string, max: number, { note }: StatementCounter): Access {
  const pool = createPool({
    max,
    open(lost) {
      const { client, close } = openConnection(url, serving, lost)
      return { ports: createPorts(drizzle(client, { casing: 'snake_case', logger: { logQuery: note } })), close }
    },
    close: ({ close }, atOnce) => close(atOnce ? 0 : CLOSE_TIMEOUT_S),
    lifetimeMs: () => (1 + Math.random()) * LIFETIME_MS,
    pauseMs: RECONNECT_PAUSE_MS,
    patienceMs: PATIENCE_MS,
    now: () => performance.now(),
    sleep: (ms, signal) => pause(ms, undefined, { signal }).catch(() => {}),
  })
  return {
    share: (ask) => pool.share(({ ports }) => ask(ports)),
    transact: (work) => pool.hold(({ ports }) => ports.orm.transaction(work)),
    close: () => pool.close(),
  }
}

/** Applies each migration once, however many processes start together: the others wait at the lock. */
export async function migrateServer(url: string): Promise<void> {
  await withLock(url, MIGRATION_LOCK, (client) => migrate(drizzle(client, { casing: 'snake_case' }), migrations))
}

/** PostgreSQL's advisory lock that a process holds while it seeds: two would make learners with the same ids. */
export const SEED_LOCK = MIGRATION_LOCK + 1n

/** Does something while no other process that asks for the same advisory lock does anything; the others wait. */
export async function withLock<T>(url: string, lock: bigint, work: (client: postgres.Sql) => Promise<T>): Promise<T> {
  // What is done under the lock is refused once the connection, and the lock with it, is lost.
  const { client, close } = openConnection(url, common)
  try {
    await client`select pg_advisory_lock(${lock.toString()})`
    return await work(client)
  } finally {
    await close(CLOSE_TIMEOUT_S)
  }
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
