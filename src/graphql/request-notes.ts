import type { ApolloServerPlugin } from '@apollo/server'
import { GraphQLError, type GraphQLFormattedError, OperationTypeNode } from 'graphql'
import type { GraphQLContext } from './context.ts'
import { causeOf, faultBehind } from './errors.ts'
import { cacheStatus, OPERATION_NAME_MAX, type RequestNotes } from './notes.ts'

export const requestNotesPlugin: ApolloServerPlugin<GraphQLContext> = {
  requestDidStart: async () => ({
    async didResolveOperation({ operation, operationName, contextValue: { notes } }) {
      if (!operation) return
      if (operation.operation === OperationTypeNode.SUBSCRIPTION)
        throw new GraphQLError('Subscriptions are streamed: ask with the header "accept: text/event-stream".', {
          extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } },
        })
      notes.operation = operationName?.slice(0, OPERATION_NAME_MAX) ?? null
      notes.query = operation.operation === OperationTypeNode.QUERY
      notes.type = operation.operation
    },
    async didEncounterErrors({ errors, contextValue: { notes } }) {
      noteErrors(errors, notes)
    },
    async willSendResponse({ request, response: { body }, contextValue: { notes } }) {
      if (body.kind !== 'single') return
      const { singleResult } = body
      notes.codes = codesOf(singleResult.errors ?? [])
      const cache = cacheExtension(notes, request.http?.headers.get('x-cache-debug') === '1')
      if (cache !== null) singleResult.extensions = { ...singleResult.extensions, cache }
    },
  }),
}

/** Tells the log what callers are not told. */
export function noteErrors(errors: readonly GraphQLError[], notes: RequestNotes): void {
  for (const error of errors) {
    const fault = faultBehind(error)
    if (fault !== null) notes.report(fault)
    const cause = causeOf(error.originalError)
    if (cause !== null) notes.cause = cause
  }
}

/** The codes of errors as callers see them, each once. */
export const codesOf = (errors: readonly GraphQLFormattedError[]): readonly string[] => [
  ...new Set(errors.map(({ extensions }) => String(extensions?.['code']))),
]

/** What an answer says of caches: that a change is not visible everywhere yet, always; the rest when asked to. */
function cacheExtension({ query, cache }: RequestNotes, debug: boolean): Record<string, unknown> | null {
  const pending = cache.pending && { invalidation: 'PENDING' }
  if (!debug) return pending || null
  return { ...(query && { status: cacheStatus(cache) }), ...cache.tally, ...pending }
}
