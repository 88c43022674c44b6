import { type CalendarDate, toCalendarDate } from '../domain/calendar.ts'
import type { UserId } from '../domain/ids.ts'
import { eveningAt } from '../domain/reminder.ts'
import type { ScheduledTask } from '../domain/schedule.ts'
import { type Evening, streakReminder } from '../domain/webhook-event.ts'
import type { Command, Unit } from './command.ts'
import { Overtaken } from './job-steps.ts'
import type { Errand, ErrandAttempt } from './schedule-writes.ts'

/** Queues what a task has to do, unless somebody has for this time. */
export const claimDue =
  (task: ScheduledTask, due: Temporal.Instant, errand: Errand): Command<void> =>
  async ({ schedule }) => {
    if (await schedule.claim(task, due)) await schedule.queue(errand)
  }

/** Does an errand; what is left of it is queued in the same transaction. @throws Overtaken */
export const doErrand =
  (attempt: ErrandAttempt): Command<void> =>
  async (unit) => {
    if (!(await unit.schedule.settle(attempt))) throw new Overtaken()
    const { errand } = attempt
    if (errand.kind === 'REMINDERS') await beginEvenings(unit)
    else if (errand.kind === 'EVENING') await remind(unit, errand.evening, errand.after)
    else if (await cleanUp(unit, errand)) await unit.schedule.queue(errand)
  }

/** Learners of a zone that are looked at in one transaction. */
const LEARNERS = 500

async function beginEvenings({ webhooks, reminders, schedule, now }: Unit): Promise<void> {
  if (!(await webhooks.isWanted('STREAK_REMINDER'))) return
  const evenings = (await reminders.zones()).map((zone) => eveningAt(now, zone)).filter((evening) => evening !== null)
  for (const evening of await reminders.begin(evenings)) await schedule.queue({ kind: 'EVENING', evening, after: null })
}

/** Tells of each learner at most once a day, even of one who has moved to another zone since. */
async function remind(unit: Unit, evening: Evening, after: UserId | null): Promise<void> {
  const { reminders, deliveries, schedule, now } = unit
  // It may have waited for hours: nobody is to be reminded at night of a day that is over.
  if (eveningAt(now, evening.timezone)?.date !== evening.date) return
  const { learners, next } = await reminders.atRisk(evening, after, LEARNERS)
  const ids = learners.map(({ userId }) => userId)
  const reminded = await reminders.note(ids, evening.date)
  const due = learners.filter(({ userId }) => reminded.has(userId))
  await deliveries.announce(
    due.map((learner) => streakReminder(learner, evening, now)),
    now,
  )
  if (next !== null) await schedule.queue({ kind: 'EVENING', evening, after: next })
}

/** Rows that are removed in one transaction; of audio, whose rows are long, fewer. */
const ROWS = 250
const AUDIO_ROWS = 50

/** Whether there may be more than was removed at once. */
async function cleanUp({ upkeep, now }: Unit, errand: CleaningErrand): Promise<boolean> {
  const ago = (days: number) => now.subtract({ hours: 24 * days })
  if (errand.kind === 'RETENTION')
    return (await upkeep.removeExchanges(Temporal.Instant.from(errand.before), ROWS)) === ROWS
  const full = [
    (await upkeep.removeRecordings(ago(7), AUDIO_ROWS)) === AUDIO_ROWS,
    (await upkeep.removeSpeeches(ago(30), AUDIO_ROWS)) === AUDIO_ROWS,
    (await upkeep.removeJobs(ago(30), ROWS)) === ROWS,
    (await upkeep.removeDeliveries(ago(30), ROWS)) === ROWS,
    (await upkeep.removeReminders(dateOf(ago(7)), ROWS)) === ROWS,
  ]
  return full.includes(true)
}

type CleaningErrand = Extract<Errand, { readonly kind: 'RETENTION' | 'UPKEEP' }>

const dateOf = (instant: Temporal.Instant): CalendarDate =>
  toCalendarDate(instant.toZonedDateTimeISO('UTC').toPlainDate())
