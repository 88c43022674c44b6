import { type CalendarDate, type Timestamp, type TimeZone, toTimestamp } from './calendar.ts'
import type { JobId, TelegramId, UserId } from './ids.ts'
import type { Job } from './job.ts'
import { WEBHOOK_EVENT_TYPES, type WebhookEvent } from './webhook.ts'

/** Something that receivers are told of. */
export interface Occurrence {
  readonly event: WebhookEvent
  /** The job or the learner that it is about, and with which it goes. */
  readonly about: Subject
  /** JSON as Standard Webhooks has it. Ids and states only: whoever receives it asks for the rest, as somebody. */
  readonly payload: string
}

/** What an event is about; the other one is null. */
export type Subject =
  | { readonly jobId: JobId; readonly userId: null }
  | { readonly jobId: null; readonly userId: UserId }

/** A learner whose streak ends tonight unless they practise. */
export interface StreakAtRisk {
  readonly userId: UserId
  readonly telegramId: TelegramId
  readonly streakDay: number
}

/** The learner's evening. */
export interface Evening {
  readonly timezone: TimeZone
  readonly date: CalendarDate
}

/** What receivers are told of a job's new state; null of one in which it goes on, and of a job that was cancelled. */
export function endOfJob(job: Job): Occurrence | null {
  const { id, userId, kind, status, messageId, error, updatedAt } = job
  if (status !== 'SUCCEEDED' && status !== 'FAILED') return null
  const event = status === 'SUCCEEDED' ? 'JOB_SUCCEEDED' : 'JOB_FAILED'
  return occurrence(event, { jobId: id, userId: null }, updatedAt, {
    jobId: id,
    userId: String(userId),
    kind,
    status,
    messageId: messageId === null ? null : String(messageId),
    error: error?.code ?? null,
  })
}

/** The Telegram id is there for bots: they know learners by it alone. */
export const streakReminder = (
  { userId, telegramId, streakDay }: StreakAtRisk,
  { date, timezone }: Evening,
  now: Temporal.Instant,
): Occurrence =>
  occurrence('STREAK_REMINDER', { jobId: null, userId }, toTimestamp(now), {
    userId: String(userId),
    telegramId,
    currentStreak: streakDay,
    date,
    timezone,
  })

const occurrence = (
  event: WebhookEvent,
  about: Subject,
  timestamp: Timestamp,
  data: Record<string, string | number | null>,
): Occurrence => ({
  event,
  about,
  payload: JSON.stringify({ type: WEBHOOK_EVENT_TYPES[event], timestamp, data }),
})
