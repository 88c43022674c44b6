import { type TimeZone, toCalendarDate } from './calendar.ts'
import type { Evening } from './webhook-event.ts'

/** The hour of a learner's own day from which they are reminded. */
export const REMINDER_HOUR = 19
/** The hour from which they are left in peace: whatever was down until then is not made up for. */
export const PEACE_HOUR = 22

/** The evening that it is in a zone while learners may be reminded; null at other times of the day. */
export function eveningAt(now: Temporal.Instant, timezone: TimeZone): Evening | null {
  const local = now.toZonedDateTimeISO(timezone)
  if (local.hour < REMINDER_HOUR || local.hour >= PEACE_HOUR) return null
  return { timezone, date: toCalendarDate(local.toPlainDate()) }
}
