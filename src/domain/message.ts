import type { Timestamp } from './calendar.ts'
import type { MessageId, UserId } from './ids.ts'

export const MESSAGE_ROLES = ['USER', 'ASSISTANT'] as const

export interface Mistake {
  readonly original: string
  readonly corrected: string
  readonly explanation: string
}

/** One message of a learner's conversation. */
export interface Message {
  readonly id: MessageId
  readonly userId: UserId
  readonly role: (typeof MESSAGE_ROLES)[number]
  readonly text: string
  readonly correctedText: string | null
  /** 0–100; null on the tutor's messages. */
  readonly correctnessScore: number | null
  readonly mistakes: readonly Mistake[]
  readonly wordsTotal: number
  readonly wordsCorrect: number
  /** Whether the tutor has answered a learner's message; only then it counts as practice. True of the tutor's own. */
  readonly answered: boolean
  readonly createdAt: Timestamp
}
