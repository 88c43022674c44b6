import type { Config } from './config.ts'
import type { Core } from './core.ts'
import type { Health } from './domain/health.ts'
import { createHealth } from './http/health.ts'
import type { Metrics } from './http/metrics-route.ts'
import { POLICY_NAMES } from './loaders/tags.ts'
import { createMetrics } from './telemetry/metrics.ts'
import { version } from './version.ts'

/** How any process is, whether it answers requests or works on jobs. */
export interface Gauges {
  readonly health: () => Promise<Health>
  readonly metrics: Metrics
}

export function gaugesOf(config: Config, core: Core): Gauges {
  const { counts, node, cache, statements, database, tutor, clock } = core
  const health = createHealth({
    ...{ version, jobsMax: config.jobsMax, clock },
    pingCache: cache.pingShared,
    ai: tutor.status,
    backlog: database.readers.backlog,
  })
  const metrics = createMetrics({
    ...{ ...config, version, counts, node, health, usage: cache.usage, policies: POLICY_NAMES },
    shared: cache.sharedState,
    sql: {
      statements: () => statements.total,
      waiting: database.waiting,
      // The embedded database is one connection.
      poolMax: config.databaseUrl === null ? 1 : config.databasePoolMax,
    },
  })
  return { health, metrics }
}
