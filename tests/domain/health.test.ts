import { expect, test } from 'vitest'
import { type ComponentStatus, disabled, overallStatus } from '../../src/domain/health.ts'

const STATUSES: readonly ComponentStatus[] = ['HEALTHY', 'UNAVAILABLE', 'DISABLED']

const overall = (database: ComponentStatus, redis: ComponentStatus, ai: ComponentStatus) =>
  overallStatus({
    database: { status: database, latencyMs: null },
    redis: { status: redis, latencyMs: null },
    ai: { status: ai },
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

test('what is switched off has no latency', () => {
  expect(disabled).toEqual({ status: 'DISABLED', latencyMs: null })
})
