import { arrayLiteral } from './arrays.ts'
import type { Orm } from './orm.ts'

/** Runs a statement as it is written, with `$1`, `$2` … for its values. */
export type RunRaw = (text: string, values: readonly unknown[]) => Promise<{ rows: Record<string, unknown>[] }>

interface Session {
  readonly client: object
  readonly logger: { logQuery(text: string, values: readonly unknown[]): void }
}

/**
 * Runs statements on a transaction's own connection, in order with those of the query builder. Each text is prepared once
 * for each connection, and so is one round trip; the builder's own way of running texts asks the server twice each time.
 */
export function rawIn(transaction: Orm): RunRaw {
  const { client, logger } = sessionOf(transaction)
  return async (text, values) => {
    logger.logQuery(text, values)
    if ('unsafe' in client && typeof client.unsafe === 'function') {
      // This driver is told not to learn the types of arrays: see `openServer`.
      const given = values.map((value) => (Array.isArray(value) ? arrayLiteral(value) : value))
      return { rows: [...(await client.unsafe(text, given, { prepare: true }))] }
    }
    if ('query' in client && typeof client.query === 'function') return client.query(text, [...values])
    throw new TypeError('a driver that is none of ours')
  }
}

/** The builder keeps it to itself, as far as its declarations say. */
function sessionOf(transaction: Orm): Session {
  const session: unknown = Reflect.get(transaction, 'session')
  if (typeof session === 'object' && session !== null && 'client' in session && 'logger' in session)
    return session as Session
  throw new TypeError('a query builder without a session')
}
