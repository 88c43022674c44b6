import type { CalendarDate, Timestamp, TimeZone } from '../domain/calendar.ts'
import type { UserId } from '../domain/ids.ts'
import type { ScheduledTask } from '../domain/schedule.ts'
import type { Evening, StreakAtRisk } from '../domain/webhook-event.ts'

/** One piece of scheduled work: as much as fits well into one transaction. */
export type Errand =
  | { readonly kind: 'REMINDERS' }
  /** The learners of one zone that follow a learner. */
  | { readonly kind: 'EVENING'; readonly evening: Evening; readonly after: UserId | null }
  /** Everything said before an instant. */
  | { readonly kind: 'RETENTION'; readonly before: Timestamp }
  | { readonly kind: 'UPKEEP' }

/** One try at an errand. Of all tries at it only the newest may store what it has come to. */
export interface ErrandAttempt {
  readonly entry: { readonly queue: 'errands'; readonly id: string; readonly retryCount: number }
  readonly errand: Errand
}

/** Work that is due at certain times, each time once, however many processes there are. */
export interface ScheduleWrites {
  /** Takes a task for this time, or an earlier one that was missed. False when it was taken already. */
  claim(task: ScheduledTask, due: Temporal.Instant): Promise<boolean>
  /** Has an errand done by some worker, in whatever process. */
  queue(errand: Errand): Promise<void>
  /** Ends an attempt. False when there is a newer one, or it has ended already: then nothing of it may be kept. */
  settle(attempt: ErrandAttempt): Promise<boolean>
}

/** Learners in the order of their ids, some of them at a time. */
export interface Candidates {
  readonly learners: readonly StreakAtRisk[]
  /** The learner after whom to go on; null at the end. */
  readonly next: UserId | null
}

/** Who is to be reminded of their streak, and who has been. */
export interface ReminderWrites {
  /** The zones of learners who want reminders. */
  zones(): Promise<readonly TimeZone[]>
  /** Those of the evenings that nobody has begun with yet. */
  begin(evenings: readonly Evening[]): Promise<readonly Evening[]>
  /**
   * Among the next `most` learners of a zone who want reminders, those who practised the day before and not on this one.
   * Nobody deletes these until the transaction ends.
   */
  atRisk(evening: Evening, after: UserId | null, most: number): Promise<Candidates>
  /** Notes that they are reminded on a day. Those who have not been so far. */
  note(learners: readonly UserId[], date: CalendarDate): Promise<ReadonlySet<UserId>>
}

/** Removes what has had its time. Each removes at most so many and says how many it were. */
export interface UpkeepWrites {
  /**
   * Messages with their answers, where both are from before the instant and no job is at work on them. Those of learners
   * who are just about to say something are left for another time.
   */
  removeExchanges(before: Temporal.Instant, most: number): Promise<number>
  /** Jobs that ended before, with everything that belongs to them. */
  removeJobs(before: Temporal.Instant, most: number): Promise<number>
  /** Recordings of jobs that ended before. */
  removeRecordings(before: Temporal.Instant, most: number): Promise<number>
  removeSpeeches(before: Temporal.Instant, most: number): Promise<number>
  /** Deliveries that ended before. */
  removeDeliveries(before: Temporal.Instant, most: number): Promise<number>
  /** Notes of reminders, and of evenings, of days before. */
  removeReminders(before: CalendarDate, most: number): Promise<number>
}
