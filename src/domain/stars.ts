/** A learner's stars. `lifetime` never falls, whatever is spent. */
export interface Stars {
  readonly total: number
  readonly available: number
  readonly lifetime: number
}

export interface EarningMessage {
  /** 0–100. */
  readonly score: number
  /** Whether the score is a model's: the embedded tutor's, which sees spelling only, earns no bonus. */
  readonly scoreEarns: boolean
  /** The streak of the message's day, that day included. */
  readonly streakDay: number
  /** Messages of the message's day, this one included. */
  readonly messagesCount: number
}

const GOOD_SCORE = 80
const BONUS_MESSAGE = 5

/**
 * The stars that one message earns: 1; 1 more for a score of at least 80; 2 more from a streak of 7 days, or 5 from 30;
 * and 5 more for the fifth message of a day. Exactly one message of a day is its fifth,
 * since the count comes from the same atomic update that counted the message.
 */
export function starsEarned({ score, scoreEarns, streakDay, messagesCount }: EarningMessage): number {
  const forScore = scoreEarns && score >= GOOD_SCORE ? 1 : 0
  const forStreak = streakDay >= 30 ? 5 : streakDay >= 7 ? 2 : 0
  const forDay = messagesCount === BONUS_MESSAGE ? 5 : 0
  return 1 + forScore + forStreak + forDay
}
