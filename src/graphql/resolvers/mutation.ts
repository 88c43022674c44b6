import type { Sent } from '../../commands/converse.ts'
import { createUser } from '../../commands/create-user.ts'
import { deleteUser } from '../../commands/delete-user.ts'
import { purgeCache } from '../../commands/purge-cache.ts'
import { recordActivity } from '../../commands/record-activity.ts'
import { retryMessage } from '../../commands/retry-message.ts'
import { sendMessage } from '../../commands/send-message.ts'
import { signInWithTelegram } from '../../commands/sign-in-with-telegram.ts'
import { updateUser } from '../../commands/update-user.ts'
import { updateUserSettings } from '../../commands/update-user-settings.ts'
import type { Practised } from '../../domain/activity.ts'
import { dailyStats } from '../../domain/practice.ts'
import type { MutationResolvers } from '../generated/schema-types.ts'

export const Mutation: MutationResolvers = {
  signInWithTelegram: (_, { input }, { performUnsigned }) => performUnsigned(signInWithTelegram(input)),
  createUser: async (_, { input }, { perform }) => ({ user: await perform(createUser(input)) }),
  updateUser: async (_, { input }, { perform }) => ({ user: await perform(updateUser(input)) }),
  updateUserSettings: (_, { input }, { perform }) => perform(updateUserSettings(input)),
  deleteUser: async (_, { input }, { perform }) => ({ deletedId: await perform(deleteUser(input)) }),
  sendMessage: async (_, { input }, { converse }) => sent(await converse(sendMessage(input))),
  retryMessage: async (_, { input }, { converse }) => sent(await converse(retryMessage(input))),
  purgeCache: async (_, { input }, { perform }) => ({ purgedTags: await perform(purgeCache(input)) }),
  recordActivity: async (_, { input }, { perform }) => practised(await perform(recordActivity(input))),
}

const practised = ({ day, stars }: Practised) => ({ dailyStats: dailyStats(day), stars })

const sent = ({ question, answer, reply, starsEarned, ...counted }: Sent) => ({
  userMessage: question,
  assistantMessage: answer,
  honzikReply: reply,
  ...practised({ ...counted, starsEarned }),
  starsEarned,
})
