import { HonzikError, notFound } from '../domain/error.ts'
import { type MessageId, parseMessageId } from '../domain/ids.ts'
import type { Message } from '../domain/message.ts'
import { isAccessible } from '../domain/viewer.ts'
import type { Command } from './command.ts'
import type { Conversation } from './conversation.ts'
import { converse, recalled, type Sent } from './converse.ts'
import { findRemark, type Remark } from './remark.ts'

/**
 * Has a message answered that could not be when it was sent; the practice counts on the day of the message, once. Of one
 * that is answered, shows the answer. Throws CONFLICT naming `id` for a message that no longer waits for an answer and has
 * none to show.
 */
export const retryMessage =
  ({ id }: { readonly id: string }): Conversation<Sent> =>
  async (stage) => {
    const message = await stage.perform(findOwn(parseMessageId(id)))
    const { userId: learner, text, createdAt } = message
    const remark: Remark = { learner, text, at: Temporal.Instant.from(createdAt), idempotency: null, message }
    if (!message.answered) return converse(remark)(stage)
    const kept = await stage.perform(findRemark(remark))
    if (kept?.conversed) return recalled(kept.conversed, stage)
    throw new HonzikError('CONFLICT', 'id is of a message that does not wait for an answer.', { field: 'id' })
  }

const findOwn =
  (id: MessageId | null): Command<Message> =>
  async ({ messages, viewer }) => {
    const found = id === null ? null : await messages.find(id)
    if (found === null || !isAccessible(viewer, found.message.userId)) throw notFound('message')
    return found.message
  }
