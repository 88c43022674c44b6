import type { FastifyReply, FastifyRequest } from 'fastify'
import { badInput, type ErrorCode, HonzikError } from '../domain/error.ts'
import { extensionsOf, tracedBy } from '../graphql/errors.ts'
import { createNotes } from '../graphql/notes.ts'

/** The HTTP status of an error that ends a whole request. */
const STATUS: Record<ErrorCode, number> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  BAD_USER_INPUT: 400,
  CONFLICT: 409,
  RATE_LIMITED: 429,
  UPSTREAM_UNAVAILABLE: 502,
  SERVICE_UNAVAILABLE: 503,
  PAYLOAD_TOO_LARGE: 413,
  GRAPHQL_PARSE_FAILED: 400,
  GRAPHQL_VALIDATION_FAILED: 400,
  INTERNAL_SERVER_ERROR: 500,
}

/** An error as it ends a whole request. */
export interface ErrorAnswer {
  readonly error: HonzikError
  readonly status: number
  readonly body: string
}

/** Says of whatever was thrown what a caller is told; whatever is not about the request is a fault of ours. */
export function errorAnswer(thrown: unknown, traceId?: string): ErrorAnswer {
  const error = known(thrown)
  const extensions = { ...extensionsOf(error), ...tracedBy(traceId) }
  const body = JSON.stringify({ errors: [{ message: error.message, extensions }] })
  return { error, status: STATUS[error.code], body }
}

/** Answers with an error in the form of GraphQL's, so that clients need to know only one. */
export function sendError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { error, status, body } = errorAnswer(thrown, request.trace?.traceId)
  // The framework's own errors may come before any hook has run.
  request.notes ??= createNotes((fault) => request.log.error({ err: fault }, 'fault'))
  reply.header('x-request-id', request.id)
  if (error.code === 'INTERNAL_SERVER_ERROR') request.notes.report(thrown)
  request.notes.codes = [error.code]
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', error.retryAfterSeconds)
  return reply
    .code(statusOf(thrown, status, reply))
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send(body)
}

/** The framework's errors in our words; whatever is not about the request is a fault of ours. */
function known(thrown: unknown): HonzikError {
  if (thrown instanceof HonzikError) return thrown
  switch (frameworkCode(thrown)) {
    case 'FST_ERR_BAD_URL':
      return badInput('url', 'must be a valid address.')
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new HonzikError('PAYLOAD_TOO_LARGE', 'The request body is too large.', { field: 'body' })
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return badInput('content-type', 'must be application/json.')
    case 'ECONNRESET':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return badInput('body', 'must be complete, valid JSON.')
    default:
      return new HonzikError('INTERNAL_SERVER_ERROR', 'Internal server error', { cause: thrown })
  }
}

/** A status that the route has chosen is more exact than the code's. */
function statusOf(thrown: unknown, status: number, reply: FastifyReply): number {
  if (reply.statusCode >= 400) return reply.statusCode
  return frameworkCode(thrown) === 'FST_ERR_CTP_INVALID_MEDIA_TYPE' ? 415 : status
}

const frameworkCode = (thrown: unknown): unknown =>
  thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
