import type { ApolloServerPlugin } from '@apollo/server'
import type { GraphQLContext } from './context.ts'
import { faultBehind } from './errors.ts'

/** What the request log wants to know of an operation. */
export interface RequestNotes {
  /** Told every fault that callers only see as an internal server error. */
  readonly report: (fault: unknown) => void
  /** As the document names it, at most 64 characters; null without a name, undefined when there was none to run. */
  operation: string | null | undefined
  /** The error codes of the answer, each once. */
  codes: readonly string[]
}

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
      }
    },
    async willSendResponse({ response: { body }, contextValue: { notes } }) {
      const errors = (body.kind === 'single' && body.singleResult.errors) || []
      notes.codes = [...new Set(errors.map(({ extensions }) => String(extensions?.['code'])))]
    },
  }),
}
