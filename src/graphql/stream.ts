import { createHandler, type Handler } from 'graphql-sse'
import type { GraphQLContext } from './context.ts'
import { createErrorTeller, prepared } from './subscription-request.ts'

/** Answers subscriptions as server-sent events, each request with one operation and a stream of its own. */
export type StreamHandler = Handler<unknown, StreamContext>

/** The library takes plain records for contexts, which an interface is not. */
export type StreamContext = Pick<GraphQLContext, keyof GraphQLContext>

/** @param production hides the schema in error messages */
export function createStreamHandler(options: { readonly production: boolean }): StreamHandler {
  const tell = createErrorTeller(options)
  return createHandler<unknown, StreamContext, StreamContext>({
    // Streams that several operations share would outlive their requests, with whoever's rights.
    authenticate: () => null,
    context: ({ context }) => context,
    // Done in `prepared`, with our limits.
    validate: () => [],
    onSubscribe({ context }, params) {
      const ready = prepared(params, context)
      // The library knows an answer by its data.
      return 'schema' in ready ? { ...ready, contextValue: context } : { data: null, errors: ready }
    },
    onNext({ notes }, _, result) {
      if (!result.errors) return
      const errors = tell(result.errors, notes)
      // Where nothing was executed, an answer has no data, not even null.
      return errors.some(({ path }) => path !== undefined) ? { ...result, errors } : { errors }
    },
  })
}
