import type { Practised } from './activity.ts'
import type { Message } from './message.ts'
import type { TutorReply } from './reply.ts'

/** A learner's message with the tutor's answer, as both are kept. */
export interface Exchange {
  readonly question: Message
  readonly answer: Message
  readonly reply: TutorReply
  /** Stars that the learner's message earned. */
  readonly starsEarned: number
}

/** A message that was answered, and what came of it. */
export interface Conversed extends Exchange, Practised {}
