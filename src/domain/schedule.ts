/** What is done again and again without anybody's asking. */
export const SCHEDULED_TASKS = ['REMINDERS', 'RETENTION', 'UPKEEP'] as const

export type ScheduledTask = (typeof SCHEDULED_TASKS)[number]

const MINUTE_S = 60
const DAY_S = 86_400

/** Seconds between two times at which a task is due, and from 1970 to one of them: those of a day at night in Europe. */
const TIMES: Record<ScheduledTask, { readonly every: number; readonly from: number }> = {
  REMINDERS: { every: MINUTE_S, from: 0 },
  RETENTION: { every: DAY_S, from: 2 * 3_600 },
  UPKEEP: { every: DAY_S, from: 2 * 3_600 + 1_800 },
}

/** When the task was due last: at the same instants for all processes. */
export function lastDue(task: ScheduledTask, now: Temporal.Instant): Temporal.Instant {
  const { every, from } = TIMES[task]
  const times = Math.floor((now.epochMilliseconds / 1_000 - from) / every)
  return Temporal.Instant.fromEpochMilliseconds((times * every + from) * 1_000)
}
