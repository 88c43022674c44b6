import type { Sent } from '../../commands/converse.ts'
import type { Practised } from '../../domain/activity.ts'
import type { Message } from '../../domain/message.ts'
import { dailyStats } from '../../domain/practice.ts'
import { contentTypeOf } from '../../domain/recording.ts'
import type { GraphQLContext } from '../context.ts'

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

/** What a message sounds like, with a link to it; null where it was not spoken. */
export async function speechOf({ id, role }: Message, { reads, audioLink }: GraphQLContext) {
  const facts = role === 'ASSISTANT' ? await reads.speech(id) : null
  return facts && { ...audioLink(id), contentType: contentTypeOf(facts.format), bytes: facts.bytes }
}
