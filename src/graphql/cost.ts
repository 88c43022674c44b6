import type { ApolloServerPlugin } from '@apollo/server'
import { GraphQLError } from 'graphql'
import { type ComplexityEstimator, getComplexity } from 'graphql-query-complexity'
import type { GraphQLContext } from './context.ts'
import { LIMITS } from './limits.ts'

/** A field costs 1, and as much again as what is below it for each item that it may bring. */
const estimate: ComplexityEstimator = ({ args, childComplexity }) =>
  1 + itemsAtMost(args['first'] ?? args['days']) * childComplexity

/** Arguments that are out of bounds are refused elsewhere, by name; here they must only not make anything cheaper. */
const itemsAtMost = (asked: unknown): number => (typeof asked === 'number' && asked > 1 ? asked : 1)

/** Refuses an operation whose answer could become too large, before anything is read. */
export const costPlugin: ApolloServerPlugin<GraphQLContext> = {
  requestDidStart: async () => ({
    async didResolveOperation({ schema, document, request: { variables = {} }, operationName }) {
      const cost = costOf({ schema, query: document, variables, ...(operationName && { operationName }) })
      if (cost > LIMITS.cost)
        throw new GraphQLError(
          `The operation could bring ${cost} values; at most ${LIMITS.cost} are allowed. Ask for smaller pages.`,
          { extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } } },
        )
    },
  }),
}

function costOf(operation: Omit<Parameters<typeof getComplexity>[0], 'estimators'>): number {
  try {
    return getComplexity({ ...operation, estimators: [estimate] })
  } catch {
    // Variables that do not fit: execution, which comes next, says so with their names.
    return 0
  }
}
