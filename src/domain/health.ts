import type { Timestamp } from './calendar.ts'

export type ComponentStatus = 'HEALTHY' | 'UNAVAILABLE' | 'DISABLED'

export interface ComponentHealth {
  readonly status: ComponentStatus
  /** Milliseconds; null when the component did not answer. */
  readonly latencyMs: number | null
}

/** Work that waits in the background. */
export interface JobsHealth {
  /** `UNAVAILABLE` while so much waits that more is refused, and while it cannot be counted. */
  readonly status: ComponentStatus
  /** Jobs that are not over; null when they cannot be counted. */
  readonly waiting: number | null
  /** Seconds for which the oldest of them has waited; null when there is none. */
  readonly oldestAgeSeconds: number | null
}

export interface Health {
  readonly status: 'HEALTHY' | 'DEGRADED' | 'UNHEALTHY'
  readonly version: string
  readonly uptimeSeconds: number
  readonly database: ComponentHealth
  readonly redis: ComponentHealth
  readonly ai: { readonly status: ComponentStatus }
  readonly jobs: JobsHealth
}

export const disabled: ComponentHealth = { status: 'DISABLED', latencyMs: null }

/** Nothing works without the database; everything works without the others, only slower or simpler. */
export function overallStatus({ database, ...others }: Components): Health['status'] {
  if (database.status !== 'HEALTHY') return 'UNHEALTHY'
  return Object.values(others).some(({ status }) => status === 'UNAVAILABLE') ? 'DEGRADED' : 'HEALTHY'
}

type Components = Pick<Health, 'database' | 'redis' | 'ai' | 'jobs'>

/** @param max jobs that may wait; null backlog: they cannot be counted */
export function jobsHealth(backlog: Backlog | null, max: number, now: Temporal.Instant): JobsHealth {
  if (backlog === null) return { status: 'UNAVAILABLE', waiting: null, oldestAgeSeconds: null }
  const { jobs: waiting, since } = backlog
  const age = since === null ? null : Math.max(0, now.since(Temporal.Instant.from(since)).total('seconds'))
  const oldestAgeSeconds = age === null ? null : Math.round(age * 10) / 10
  return { status: waiting < max ? 'HEALTHY' : 'UNAVAILABLE', waiting, oldestAgeSeconds }
}

/** How much waits. */
export interface Backlog {
  /** Jobs that are not over. */
  readonly jobs: number
  /** Since when the oldest one waits; null when there is none. */
  readonly since: Timestamp | null
}
