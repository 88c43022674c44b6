import type { ApolloServerPlugin } from '@apollo/server'
import type { GraphQLContext } from './context.ts'
import { causeOf, faultBehind } from './errors.ts'

const NAME_MAX = 64

export const requestNotesPlugin: ApolloServerPlugin<GraphQLContext> = {
  requestDidStart: async () => ({
    async didResolveOperation({ operation, operationName, contextValue: { notes } }) {
      if (operation) notes.operation = operationName?.slice(0, NAME_MAX) ?? null
    },
    async didEncounterErrors({ errors, contextValue: { notes } }) {
      for (const error of errors) {
        const fault = faultBehind(error)
        if (fault !== null) notes.report(fault)
        const cause = causeOf(error.originalError)
        if (cause !== null) notes.cause = cause
      }
    },
    async willSendResponse({ response: { body }, contextValue: { notes } }) {
      const errors = (body.kind === 'single' && body.singleResult.errors) || []
      notes.codes = [...new Set(errors.map(({ extensions }) => String(extensions?.['code'])))]
    },
  }),
}
