import { deleteWebhook, redeliverWebhook, updateWebhook } from '../../commands/change-webhook.ts'
import { createUser } from '../../commands/create-user.ts'
import { deleteUser } from '../../commands/delete-user.ts'
import { cancelJob, retryJob } from '../../commands/own-job.ts'
import { purgeCache } from '../../commands/purge-cache.ts'
import { recordActivity } from '../../commands/record-activity.ts'
import { registerWebhook } from '../../commands/register-webhook.ts'
import { retryMessage } from '../../commands/retry-message.ts'
import { sendMessage } from '../../commands/send-message.ts'
import { sendMessageLater } from '../../commands/send-message-later.ts'
import { sendVoiceMessage } from '../../commands/send-voice-message.ts'
import { signInWithTelegram } from '../../commands/sign-in-with-telegram.ts'
import { updateUser } from '../../commands/update-user.ts'
import { updateUserSettings } from '../../commands/update-user-settings.ts'
import type { MutationResolvers } from '../generated/schema-types.ts'
import { practised, sent } from './payloads.ts'

export const Mutation: MutationResolvers = {
  signInWithTelegram: (_, { input }, { performUnsigned }) => performUnsigned(signInWithTelegram(input)),
  createUser: async (_, { input }, { perform }) => ({ user: await perform(createUser(input)) }),
  updateUser: async (_, { input }, { perform }) => ({ user: await perform(updateUser(input)) }),
  updateUserSettings: (_, { input }, { perform }) => perform(updateUserSettings(input)),
  deleteUser: async (_, { input }, { perform }) => ({ deletedId: await perform(deleteUser(input)) }),
  sendMessage: async (_, { input }, { converse, perform, roomLimits }) => {
    if (input.mode !== 'ASYNC') return sent(await converse(sendMessage(input)))
    const { message, job } = await perform(sendMessageLater(input, roomLimits))
    return { userMessage: message, job }
  },
  retryMessage: async (_, { input }, { converse }) => sent(await converse(retryMessage(input))),
  sendVoiceMessage: async (_, { input }, { perform, roomLimits, recordingOf }) =>
    perform(sendVoiceMessage({ ...input, recording: await recordingOf(input.audio.bytes) }, roomLimits)),
  cancelJob: (_, { input }, { perform }) => perform(cancelJob(input)),
  retryJob: (_, { input }, { perform, roomLimits }) => perform(retryJob(input, roomLimits)),
  registerWebhook: (_, { input }, { perform, webhookMeans }) => perform(registerWebhook(input, webhookMeans)),
  updateWebhook: async (_, { input }, { perform, webhookMeans }) => ({
    webhook: await perform(updateWebhook(input, webhookMeans)),
  }),
  deleteWebhook: async (_, { input }, { perform }) => ({ deletedId: await perform(deleteWebhook(input)) }),
  redeliverWebhook: async (_, { input }, { perform }) => ({ delivery: await perform(redeliverWebhook(input)) }),
  purgeCache: async (_, { input }, { perform }) => ({ purgedTags: await perform(purgeCache(input)) }),
  recordActivity: async (_, { input }, { perform }) => practised(await perform(recordActivity(input))),
}
