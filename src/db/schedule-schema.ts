import { date, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { CalendarDate, TimeZone } from '../domain/calendar.ts'
import type { ScheduledTask } from '../domain/schedule.ts'
import { timestamp } from './columns.ts'
import { ownerId } from './schema.ts'

/** The time for which each task was taken last. */
export const schedule = pgTable('schedule', {
  task: text().$type<ScheduledTask>().primaryKey(),
  due: timestamp().notNull(),
})

/** Evenings on which learners are being reminded, or have been. */
export const reminderEvenings = pgTable(
  'reminder_evenings',
  {
    timezone: text().$type<TimeZone>().notNull(),
    date: date({ mode: 'string' }).$type<CalendarDate>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.date, t.timezone] })],
)

/** Who was reminded of their streak on which of their days. */
export const streakReminders = pgTable(
  'streak_reminders',
  {
    userId: ownerId(),
    date: date({ mode: 'string' }).$type<CalendarDate>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.date] }), index('streak_reminders_by_date').on(t.date)],
)
