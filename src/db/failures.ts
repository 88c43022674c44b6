import { DrizzleQueryError } from 'drizzle-orm'
import { unavailable } from '../domain/error.ts'

/** Failures to reach the server at all: socket errors and the driver's own codes. */
const UNREACHED =
  /^(ECONN\w+|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOENT|CONNECTION_\w+|CONNECT_TIMEOUT)$/

/**
 * What the server says when it cannot serve us: the SQLSTATE classes 08 (connection), 28 (authorization), 53
 * (resources), 57 (operator intervention) and 58 (system), and a database that is missing, read-only or closed. Source: PostgreSQL documentation, appendix A.
 */
const INDISPOSED = /^((08|28|53|57|58)\w{3}|3D000|25006|55000)$/

/** Serialization failure and deadlock: the database gave up on one of several transactions; a repeat may succeed. */
const RETRYABLE = new Set(['40001', '40P01'])

/** The `code` of an error or of the error that it wraps; the query builder wraps what the driver throws. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  if ('code' in error && typeof error.code === 'string') return error.code
  return codeOf(error.cause)
}

/** Whether a failure was the server's own word, which shows that it is alive. */
export const isAnswer = (error: unknown): boolean => !UNREACHED.test(codeOf(error))

export const isRetryable = (error: unknown): boolean => RETRYABLE.has(codeOf(error))

/** Turns what a driver throws when the database cannot be reached into SERVICE_UNAVAILABLE; leaves all else alone. */
export function translated(error: unknown): unknown {
  // The query builder's own error repeats the statement with its parameters, which are the learners' words.
  if (error instanceof DrizzleQueryError) return translated(error.cause)
  if (UNREACHED.test(codeOf(error)) || INDISPOSED.test(codeOf(error)))
    return unavailable('The database does not answer. Try again in a moment.', error)
  return error
}
