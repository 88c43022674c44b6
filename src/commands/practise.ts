import type { Practised } from '../domain/activity.ts'
import type { CalendarDate } from '../domain/calendar.ts'
import type { UserId } from '../domain/ids.ts'
import type { PracticedMessage } from '../domain/practice.ts'
import { starsEarned } from '../domain/stars.ts'
import type { Transaction } from './unit-of-work.ts'

/**
 * Counts one message as practice: the day, its streak, and the stars it earns.
 * The transaction must have begun the learner's practice.
 */
export async function practise(
  { practice, stars }: Transaction,
  learner: UserId,
  date: CalendarDate,
  message: PracticedMessage & { readonly scoreEarns: boolean },
): Promise<Practised> {
  const day = await practice.count(learner, date, message)
  const earned = starsEarned({ ...message, streakDay: day.streakDay, messagesCount: day.messagesCount })
  return { day, stars: await stars.add(learner, earned), starsEarned: earned }
}
