import type { Job } from '../../domain/job.ts'
import type { HonzikReplyPart, SubscriptionResolvers } from '../generated/schema-types.ts'
import { streamed } from '../streamed.ts'

/** What the stream carries: a failure too, so that it ends as an answer with an error and not as a broken stream. */
type Part = { readonly honzikReply: HonzikReplyPart } | { readonly failure: unknown }

export const Subscription: SubscriptionResolvers = {
  honzikReply: {
    subscribe: (_, { input }, { honzikReply }) =>
      streamed<Part>(async (emit) => {
        try {
          const reply = await honzikReply(input, (text) => emit({ honzikReply: { text } }))
          emit({ honzikReply: { reply } })
        } catch (failure) {
          emit({ failure })
        }
      }),
    resolve(part: Part) {
      if ('failure' in part) throw part.failure
      return part.honzikReply
    },
  },
  jobUpdated: {
    subscribe: (_, { id, after }, { followJob }) => followJob(id, after ?? null),
    resolve: (job: Job) => job,
  },
}
