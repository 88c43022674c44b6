import { and, asc, eq, gt, sql } from 'drizzle-orm'
import type { ReminderWrites, ScheduleWrites } from '../commands/schedule-writes.ts'
import { toTimestamp } from '../domain/calendar.ts'
import { noticeOfQueue } from '../work/notices.ts'
import type { QueueWrites } from '../work/queue.ts'
import { arrayLiteral } from './arrays.ts'
import { notify } from './notices.ts'
import type { Orm } from './orm.ts'
import { reminderEvenings, schedule, streakReminders } from './schedule-schema.ts'
import { dailyStats as d, userSettings as s, users } from './schema.ts'

/** A task that was taken for so much later was taken by a process whose clock is wrong. */
const WRONG_CLOCK = sql`interval '25 hours'`

export function createScheduleWriter(orm: Orm, queue: QueueWrites): ScheduleWrites {
  return {
    async claim(task, due) {
      const rows = await orm
        .insert(schedule)
        .values({ task, due: toTimestamp(due) })
        .onConflictDoUpdate({
          target: schedule.task,
          set: { due: sql`excluded.due` },
          setWhere: sql`${schedule.due} < excluded.due or ${schedule.due} > excluded.due + ${WRONG_CLOCK}`,
        })
        .returning({ task: schedule.task })
      return rows.length > 0
    },
    async queue(errand) {
      await queue.send('errands', errand, 0)
      await notify(orm, noticeOfQueue('errands'))
    },
    settle: ({ entry }) => queue.settle(entry.queue, entry),
  }
}

export function createReminderWriter(orm: Orm): ReminderWrites {
  return {
    zones: () => zones(orm),
    async begin(evenings) {
      if (evenings.length === 0) return []
      return orm
        .insert(reminderEvenings)
        .values([...evenings])
        .onConflictDoNothing()
        .returning()
    },
    async atRisk({ timezone, date }, after, most) {
      const slice = await orm
        .select({ id: s.userId })
        .from(s)
        .where(and(eq(s.timezone, timezone), s.notificationsEnabled, gt(s.userId, sql`${after ?? 0}`)))
        .orderBy(asc(s.userId))
        .limit(most)
      const practised = sql`${d.userId} = ${users.id} and ${d.date} = ${date}::date - 1`
      const isSafe = sql`exists (select 1 from ${d} as today where today.user_id = ${users.id} and today.date = ${date})`
      const learners = await orm
        .select({ userId: users.id, telegramId: users.telegramId, streakDay: d.streakDay })
        .from(users)
        .innerJoin(d, practised)
        .where(and(sql`${users.id} = any(${arrayLiteral(slice.map(({ id }) => id))}::bigint[])`, sql`not ${isSafe}`))
        .orderBy(asc(users.id))
        .for('key share', { of: users, skipLocked: true })
      return { learners, next: slice.length === most ? (slice.at(-1)?.id ?? null) : null }
    },
    async note(learners, date) {
      if (learners.length === 0) return new Set()
      const rows = await orm
        .insert(streakReminders)
        .values(learners.map((userId) => ({ userId, date })))
        .onConflictDoNothing()
        .returning({ userId: streakReminders.userId })
      return new Set(rows.map(({ userId }) => userId))
    },
  }
}

/** Hops from one zone to the next in the index: there are some hundreds of them, and many more learners. */
async function zones(orm: Orm): ReturnType<ReminderWrites['zones']> {
  const next = (after: ReturnType<typeof sql>) =>
    sql`(select ${s.timezone} from ${s} where ${s.notificationsEnabled} ${after} order by ${s.timezone} limit 1)`
  const rows = await orm.select({ zone: sql`timezone`.mapWith(s.timezone) }).from(
    sql`(with recursive hops as (
        select ${next(sql``)} as timezone
        union all
        select ${next(sql`and ${s.timezone} > hops.timezone`)} from hops where hops.timezone is not null
      ) select timezone from hops where timezone is not null) as found`,
  )
  return rows.map(({ zone }) => zone)
}
