import { parseIdempotency } from '../domain/activity.ts'
import { parseUserId } from '../domain/ids.ts'
import { parseMessageText } from '../domain/lesson.ts'
import { requireAccess } from '../domain/viewer.ts'
import type { Conversation } from './conversation.ts'
import { converse, recalled, type Sent } from './converse.ts'
import { findRemark, type Remark } from './remark.ts'

export interface SendMessageInput {
  readonly text: string
  /** The viewer when left out. */
  readonly userId?: string | null | undefined
  readonly idempotencyKey?: string | null | undefined
}

/**
 * A learner's message, answered, kept and counted as practice in one acknowledged step. Throws CONFLICT for a key used
 * with other input, UPSTREAM_UNAVAILABLE naming the kept message when no tutor answers.
 */
export const sendMessage =
  (input: SendMessageInput): Conversation<Sent> =>
  async (stage) => {
    const text = parseMessageText(input.text)
    const idempotency = parseIdempotency(input.idempotencyKey ?? null, { text })
    const learner = requireAccess(stage.viewer, input.userId == null ? stage.viewer.id : parseUserId(input.userId))
    const remark: Remark = { learner, text, at: stage.clock(), idempotency, message: null }
    const before = idempotency && (await stage.perform(findRemark(remark)))
    if (!before) return converse(remark)(stage)
    if (before.conversed) return recalled(before.conversed, stage)
    // A repeat of one that could not be answered is another try to have it answered.
    const { message } = before
    return converse({ ...remark, message, at: Temporal.Instant.from(message.createdAt) })(stage)
  }
