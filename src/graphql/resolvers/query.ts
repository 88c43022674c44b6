import { toConnection } from '../connections.ts'
import { parseUserCursor, parseWebhookCursor, userCursor, webhookCursor } from '../cursors.ts'
import type { QueryResolvers } from '../generated/schema-types.ts'

export const Query: QueryResolvers = {
  health: (_, __, { health }) => health(),
  me: (_, __, { reads }) => reads.me(),
  user: (_, { id }, { reads }) => reads.user(id),
  userByTelegramId: (_, { telegramId }, { reads }) => reads.userByTelegramId(telegramId),
  users: async (_, { first, after }, { reads }) =>
    toConnection(await reads.users(first, parseUserCursor(after)), userCursor),
  webhooks: async (_, { first, after }, { reads }) =>
    toConnection(await reads.webhooks(first, parseWebhookCursor(after)), webhookCursor),
  cacheStats: async (_, __, { cacheStats }) => ({ windows: await cacheStats() }),
  job: (_, { id }, { reads }) => reads.job(id),
  cacheEntries: (_, { tags }, { reads }) => reads.cacheEntries(tags),
  honzikReply: (_, { input }, { honzikReply }) => honzikReply(input),
}
