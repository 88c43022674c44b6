import {
  type DocumentNode,
  GraphQLError,
  getOperationAST,
  getVariableValues,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql'
import { createHandler, type Handler } from 'graphql-sse'
import type { ErrorCode } from '../domain/error.ts'
import type { GraphQLContext } from './context.ts'
import { causeOf, faultBehind, formatError, formatErrorTersely } from './errors.ts'
import { LIMITS, limitRules } from './limits.ts'
import { OPERATION_NAME_MAX, type RequestNotes } from './notes.ts'
import { schema } from './schema.ts'

/** Answers subscriptions as server-sent events, each request with one operation and a stream of its own. */
export type StreamHandler = Handler<unknown, StreamContext>

/** The library takes plain records for contexts, which an interface is not. */
export type StreamContext = Pick<GraphQLContext, keyof GraphQLContext>

type Params = Parameters<NonNullable<Parameters<typeof createHandler>[0]['onSubscribe']>>[1]

/** @param production hides the schema in error messages */
export function createStreamHandler({ production }: { readonly production: boolean }): StreamHandler {
  const format = production ? formatErrorTersely : formatError
  return createHandler<unknown, StreamContext, StreamContext>({
    // Streams that several operations share would outlive their requests, with whoever's rights.
    authenticate: () => null,
    context: ({ context }) => context,
    // Done in `prepared`, with our limits.
    validate: () => [],
    onSubscribe: ({ context }, params) => prepared(params, context),
    onNext({ notes }, _, result) {
      if (!result.errors) return
      const errors = result.errors.map((error) => {
        told(error, notes)
        return formatted(error, format)
      })
      notes.codes = [...new Set(errors.map(({ extensions }) => String(extensions['code'])))]
      // Where nothing was executed, an answer has no data, not even null.
      return errors.some(({ path }) => path !== undefined) ? { ...result, errors } : { errors }
    },
  })
}

function formatted(error: GraphQLError, format: typeof formatError): GraphQLError {
  const { message, path = null, extensions = null } = format(error.toJSON(), error)
  return new GraphQLError(message, { nodes: error.nodes ?? null, path, extensions })
}

const RULES = [...specifiedRules, ...limitRules]

/** The operation, ready to run; or the errors that it is answered with. */
function prepared({ query, operationName, variables }: Params, contextValue: StreamContext) {
  const document = parsed(query)
  if (document instanceof GraphQLError) return refused([document])
  const invalid = validate(schema, document, RULES, { maxErrors: LIMITS.errors })
  if (invalid.length > 0) return refused(invalid.map((error) => coded(error, 'GRAPHQL_VALIDATION_FAILED')))

  const operation = getOperationAST(document, operationName)
  if (operation?.operation !== OperationTypeNode.SUBSCRIPTION)
    return refused([coded(new GraphQLError(NO_SUBSCRIPTION), 'GRAPHQL_VALIDATION_FAILED')])
  const given = variables ?? {}
  // Each error repeats the whole of the variables: without a limit they would grow with the square of the request.
  const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], given, { maxErrors: LIMITS.errors })
  if (errors) return refused(errors.map((error) => coded(error, 'BAD_USER_INPUT')))
  contextValue.notes.operation = operation.name?.value.slice(0, OPERATION_NAME_MAX) ?? null
  return { schema, document, operationName, variableValues: given, contextValue }
}

/** The library knows an answer by its data. */
const refused = (errors: readonly GraphQLError[]) => ({ data: null, errors })

const NO_SUBSCRIPTION = 'Only subscriptions are streamed; ask for application/json instead.'

function parsed(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query, { maxTokens: LIMITS.tokens })
  } catch (error) {
    if (error instanceof GraphQLError) return coded(error, 'GRAPHQL_PARSE_FAILED')
    throw error
  }
}

/** Whether a request's operation is one that is streamed. */
export function isSubscription({ query, operationName }: Record<string, unknown>): boolean {
  // Most requests need not be parsed to know.
  if (typeof query !== 'string' || !query.includes('subscription')) return false
  const document = parsed(query)
  if (document instanceof GraphQLError) return false
  const name = typeof operationName === 'string' ? operationName : null
  return getOperationAST(document, name)?.operation === OperationTypeNode.SUBSCRIPTION
}

/** The library's own error with one of our codes. */
const coded = ({ message, nodes, source, positions }: GraphQLError, code: ErrorCode): GraphQLError =>
  new GraphQLError(message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    extensions: { code },
  })

function told(error: GraphQLError, notes: RequestNotes): void {
  const fault = faultBehind(error)
  if (fault !== null) notes.report(fault)
  const cause = causeOf(error.originalError)
  if (cause !== null) notes.cause = cause
}
