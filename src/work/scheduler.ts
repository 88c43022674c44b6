import { claimDue } from '../commands/errands.ts'
import type { Errand } from '../commands/schedule-writes.ts'
import { type Clock, toTimestamp } from '../domain/calendar.ts'
import { lastDue, SCHEDULED_TASKS, type ScheduledTask } from '../domain/schedule.ts'
import { CLOCKWORK, type OpenSession } from './errands.ts'

export interface SchedulerOptions {
  readonly session: OpenSession
  readonly clock: Clock
  /** Days after which messages are deleted; null: they stay. */
  readonly messageRetentionDays: number | null
  /** Hears what went wrong; must not throw. */
  readonly trouble: (error: unknown) => void
  /** Milliseconds between two looks at the clock, and before the first: a start has other things to do. @default 10_000 */
  readonly lookMs?: number
}

/**
 * Queues scheduled work when it is due. All processes do, and the database sees to it that each time counts once; one that
 * was missed is made up for by the next.
 */
export class Scheduler implements AsyncDisposable {
  readonly #options: SchedulerOptions
  /** For which time each task is known to be taken. */
  readonly #taken = new Map<ScheduledTask, number>()
  readonly #looks: NodeJS.Timeout
  #looking: Promise<void> | null = null
  #failing = false

  /** Begins to look. */
  constructor(options: SchedulerOptions) {
    this.#options = options
    this.#looks = setInterval(() => void this.look(), options.lookMs ?? 10_000)
  }

  /** Resolves when what is due has been queued, or has failed to be. */
  async look(): Promise<void> {
    this.#looking ??= this.#queueDue().finally(() => {
      this.#looking = null
    })
    await this.#looking
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#looks)
    await this.#looking
  }

  async #queueDue(): Promise<void> {
    const { session, clock, trouble } = this.#options
    try {
      for (const task of SCHEDULED_TASKS) {
        const due = lastDue(task, clock())
        const errand = this.#errandFor(task, due)
        if (errand === null || this.#taken.get(task) === due.epochMilliseconds) continue
        await session(CLOCKWORK, new AbortController().signal).perform(claimDue(task, due, errand))
        this.#taken.set(task, due.epochMilliseconds)
      }
      this.#failing = false
    } catch (error) {
      // Told once until it succeeds again: it is tried every few seconds.
      if (!this.#failing) trouble(error)
      this.#failing = true
    }
  }

  #errandFor(task: ScheduledTask, due: Temporal.Instant): Errand | null {
    const { messageRetentionDays: days } = this.#options
    if (task !== 'RETENTION') return { kind: task }
    // Said with the errand: processes may be configured differently, and whoever does it may keep messages for ever.
    return days === null ? null : { kind: task, before: toTimestamp(due.subtract({ hours: 24 * days })) }
  }
}
