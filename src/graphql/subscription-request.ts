import {
  type DocumentNode,
  type ExecutionArgs,
  GraphQLError,
  getOperationAST,
  getVariableValues,
  Kind,
  OperationTypeNode,
  parse,
  type SelectionSetNode,
  specifiedRules,
  validate,
} from 'graphql'
import { type ErrorCode, HonzikError } from '../domain/error.ts'
import type { GraphQLContext } from './context.ts'
import { causeOf, type FormatOptions, faultBehind, type formatError, formatFor } from './errors.ts'
import { LIMITS, limitRules } from './limits.ts'
import { OPERATION_NAME_MAX, type RequestNotes } from './notes.ts'
import { schema } from './schema.ts'

/** What a client asks to be told of, however it is to be told. */
export interface SubscriptionRequest {
  readonly query: string
  readonly operationName?: string | null | undefined
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined
}

const RULES = [...specifiedRules, ...limitRules]
const NO_SUBSCRIPTION = 'Only subscriptions are streamed; ask for application/json instead.'

/** The operation, ready to run; or the errors that it is answered with. */
export function prepared(
  { query, operationName, variables }: SubscriptionRequest,
  contextValue: GraphQLContext,
): ExecutionArgs | readonly GraphQLError[] {
  const document = parsed(query)
  if (document instanceof GraphQLError) return [document]
  const invalid = validate(schema, document, RULES, { maxErrors: LIMITS.errors })
  if (invalid.length > 0) return invalid.map((error) => coded(error, 'GRAPHQL_VALIDATION_FAILED'))

  const operation = getOperationAST(document, operationName)
  if (operation?.operation !== OperationTypeNode.SUBSCRIPTION)
    return [coded(new GraphQLError(NO_SUBSCRIPTION), 'GRAPHQL_VALIDATION_FAILED')]
  const given = variables ?? {}
  // Each error repeats the whole of the variables: without a limit they would grow with the square of the request.
  const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], given, { maxErrors: LIMITS.errors })
  if (errors) return errors.map((error) => coded(error, 'BAD_USER_INPUT'))
  contextValue.notes.type = operation.operation
  contextValue.notes.operation = operation.name?.value.slice(0, OPERATION_NAME_MAX) ?? null
  return { schema, document, operationName: operationName ?? null, variableValues: given, contextValue }
}

/** Whether a request's operation is one that is streamed. */
export const isSubscription = (request: Record<string, unknown>): boolean => subscriptionIn(request) !== null

/** Whether it follows something for as long as that goes on, rather than waiting for one answer. */
export function isFollowing(request: Record<string, unknown>): boolean {
  const { selections = [] } = subscriptionIn(request) ?? {}
  // Of a fragment it is not known, and then it gets the longer time.
  return selections.some((each) => each.kind !== Kind.FIELD || each.name.value === 'jobUpdated')
}

function subscriptionIn({ query, operationName }: Record<string, unknown>): SelectionSetNode | null {
  // Most requests need not be parsed to know.
  if (typeof query !== 'string' || !query.includes('subscription')) return null
  const document = parsed(query)
  if (document instanceof GraphQLError) return null
  const operation = getOperationAST(document, typeof operationName === 'string' ? operationName : null)
  return operation?.operation === OperationTypeNode.SUBSCRIPTION ? operation.selectionSet : null
}

function parsed(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query, { maxTokens: LIMITS.tokens })
  } catch (error) {
    if (error instanceof GraphQLError) return coded(error, 'GRAPHQL_PARSE_FAILED')
    throw error
  }
}

/** The library's own error with one of our codes. */
const coded = ({ message, nodes, source, positions }: GraphQLError, code: ErrorCode): GraphQLError =>
  new GraphQLError(message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    extensions: { code },
  })

/** Gives errors the form that callers see, and tells the log what callers are not told. */
export function createErrorTeller(options: FormatOptions) {
  const format = formatFor(options)
  return (errors: readonly GraphQLError[], notes: RequestNotes): readonly GraphQLError[] => {
    const told = errors.map((error) => {
      note(error, notes)
      return formatted(error, format)
    })
    notes.codes = [...new Set(told.map(({ extensions }) => String(extensions['code'])))]
    return told
  }
}

function formatted(error: GraphQLError, format: typeof formatError): GraphQLError {
  const { message, path = null, extensions = null } = format(error.toJSON(), ownIn(error) ?? error)
  return new GraphQLError(message, { nodes: error.nodes ?? null, path, extensions })
}

/** One of our own errors. It need not be a resolver's: an operation may be refused before it begins. */
const ownIn = ({ originalError }: GraphQLError): HonzikError | null =>
  originalError instanceof HonzikError ? originalError : null

function note(error: GraphQLError, notes: RequestNotes): void {
  const fault = ownIn(error) ? null : faultBehind(error)
  if (fault !== null) notes.report(fault)
  const cause = causeOf(error.originalError)
  if (cause !== null) notes.cause = cause
}
