import { toConnection } from '../connections.ts'
import { messageCursor, parseMessageCursor } from '../cursors.ts'
import type { MessageResolvers, TutorUsageResolvers, UserResolvers } from '../generated/schema-types.ts'
import { speechOf } from './payloads.ts'

export const User: UserResolvers = {
  settings: ({ id }, _, { reads }) => reads.settings(id),
  stars: ({ id }, _, { reads }) => reads.stars(id),
  dailyStats: ({ id }, { date }, { reads }) => reads.dailyStats(id, date ?? null),
  statsRange: ({ id }, { days }, { reads }) => reads.statsRange(id, days),
  statsSummary: ({ id }, _, { reads }) => reads.statsSummary(id),
  messages: async ({ id }, { first, after }, { reads }) =>
    toConnection(await reads.messages(id, first, parseMessageCursor(id, after)), (message) =>
      messageCursor(id, message),
    ),
  tutorUsage: ({ id }, { date }, { reads }) => reads.usage(id, date ?? null),
}

export const Message: MessageResolvers = {
  user: ({ userId }, _, { reads }) => reads.owner(userId),
  speech: (message, _, context) => speechOf(message, context),
}

export const TutorUsage: TutorUsageResolvers = {
  callsLimit: (_, __, { dailyLimit }) => dailyLimit,
}
