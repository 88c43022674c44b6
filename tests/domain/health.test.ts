import { expect, test } from 'vitest'
import { toTimestamp } from '../../src/domain/calendar.ts'
import { type ComponentStatus, disabled, jobsHealth, overallStatus } from '../../src/domain/health.ts'

const STATUSES: readonly ComponentStatus[] = ['HEALTHY', 'UNAVAILABLE', 'DISABLED']

const overall = (
  database: ComponentStatus,
  redis: ComponentStatus,
  ai: ComponentStatus,
  jobs: ComponentStatus = 'HEALTHY',
) =>
  overallStatus({
    database: { status: database, latencyMs: null },
    redis: { status: redis, latencyMs: null },
    ai: { status: ai },
    jobs: { status: jobs, waiting: 0, oldestAgeSeconds: null },
  })

test.each([
  ['HEALTHY', 'HEALTHY', 'HEALTHY', 'HEALTHY'],
  ['HEALTHY', 'DISABLED', 'DISABLED', 'HEALTHY'],
  ['HEALTHY', 'UNAVAILABLE', 'HEALTHY', 'DEGRADED'],
  ['HEALTHY', 'HEALTHY', 'UNAVAILABLE', 'DEGRADED'],
  ['HEALTHY', 'UNAVAILABLE', 'UNAVAILABLE', 'DEGRADED'],
  ['HEALTHY', 'DISABLED', 'UNAVAILABLE', 'DEGRADED'],
] as const)('with the database %s, Redis %s and the tutor %s the service is %s', (database, redis, ai, status) => {
  expect(overall(database, redis, ai)).toBe(status)
})

test('without the database the service is unhealthy, whatever else works', () => {
  for (const redis of STATUSES)
    for (const ai of STATUSES) {
      expect(overall('UNAVAILABLE', redis, ai)).toBe('UNHEALTHY')
      expect(overall('DISABLED', redis, ai)).toBe('UNHEALTHY')
    }
})

test('with so much waiting that more is refused the service is degraded', () => {
  expect(overall('HEALTHY', 'HEALTHY', 'HEALTHY', 'UNAVAILABLE')).toBe('DEGRADED')
})

test('what waits is counted, and how long the oldest has waited, to a tenth of a second', () => {
  const now = Temporal.Instant.from('2026-11-23T08:30:00.000Z')
  const since = toTimestamp(now.subtract({ milliseconds: 12_340 }))
  expect(jobsHealth({ jobs: 2, since }, 3, now)).toEqual({ status: 'HEALTHY', waiting: 2, oldestAgeSeconds: 12.3 })
  expect(jobsHealth({ jobs: 3, since }, 3, now).status).toBe('UNAVAILABLE')
  expect(jobsHealth({ jobs: 0, since: null }, 3, now).oldestAgeSeconds).toBeNull()
  expect(jobsHealth(null, 3, now)).toEqual({ status: 'UNAVAILABLE', waiting: null, oldestAgeSeconds: null })
})

test('the oldest has not waited for less than nothing, whatever the clocks say', () => {
  const now = Temporal.Instant.from('2026-11-23T08:30:00.000Z')
  const since = toTimestamp(now.add({ seconds: 2 }))
  expect(jobsHealth({ jobs: 1, since }, 3, now).oldestAgeSeconds).toBe(0)
})

test('what is switched off has no latency', () => {
  expect(disabled).toEqual({ status: 'DISABLED', latencyMs: null })
})
