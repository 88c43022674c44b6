import type { ApolloServerPlugin } from '@apollo/server'
import { GraphQLError, getOperationAST, getVariableValues } from 'graphql'
import { type ComplexityEstimator, getComplexity } from 'graphql-query-complexity'
import type { GraphQLContext } from './context.ts'
import { LIMITS } from './limits.ts'

/** Fields for which a model is asked: a document may have a few of them. */
const ASKING = new Set(['honzikReply', 'sendMessage', 'retryMessage'])
const ASKING_COST = 12_000

/** A field costs 1, and as much again as what is below it for each item that it may bring; one that asks a model much more. */
const estimate: ComplexityEstimator = ({ type, field, args, childComplexity }) => {
  const own = ASKING.has(field.name) && ROOTS.has(type.name) ? ASKING_COST : 1
  return own + itemsAtMost(args['first'] ?? args['days']) * childComplexity
}

/** A payload has a field of that name too, which asks nobody. */
const ROOTS = new Set(['Query', 'Mutation'])

/** Arguments that are out of bounds are refused elsewhere, by name; here they must only not make anything cheaper. */
const itemsAtMost = (asked: unknown): number => (typeof asked === 'number' && asked > 1 ? asked : 1)

/** Refuses an operation whose answer could become too large, before anything is read. */
export const costPlugin: ApolloServerPlugin<GraphQLContext> = {
  requestDidStart: async () => ({
    async didResolveOperation({ schema, document, request: { variables = {} }, operationName }) {
      const cost = costOf({ schema, query: document, variables, ...(operationName && { operationName }) })
      if (cost !== null && cost > LIMITS.cost)
        throw new GraphQLError(
          `The operation could bring ${Number.isFinite(cost) ? cost : 'countless'} values; at most ${LIMITS.cost} are allowed. Ask for smaller pages.`,
          { extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } } },
        )
    },
  }),
}

/**
 * How many values an operation can bring at most; infinitely many for one that is too long to be counted, and null when
 * its variables do not fit, which is for execution to say.
 */
export function costOf(operation: Omit<Parameters<typeof getComplexity>[0], 'estimators'>): number | null {
  const { schema, query, variables = {}, operationName } = operation
  const definitions = getOperationAST(query, operationName)?.variableDefinitions ?? []
  // One error is enough, and each of them repeats the whole of the variables.
  if (getVariableValues(schema, definitions, variables, { maxErrors: 1 }).errors) return null
  try {
    return getComplexity({ ...operation, variables: withoutNulls(variables), estimators: [estimate] })
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

/**
 * A null where null may not be fails its own field, when it is executed, and not the others: they have to be counted, and
 * it as if it had been left out.
 */
const withoutNulls = (variables: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== null))
