import type { CacheCountsOptions } from '../../src/telemetry/cache-counts.ts'
import type { MetricsSources } from '../../src/telemetry/metrics.ts'
import type { NodeNotice } from '../../src/telemetry/node-notice.ts'
import { createCounts } from '../../src/telemetry/open-watch.ts'

/** What one process tells of itself, at rest. */
export const noticeOf = (
  state: Partial<NodeNotice['state']> = {},
  holdings: NodeNotice['holdings'] = {},
): NodeNotice => ({
  state: {
    id: 'node-1',
    version: '1.2.3',
    startedAt: 0,
    seenAt: 0,
    status: 'HEALTHY',
    redis: 'HEALTHY',
    database: 'HEALTHY',
    breakerOpen: false,
    lagMs: null,
    backlog: 0,
    memoryBytes: 10,
    memoryMaxBytes: 100,
    memoryEntries: 1,
    eventLoopP99Ms: 1.5,
    requestsPerSecond: 2.5,
    ...state,
  },
  holdings,
})

export const countsOf = (options: Partial<CacheCountsOptions> = {}) =>
  createCounts({
    policiesOf: (tag) => (tag.startsWith('user:') ? ['profile'] : []),
    now: () => 0,
    monotonic: () => 0,
    ...options,
  })

/** What metrics are made from, at rest. */
export const sourcesOf = (some: Partial<MetricsSources> = {}): MetricsSources => ({
  version: '1.2.3',
  counts: countsOf(),
  usage: () => ({ bytes: 10, maxBytes: 100, evictions: 0, overtaken: 0, kinds: [] }),
  policies: ['profile'],
  node: { notice: () => noticeOf() },
  health: async () => ({ jobs: { status: 'HEALTHY', waiting: 3, oldestAgeSeconds: 1.5 } }),
  jobsMax: 10,
  shared: null,
  sql: { statements: () => 7, waiting: () => 1, poolMax: 4 },
  ...some,
})

/** The samples in Prometheus' text, by name and labels as they are written. */
export const samplesIn = (text: string): ReadonlyMap<string, number> =>
  new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line): [string, number] => {
        const space = line.lastIndexOf(' ')
        return [line.slice(0, space), Number(line.slice(space + 1).replace('Nan', 'NaN'))]
      }),
  )
