/**
 * Every code that a caller may see in `extensions.code`.
 * `docs/reference/errors.md` explains each; a test keeps the two alike.
 */
export const ERROR_CODES = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_USER_INPUT',
  'CONFLICT',
  'RATE_LIMITED',
  'UPSTREAM_UNAVAILABLE',
  'SERVICE_UNAVAILABLE',
  'PAYLOAD_TOO_LARGE',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'INTERNAL_SERVER_ERROR',
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]

export interface ErrorDetails {
  /** The input's name as the caller wrote it, such as `timezone`. Always there with `BAD_USER_INPUT`. */
  readonly field?: string
  /** Whole seconds after which a repeat may succeed. */
  readonly retryAfterSeconds?: number
  /** The message that was kept although it could not be answered; for `retryMessage`. */
  readonly messageId?: number
  /** What went wrong underneath; for the log, never for the caller. */
  readonly cause?: unknown
}

/** An error whose message is meant for the caller. Anything else is masked before it leaves. */
export class HonzikError extends Error {
  readonly code: ErrorCode
  readonly field: string | undefined
  readonly retryAfterSeconds: number | undefined
  readonly messageId: number | undefined

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause })
    this.name = 'HonzikError'
    this.code = code
    this.field = details.field
    this.retryAfterSeconds = details.retryAfterSeconds
    this.messageId = details.messageId
  }
}

/** Input that the caller can mend; `field` is its name as the caller wrote it. */
export const badInput = (field: string, problem: string): HonzikError =>
  new HonzikError('BAD_USER_INPUT', `${field} ${problem}`, { field })

/** The same answer for what does not exist and for what is another's: existence itself is private. */
export const notFound = (what: string): HonzikError => new HonzikError('NOT_FOUND', `No such ${what}.`)

export const unavailable = (message: string, cause?: unknown): HonzikError =>
  new HonzikError('SERVICE_UNAVAILABLE', message, { cause })

/** An error whose message is all that whoever starts the server needs: no fault of ours, so no stack. */
export class OperatorError extends Error {
  override readonly name: string = 'OperatorError'
}
