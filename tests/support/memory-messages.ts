import type { AnsweredMessage, SaidMessage, Transaction } from '../../src/commands/unit-of-work.ts'
import { toTimestamp } from '../../src/domain/calendar.ts'
import type { Exchange } from '../../src/domain/exchange.ts'
import { type MessageId, messageIdFromRow, type UserId } from '../../src/domain/ids.ts'
import { countWords, normalized } from '../../src/domain/lesson.ts'
import type { Message } from '../../src/domain/message.ts'
import { wordsIn } from '../../src/domain/reply.ts'
import { change, type Learner, type Learners, withEntry } from './memory-state.ts'

/** Conversations, over the copy that is the transaction's own. */
export function createMemoryMessages(learners: Learners, nextId: () => number): Transaction['messages'] {
  const write = (userId: UserId, text: string, at: Temporal.Instant, rest: Partial<Message>): Message => {
    const words = countWords(text)
    const message = {
      id: messageIdFromRow(nextId()),
      userId,
      role: 'USER' as const,
      text,
      correctedText: null,
      correctnessScore: null,
      mistakes: [],
      wordsTotal: words,
      wordsCorrect: words,
      createdAt: toTimestamp(at),
      answered: true,
      ...rest,
    }
    change(learners, userId, ({ messages }) => ({ messages: [...messages, message] }))
    return message
  }

  function answered(kept: Message, { reply, starsEarned, at }: AnsweredMessage): Exchange {
    const { correctedText, correctnessScore, mistakes } = reply
    const wordsCorrect = wordsIn(normalized(kept.text), mistakes).correct
    const question = { ...kept, correctedText, correctnessScore, mistakes, wordsCorrect, answered: true }
    const answer = write(kept.userId, reply.reply, at, { role: 'ASSISTANT' })
    const exchange = { question, answer, reply, starsEarned }
    change(learners, kept.userId, ({ messages, exchanges }) => ({
      messages: messages.map((message) => (message.id === kept.id ? question : message)),
      exchanges: withEntry(exchanges, kept.id, exchange),
    }))
    return exchange
  }

  const find = (id: MessageId): readonly [Learner, Message] | null => {
    for (const learner of learners.values()) {
      const message = learner.messages.find((each) => each.id === id)
      if (message) return [learner, message]
    }
    return null
  }

  const keep = (id: UserId, { text, at }: SaidMessage) => write(id, text, at, { answered: false })

  return {
    keep: async (id, said) => keep(id, said),
    exchange: async (id, said, answer) => answered(keep(id, said), answer),
    async answer(id, answer) {
      const [, message] = find(id) ?? []
      if (!message || message.answered) throw new Error(`there is no unanswered message ${id}`)
      return answered(message, answer)
    },
    async find(id) {
      const [learner, message] = find(id) ?? []
      return learner && message ? { message, exchange: learner.exchanges.get(id) ?? null } : null
    },
  }
}
