import type { Sent } from '../../commands/converse.ts'
import type { Practised } from '../../domain/activity.ts'
import { dailyStats } from '../../domain/practice.ts'

/** A day of practice and the stars after it. */
export const practised = ({ day, stars }: Pick<Practised, 'day' | 'stars'>) => ({ dailyStats: dailyStats(day), stars })

/** A message that was answered, with everything that came of it. */
export const sent = ({ question, answer, reply, starsEarned, ...counted }: Sent) => ({
  userMessage: question,
  assistantMessage: answer,
  honzikReply: reply,
  ...practised(counted),
  starsEarned,
})
