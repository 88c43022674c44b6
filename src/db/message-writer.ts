import { and, eq } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { AnsweredMessage, SaidMessage, Transaction } from '../commands/unit-of-work.ts'
import { toTimestamp } from '../domain/calendar.ts'
import type { Exchange } from '../domain/exchange.ts'
import type { MessageId, UserId } from '../domain/ids.ts'
import { countWords, normalized } from '../domain/lesson.ts'
import type { Message } from '../domain/message.ts'
import { wordsIn } from '../domain/reply.ts'
import type { Orm } from './orm.ts'
import { first, only } from './rows.ts'
import { messages } from './schema.ts'

type MessageRow = typeof messages.$inferSelect

export function createMessageWriter(orm: Orm): Transaction['messages'] {
  return {
    async keep(id, said) {
      const rows = await orm
        .insert(messages)
        .values({ ...spoken(id, said), answered: false })
        .returning()
        .prepare('keep_message')
        .execute()
      return toMessage(only(rows))
    },

    async exchange(id, said, answered) {
      const rows = await orm
        .insert(messages)
        .values({ ...spoken(id, said), ...correction(said.text, answered) })
        .returning()
        .prepare('keep_answered_message')
        .execute()
      return exchangeOf(only(rows), await insertAnswer(orm, only(rows), answered))
    },

    async answer(id, answered) {
      const unanswered = and(eq(messages.id, id), eq(messages.answered, false))
      const kept = only(await orm.select().from(messages).where(unanswered).execute())
      const rows = await orm
        .update(messages)
        .set(correction(kept.text, answered))
        .where(unanswered)
        .returning()
        .execute()
      return exchangeOf(only(rows), await insertAnswer(orm, only(rows), answered))
    },

    find: (id) => find(orm, id),
  }
}

async function find(orm: Orm, id: MessageId): ReturnType<Transaction['messages']['find']> {
  const replies = alias(messages, 'replies')
  const found = first(
    await orm
      .select({ question: messages, answer: replies })
      .from(messages)
      .leftJoin(replies, eq(replies.answers, messages.id))
      .where(eq(messages.id, id))
      .execute(),
  )
  if (found === null) return null
  return saidOf(found.question, found.answer)
}

export const saidOf = (question: MessageRow, answer: MessageRow | null) => ({
  message: toMessage(question),
  exchange: answer && exchangeOf(question, answer),
})

const spoken = (userId: UserId, { text, at }: SaidMessage) => {
  const words = countWords(text)
  return { userId, role: 'USER' as const, text, wordsTotal: words, wordsCorrect: words, createdAt: toTimestamp(at) }
}

/** What the tutor's answer adds to the learner's message. */
const correction = (text: string, { reply, starsEarned }: AnsweredMessage) => ({
  correctedText: reply.correctedText,
  correctnessScore: reply.correctnessScore,
  mistakes: reply.mistakes,
  wordsCorrect: wordsIn(normalized(text), reply.mistakes).correct,
  answered: true,
  starsEarned,
})

async function insertAnswer(orm: Orm, { id, userId }: MessageRow, { reply, at }: AnsweredMessage): Promise<MessageRow> {
  const { suggestion, newWords, engine, model } = reply
  const words = countWords(reply.reply)
  const rows = await orm
    .insert(messages)
    .values({
      userId,
      role: 'ASSISTANT',
      text: reply.reply,
      wordsTotal: words,
      wordsCorrect: words,
      createdAt: toTimestamp(at),
      answers: id,
      remarks: { suggestion, newWords, engine, model },
    })
    .returning()
    .prepare('keep_answer')
    .execute()
  return only(rows)
}

function toMessage({ starsEarned: _, answers: __, remarks: ___, ...message }: MessageRow): Message {
  return message
}

function exchangeOf(question: MessageRow, answer: MessageRow): Exchange {
  const { remarks } = answer
  if (remarks === null) throw new Error(`the answer ${answer.id} has no remarks`)
  return {
    question: toMessage(question),
    answer: toMessage(answer),
    reply: {
      reply: answer.text,
      correctedText: question.correctedText ?? question.text,
      mistakes: question.mistakes,
      correctnessScore: question.correctnessScore ?? 0,
      ...remarks,
    },
    starsEarned: question.starsEarned ?? 0,
  }
}
