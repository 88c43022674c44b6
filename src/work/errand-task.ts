import type { Errand } from '../commands/schedule-writes.ts'
import { parseCalendarDate, parseTimeZone, toTimestamp } from '../domain/calendar.ts'
import { userIdFromRow } from '../domain/ids.ts'
import type { Evening } from '../domain/webhook-event.ts'

/** @throws for a task of another release that this one does not know */
export function readErrand(task: unknown): Errand {
  if (typeof task === 'object' && task !== null && 'kind' in task) {
    const { kind } = task
    if (kind === 'REMINDERS' || kind === 'UPKEEP') return { kind }
    if (kind === 'RETENTION' && 'before' in task)
      return { kind, before: toTimestamp(Temporal.Instant.from(String(task.before))) }
    if (kind === 'EVENING' && 'evening' in task && 'after' in task)
      return {
        kind,
        evening: readEvening(task.evening),
        after: task.after === null ? null : userIdFromRow(Number(task.after)),
      }
  }
  throw new TypeError('not an errand')
}

function readEvening(evening: unknown): Evening {
  if (typeof evening === 'object' && evening !== null && 'timezone' in evening && 'date' in evening)
    return {
      timezone: parseTimeZone('timezone', String(evening.timezone)),
      date: parseCalendarDate('date', String(evening.date)),
    }
  throw new TypeError('not an evening')
}
