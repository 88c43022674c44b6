import { unwrapResolverError } from '@apollo/server/errors'
import { GraphQLError, type GraphQLFormattedError, Kind, parse, visit } from 'graphql'
import { ERROR_CODES, type ErrorCode, HonzikError } from '../domain/error.ts'

/** What the library calls errors, where our list has another word for it. */
const TRANSLATED = new Map<string, ErrorCode>([
  ['BAD_REQUEST', 'BAD_USER_INPUT'],
  ['OPERATION_RESOLUTION_FAILURE', 'BAD_USER_INPUT'],
  // Clients know it by its message.
  ['PERSISTED_QUERY_NOT_FOUND', 'NOT_FOUND'],
])

/** What execution says of a caller's request without giving it a code: a null variable where null may not be. */
const ARGUMENT = /^Argument "(\w+)" (of|has|of required)/
const PERSISTED = /^(provided sha does not match|Unsupported persisted query version)/
const NO_SUBSCRIPTIONS = /^Schema is not configured to execute subscription/

/**
 * The one place where errors take the form that callers see. Ours keep their message; the library's own about a
 * request keep theirs; everything else is a fault of ours and says nothing about itself.
 */
export function formatError(formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError {
  const { locations, path } = formatted
  const where = { ...(locations && { locations }), ...(path && { path }) }
  const error = unwrapResolverError(thrown)
  if (error instanceof HonzikError) return { message: error.message, ...where, extensions: extensionsOf(error) }

  const code = codeOf(formatted.extensions, error)
  if (code !== 'INTERNAL_SERVER_ERROR') {
    const field = fieldOf(formatted, thrown)
    return { message: shortened(formatted.message), ...where, extensions: { code, ...(field && { field }) } }
  }
  return { message: 'Internal server error', ...where, extensions: { code } }
}

/** The same without the suggestions that would spell out a hidden schema. */
export function formatErrorTersely(formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError {
  const error = formatError(formatted, thrown)
  return { ...error, message: error.message.replace(/ ?Did you mean [^?]*\?/, '') }
}

export interface FormatOptions {
  /** Hides the schema. */
  readonly production: boolean
  /** Of whatever is answered at the moment; left out where nothing is traced. */
  readonly traceId?: (() => string | undefined) | undefined
}

export function formatFor({ production, traceId }: FormatOptions): typeof formatError {
  const format = production ? formatErrorTersely : formatError
  if (traceId === undefined) return format
  return (formatted, thrown) => {
    const { extensions, ...error } = format(formatted, thrown)
    return { ...error, extensions: { ...extensions, ...tracedBy(traceId()) } }
  }
}

/** What errors say of the trace that they are part of. */
export const tracedBy = (traceId: string | undefined) => traceId !== undefined && { traceId }

/** What lies behind an error that callers only see as an internal one; null for errors that are meant for them. */
export function faultBehind(thrown: GraphQLError): unknown {
  const error = unwrapResolverError(thrown)
  const code = codeOf(thrown.extensions, error)
  return error instanceof HonzikError || code !== 'INTERNAL_SERVER_ERROR' ? null : error
}

/** The code of what lies behind one of our own errors, for the log: codes only, as messages name hosts. */
export function causeOf(error: unknown): string | null {
  if (!(error instanceof HonzikError) || !(error.cause instanceof Error)) return null
  return 'code' in error.cause && typeof error.cause.code === 'string' ? error.cause.code : error.cause.name
}

/** The `extensions` of one of our own errors. */
export const extensionsOf = ({ code, field, retryAfterSeconds, messageId }: HonzikError): Record<string, unknown> => ({
  code,
  ...(field !== undefined && { field }),
  ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  ...(messageId !== undefined && { messageId: String(messageId) }),
})

/** @param error what was thrown: of the library's own errors, some have a code only in their words */
function codeOf(extensions: Readonly<Record<string, unknown>> | undefined, error: unknown): ErrorCode {
  const code = typeof extensions?.['code'] === 'string' ? extensions['code'] : ''
  if (error instanceof GraphQLError && (code === '' || code === 'INTERNAL_SERVER_ERROR')) {
    if (ARGUMENT.test(error.message) || PERSISTED.test(error.message)) return 'BAD_USER_INPUT'
    if (NO_SUBSCRIPTIONS.test(error.message)) return 'GRAPHQL_VALIDATION_FAILED'
  }
  return ERROR_CODES.find((known) => known === code) ?? TRANSLATED.get(code) ?? 'INTERNAL_SERVER_ERROR'
}

/** The library repeats the caller's values in its messages, however long; neither we nor the caller want to read on. */
const MESSAGE_MAX = 1_000

const shortened = (message: string): string =>
  message.length > MESSAGE_MAX ? `${message.slice(0, MESSAGE_MAX)}…` : message

/** The name of the input that an error of the library is about, as far as it says so. */
function fieldOf(formatted: GraphQLFormattedError, thrown: unknown): string | undefined {
  const message = shortened(formatted.message)
  const variable = /^Variable "\$(\w+)"(?:.* at "[^"]*?(\w+)";)?/s.exec(message)
  if (variable) return variable[2] ?? variable[1]
  const argument = ARGUMENT.exec(message)
  if (argument) return argument[1]
  return PARTS.find(([pattern]) => pattern.test(message))?.[1] ?? argumentAround(thrown)
}

/** Which part of a request the library's messages are about. */
const PARTS: readonly (readonly [RegExp, string])[] = [
  [/^(Unknown operation|Must provide operation name|`operationName`)/, 'operationName'],
  [/^(GraphQL queries must be strings|GraphQL operations must contain)/, 'query'],
  [/^(POST body missing|Operation batching disabled)/, 'body'],
  [/Cross-Site Request Forgery/, 'apollo-require-preflight'],
  [/^GET requests only support/, 'query'],
  [/^`variables`/, 'variables'],
  [/^(`extensions`|PersistedQueryNotFound|provided sha|Unsupported persisted query)/, 'extensions'],
]

/** The innermost argument or input field that surrounds the place of a validation error. */
function argumentAround(thrown: unknown): string | undefined {
  const location = thrown instanceof GraphQLError ? thrown.nodes?.[0]?.loc : undefined
  if (location === undefined) return undefined
  let name: string | undefined
  const remember = (node: { name: { value: string }; loc?: { start: number; end: number } | undefined }) => {
    if (node.loc && node.loc.start <= location.start && location.end <= node.loc.end) name = node.name.value
  }
  visit(parse(location.source), { [Kind.ARGUMENT]: remember, [Kind.OBJECT_FIELD]: remember })
  return name
}
