import { collectDefaultMetrics, Registry } from 'prom-client'
import type { Health } from '../domain/health.ts'
import type { Metrics } from '../http/metrics-route.ts'
import { type CacheFamiliesOptions, cacheCounters, cacheDurations, cacheGauges } from './cache-families.ts'
import { type Family, registerCounter, registerDurations, registerGauge, type Sample } from './family.ts'
import type { NodeWatch } from './node-watch.ts'
import type { Counts } from './tally.ts'
import { upstreamCounters, upstreamDurations, upstreamGauges } from './upstream-families.ts'

/** How it stands with Redis. */
export interface SharedState {
  readonly sockets: number
  readonly socketsMax: number
  readonly memoryBytes: number | null
  readonly memoryMaxBytes: number | null
}

export interface MetricsSources extends Pick<CacheFamiliesOptions, 'usage' | 'policies'> {
  readonly version: string
  readonly counts: Counts
  readonly node: Pick<NodeWatch, 'notice'>
  readonly health: () => Promise<Pick<Health, 'jobs'>>
  /** Jobs that may wait. */
  readonly jobsMax: number
  /** Null where there is no Redis. */
  readonly shared: (() => SharedState) | null
  readonly sql: {
    /** All statements so far. */
    readonly statements: () => number
    /** Calls that wait for the database now. */
    readonly waiting: () => number
    readonly poolMax: number
  }
}

/** Of what cannot be known at the moment there is a sample that is not a number, so that alerts on it can be written. */
export function createMetrics(sources: MetricsSources): Metrics {
  const { counts, health } = sources
  const registry = new Registry()
  let watchesProcess = false
  let jobs: Health['jobs'] = { status: 'UNAVAILABLE', waiting: null, oldestAgeSeconds: null }
  const cache = { ...sources, counts: counts.cache }
  for (const family of [
    ...cacheCounters(cache),
    ...upstreamCounters(counts.upstream),
    ...requestCounters(sources),
    ...sqlCounters(sources),
  ])
    registerCounter(registry, family)
  for (const family of [
    ...cacheGauges(cache),
    ...upstreamGauges(counts.upstream),
    ...nodeGauges(sources),
    ...sharedGauges(sources),
    ...jobGauges(sources, () => jobs),
  ])
    registerGauge(registry, family)
  for (const family of [...cacheDurations(cache), ...upstreamDurations(counts.upstream), requestDurations(sources)])
    registerDurations(registry, family)
  return {
    contentType: registry.contentType,
    async read() {
      // What nobody reads nobody needs to measure.
      if (!watchesProcess) watchProcess(registry)
      watchesProcess = true
      jobs = (await health()).jobs
      return registry.metrics()
    },
  }
}

/** Memory, garbage, processor and files of the process, as Prometheus' client libraries call them. */
function watchProcess(registry: Registry): void {
  collectDefaultMetrics({ register: registry })
  // Ours is of the time between two looks of its own, and not of that between two scrapes, whoever makes them.
  for (const { name } of registry.getMetricsAsArray())
    if (name.startsWith('nodejs_eventloop_lag_')) registry.removeSingleMetric(name)
}

const requestDurations = ({ counts }: MetricsSources) => ({
  name: 'honzik_request_duration_seconds',
  help: 'Seconds until operations were answered, by name and by where the answer came from (`x-cache`; NONE: no query).',
  labels: ['operation', 'cache'],
  samples: () =>
    counts.requests.answers.map(({ operation, cache, durations }) => [durations, operation, cache] as const),
})

const requestCounters = ({ counts }: MetricsSources): readonly Family[] => [
  {
    name: 'honzik_request_errors_total',
    help: 'Answers with errors, by code; one with several codes counts for each.',
    labels: ['code'],
    samples: () => [...counts.requests.errors].map(([code, count]): Sample => [count, code]),
  },
]

const sqlCounters = ({ sql }: MetricsSources): readonly Family[] => [
  {
    name: 'honzik_sql_statements_total',
    help: 'SQL statements, BEGIN and COMMIT not counted.',
    samples: () => [[sql.statements()]],
  },
]

const orNaN = (value: number | null): number => value ?? Number.NaN

const gauge = (name: string, help: string, value: () => number): Family => ({ name, help, samples: () => [[value()]] })

function nodeGauges({ version, node, sql }: MetricsSources): readonly Family[] {
  const state = () => node.notice().state
  return [
    { name: 'honzik_info', help: 'Always 1.', labels: ['version'], samples: () => [[1, version]] },
    gauge(
      'honzik_cache_relay_backlog',
      'Changes left behind that nobody has applied; NaN without Redis, and while the database is away.',
      () => orNaN(state().backlog),
    ),
    gauge(
      'honzik_event_loop_delay_p99_seconds',
      'Seconds by which 99 of 100 turns of the event loop were late at most, of the last 2 s.',
      () => state().eventLoopP99Ms / 1000,
    ),
    gauge(
      'honzik_requests_per_second',
      'Operations answered a second, of the last 10 s.',
      () => state().requestsPerSecond,
    ),
    gauge('honzik_sql_in_flight', 'Calls that wait for the database, transactions as one.', sql.waiting),
    gauge('honzik_sql_pool_max', 'Connections to the database at most.', () => sql.poolMax),
  ]
}

function sharedGauges({ shared }: MetricsSources): readonly Family[] {
  if (shared === null) return []
  return [
    gauge('honzik_redis_sockets', 'Sockets to Redis.', () => shared().sockets),
    gauge('honzik_redis_sockets_max', 'Sockets to Redis at most.', () => shared().socketsMax),
    gauge('honzik_redis_memory_bytes', 'Bytes that Redis uses; NaN before it has said.', () =>
      orNaN(shared().memoryBytes),
    ),
    gauge('honzik_redis_memory_max_bytes', 'Bytes that Redis may use; NaN without a bound.', () =>
      orNaN(shared().memoryMaxBytes),
    ),
  ]
}

const jobGauges = ({ jobsMax }: MetricsSources, jobs: () => Health['jobs']): readonly Family[] => [
  gauge('honzik_jobs_waiting', 'Jobs that are not over, of all processes; NaN while the database is away.', () =>
    orNaN(jobs().waiting),
  ),
  gauge(
    'honzik_jobs_oldest_age_seconds',
    'Seconds that the oldest job waits; 0 when none does, NaN while the database is away.',
    () => (jobs().waiting === null ? Number.NaN : (jobs().oldestAgeSeconds ?? 0)),
  ),
  gauge('honzik_jobs_waiting_max', 'Jobs that may wait; more are refused.', () => jobsMax),
]
