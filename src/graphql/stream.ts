import { type ExecutionResult, GraphQLError } from 'graphql'
import { createHandler, type Handler } from 'graphql-sse'
import type { GraphQLContext } from './context.ts'
import type { FormatOptions } from './errors.ts'
import { createErrorTeller, prepared } from './subscription-request.ts'

/** Answers subscriptions as server-sent events, each request with one operation and a stream of its own. */
export type StreamHandler = Handler<unknown, StreamContext>

/** The library takes plain records for contexts, which an interface is not. */
export type StreamContext = Pick<GraphQLContext, keyof GraphQLContext>

export function createStreamHandler(options: FormatOptions): StreamHandler {
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
    onOperation: (_, __, ___, results) => ('next' in results ? withFailure(results) : undefined),
    onNext({ notes }, _, result) {
      if (!result.errors) return
      const errors = tell(result.errors, notes)
      // Where nothing was executed, an answer has no data, not even null.
      return errors.some(({ path }) => path !== undefined) ? { ...result, errors } : { errors }
    },
  })
}

/** The same answers, and where they break off, why: of a stream that just ended, clients would not know what to think. */
async function* withFailure<Result>(results: AsyncGenerator<Result>): AsyncGenerator<Result | ExecutionResult> {
  try {
    yield* results
  } catch (thrown) {
    const originalError = thrown instanceof Error ? thrown : new Error(String(thrown))
    yield { errors: [new GraphQLError(originalError.message, { originalError })] }
  }
}
