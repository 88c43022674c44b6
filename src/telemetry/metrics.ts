import { Gauge, Registry } from 'prom-client'
import type { Health } from '../domain/health.ts'
import type { Metrics } from '../http/metrics-route.ts'

export interface MetricsSources {
  readonly health: () => Promise<Pick<Health, 'jobs'>>
  /** Jobs that may wait. */
  readonly jobsMax: number
}

/** Of what cannot be known at the moment there is a sample that is not a number, so that alerts on it can be written. */
export function createMetrics({ health, jobsMax }: MetricsSources): Metrics {
  const registry = new Registry()
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] })
  const waiting = gauge(
    'honzik_jobs_waiting',
    'Jobs that are not over, of all processes; NaN while the database is away.',
  )
  const oldest = gauge(
    'honzik_jobs_oldest_age_seconds',
    'Seconds that the oldest job waits; 0 when none does, NaN while the database is away.',
  )
  gauge('honzik_jobs_waiting_max', 'Jobs that may wait; more are refused.').set(jobsMax)
  return {
    contentType: registry.contentType,
    async read() {
      const { jobs } = await health()
      waiting.set(jobs.waiting ?? Number.NaN)
      oldest.set(jobs.waiting === null ? Number.NaN : (jobs.oldestAgeSeconds ?? 0))
      return registry.metrics()
    },
  }
}
