import type { Transaction } from '../../src/commands/unit-of-work.ts'
import { addDays, type CalendarDate } from '../../src/domain/calendar.ts'
import { noticeOfQueue } from '../../src/work/notices.ts'
import type { MemoryQueueTransaction } from './memory-queues.ts'
import { type Agenda, change, type Learner, type Learners } from './memory-state.ts'

/** Scheduled work, over the copy that is the transaction's own. */
export function createMemorySchedule(
  learners: Learners,
  agenda: Agenda,
  queues: MemoryQueueTransaction,
): Pick<Transaction, 'schedule' | 'reminders'> {
  return {
    schedule: {
      async claim(task, due) {
        const last = agenda.get(task)
        const since = last === undefined ? null : due.since(last).total('hours')
        if (since !== null && since <= 0 && since >= -25) return false
        agenda.set(task, due.toString())
        return true
      },
      async queue(errand) {
        await queues.send('errands', errand, 0)
        queues.notify(noticeOfQueue('errands'))
      },
      settle: ({ entry }) => queues.settle(entry.queue, entry),
    },
    reminders: createReminders(learners, agenda),
  }
}

function createReminders(learners: Learners, agenda: Agenda): Transaction['reminders'] {
  const willing = () =>
    [...learners.values()]
      .filter(({ settings }) => settings.notificationsEnabled)
      .toSorted((a, b) => a.user.id - b.user.id)

  return {
    zones: async () => [...new Set(willing().map(({ settings }) => settings.timezone))],
    async begin(evenings) {
      const fresh = evenings.filter(({ date, timezone }) => !agenda.has(`${date} ${timezone}`))
      for (const { date, timezone } of fresh) agenda.set(`${date} ${timezone}`, date)
      return fresh
    },
    async atRisk({ timezone, date }, after, most) {
      const slice = willing()
        .filter(({ user, settings }) => settings.timezone === timezone && user.id > (after ?? 0))
        .slice(0, most)
      return {
        learners: slice.flatMap((learner) => atRisk(learner, date)),
        next: slice.length === most ? (slice.at(-1)?.user.id ?? null) : null,
      }
    },
    async note(ids, date) {
      const fresh = ids.filter((id) => !learners.get(id)?.reminded.has(date))
      for (const id of fresh) change(learners, id, ({ reminded }) => ({ reminded: new Set(reminded).add(date) }))
      return new Set(fresh)
    },
  }
}

function atRisk({ user, days }: Learner, date: CalendarDate) {
  const yesterday = days.get(addDays(date, -1))
  if (yesterday === undefined || days.has(date)) return []
  return [{ userId: user.id, telegramId: user.telegramId, streakDay: yesterday.streakDay }]
}
