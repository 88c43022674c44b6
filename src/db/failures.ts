import { DrizzleQueryError } from 'drizzle-orm'
import { unavailable } from '../domain/error.ts'

/**
 * Failures of the connection or the server rather than of the statement: socket errors, the driver's own codes,
 * and the SQLSTATE classes 08 (connection), 53 (resources), 57 (operator intervention) and 58 (system).
 * Source of the classes: PostgreSQL documentation, appendix A.
 */
const UNREACHABLE =
  /^(ECONN\w+|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOENT|CONNECTION_\w+|CONNECT_TIMEOUT|(08|53|57|58)\w{3})$/

/** Serialization failure and deadlock: the database gave up on one of several transactions; a repeat may succeed. */
const RETRYABLE = new Set(['40001', '40P01'])

/** The `code` of an error or of the error that it wraps; the query builder wraps what the driver throws. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  if ('code' in error && typeof error.code === 'string') return error.code
  return codeOf(error.cause)
}

export const isRetryable = (error: unknown): boolean => RETRYABLE.has(codeOf(error))

/** Turns what a driver throws when the database cannot be reached into SERVICE_UNAVAILABLE; leaves all else alone. */
export function translated(error: unknown): unknown {
  // The query builder's own error repeats the statement with its parameters, which are the learners' words.
  if (error instanceof DrizzleQueryError) return translated(error.cause)
  if (UNREACHABLE.test(codeOf(error))) return unavailable('The database does not answer. Try again in a moment.', error)
  return error
}
