import { HonzikError } from '../domain/error.ts'
import type { Conversed } from '../domain/exchange.ts'
import type { ReplyCache, ShownReply } from '../domain/reply.ts'
import type { Conversation, Stage } from './conversation.ts'
import { keepAnswered, keepUnanswered, type Remark } from './remark.ts'

/** A message that was sent and answered. */
export interface Sent extends Conversed {
  readonly reply: ShownReply
}

/**
 * Asks the tutor, then keeps message, answer and practice in one step. When no tutor answers, the message is kept alone
 * and the error says which one it is, for `retryMessage`.
 */
export const converse =
  (remark: Remark): Conversation<Sent> =>
  async (stage) => {
    const reply = await replyOrTrouble(stage, remark)
    if (!(reply instanceof HonzikError)) return withCache(await stage.perform(keepAnswered(remark, reply)), reply.cache)

    const kept = await stage.perform(keepUnanswered(remark))
    if (kept.conversed) return recalled(kept.conversed, stage)
    throw new HonzikError(
      'UPSTREAM_UNAVAILABLE',
      `${reply.message} The message is kept; answer it with retryMessage.`,
      {
        messageId: kept.message.id,
        ...(reply.retryAfterSeconds !== undefined && { retryAfterSeconds: reply.retryAfterSeconds }),
        cause: reply.cause,
      },
    )
  }

/** What was answered some time ago, shown once more. */
export function recalled(conversed: Conversed, { clock }: Pick<Stage, 'clock'>): Sent {
  const age = clock().since(conversed.answer.createdAt).total('seconds')
  return withCache(conversed, { status: 'HIT', key: null, ageSeconds: Math.max(0, Math.floor(age)) })
}

const withCache = (conversed: Conversed, cache: ReplyCache): Sent => ({
  ...conversed,
  reply: { ...conversed.reply, cache },
})

async function replyOrTrouble(
  stage: Stage,
  { learner, text, at, message: place }: Remark,
): Promise<ShownReply | HonzikError> {
  try {
    return await stage.reply(learner, { text, at, place })
  } catch (error) {
    if (error instanceof HonzikError && error.code === 'UPSTREAM_UNAVAILABLE') return error
    throw error
  }
}
