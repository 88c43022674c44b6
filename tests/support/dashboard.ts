import Fastify, { type FastifyInstance } from 'fastify'
import { createTokens } from '../../src/auth/tokens.ts'
import type { HeardInvalidation, MinuteStats, NodeState, PolicyStats, Snapshot } from '../../src/domain/cache-report.ts'
import { parseUserId } from '../../src/domain/ids.ts'
import type { Role } from '../../src/domain/viewer.ts'
import type { DashboardSource } from '../../src/http/dashboard-feed.ts'
import { registerDashboard } from '../../src/http/dashboard-route.ts'
import { sendError } from '../../src/http/errors.ts'
import { createLifecycle, type Lifecycle, registerLifecycle } from '../../src/http/lifecycle.ts'
import { createViewers } from '../../src/http/viewers.ts'
import { TEST_SECRET } from './test-app.ts'

const MINUTE_MS = 60_000

const policy = (name: string, hits: number, misses: number, more: Partial<PolicyStats> = {}): PolicyStats => ({
  policy: name,
  ...{ hits, misses, coalesced: Math.round(misses / 7), hitRate: hits + misses === 0 ? null : hits / (hits + misses) },
  ...{ entries: 1_204, bytes: 2_400_000, ageSeconds: 412.5, invalidations: 310, timeSavedMs: hits * 1.4 },
  ...more,
})

const POLICIES = [
  policy('response', 181_200, 14_310, { bytes: 31_400_000, entries: 8_120 }),
  policy('profile', 96_110, 4_020),
  policy('settings', 20_400, 610),
  policy('stars', 8_210, 2_480, { invalidations: 2_210, ageSeconds: 37 }),
  policy('practice', 15_030, 3_950, { invalidations: 2_208 }),
  policy('reply', 3_110, 1_190, { timeSavedMs: 3_420_000 }),
  policy('speech', 0, 0, { entries: 0, bytes: 0, ageSeconds: null, invalidations: 0 }),
]

/** A morning: requests come in waves, and something slow happens at minute 34. */
function minuteAt(at: number, index: number): MinuteStats {
  const wave = Math.sin(index / 7) + Math.sin(index / 2.3) / 3
  const requests = Math.round(3_400 + 900 * wave)
  const hits = Math.round(requests * (2.6 + 0.2 * wave))
  return {
    ...{ at, requests, answeredFromCache: Math.round(requests * (0.86 + 0.04 * Math.cos(index / 5))), hits },
    misses: Math.round(hits * (0.09 + 0.03 * Math.cos(index / 4))),
    ...{ p50Ms: 0.21 + 0.04 * wave, p99Ms: index === 34 ? 61 : 11 + 4 * wave },
    ...{ usdSpent: 0.004 + 0.002 * wave, usdSaved: 0.013 + 0.004 * wave },
  }
}

const node = (id: string, at: number, more: Partial<NodeState> = {}): NodeState => ({
  ...{ id, version: '0.6.0', startedAt: at - 5 * 3_600_000, seenAt: at - 900 },
  ...{ status: 'HEALTHY', redis: 'HEALTHY', database: 'HEALTHY', breakerOpen: false, lagMs: 1.32, backlog: 0 },
  ...{ memoryBytes: 38_200_000, memoryMaxBytes: 67_108_864, memoryEntries: 14_201 },
  ...{ eventLoopP99Ms: 11.4, requestsPerSecond: 29.4 },
  ...more,
})

const heard = (at: number, secondsAgo: number, tags: readonly string[], more = 0): HeardInvalidation => ({
  ...{ at: at - secondsAgo * 1_000, tags, more },
})

/** What a dashboard of three processes may show. */
export function fakeSnapshot(at: number, changes: Partial<Snapshot> = {}): Snapshot {
  const policiesOf = (factor: number) =>
    POLICIES.map((it) => ({ ...it, hits: it.hits * factor, misses: it.misses * factor }))
  return {
    ...{ at, node: 'n7f3a91' },
    windows: [
      { window: 'HOUR', policies: POLICIES, usdSpent: 0.2417, usdSaved: 0.7812 },
      { window: 'DAY', policies: policiesOf(19), usdSpent: 4.91, usdSaved: 15.2 },
      { window: 'WEEK', policies: policiesOf(120), usdSpent: 31.4, usdSaved: 98.77 },
    ],
    minutes: Array.from({ length: 60 }, (_, index) =>
      minuteAt(at - (at % MINUTE_MS) - (59 - index) * MINUTE_MS, index),
    ),
    nodes: [
      node('n7f3a91', at),
      node('n02c4be', at, { lagMs: 2.9, requestsPerSecond: 27.2, memoryBytes: 60_100_000 }),
      node('nd81e05', at, {
        ...{ status: 'DEGRADED', redis: 'UNAVAILABLE', breakerOpen: true, lagMs: null, backlog: 1_412 },
        ...{ seenAt: at - 21_000, eventLoopP99Ms: 131, requestsPerSecond: 4.1 },
      }),
    ],
    topKeys: [
      { tag: 'practice:42', share: 0.081 },
      { tag: 'user:42', share: 0.064 },
      { tag: 'users', share: 0.031 },
      { tag: 'settings:7', share: 0.012 },
    ],
    invalidations: [
      heard(at, 2, ['practice:42', 'stars:42', 'messages:42']),
      heard(at, 41, ['user:7']),
      heard(at, 190, ['user:1', 'user:2', 'user:3'], 4_997),
      heard(at, 3_700, ['*']),
    ],
    ...changes,
  }
}

export interface DashboardServer extends AsyncDisposable {
  readonly url: string
  readonly lifecycle: Lifecycle
  readonly server: FastifyInstance
  /** What happens every two seconds. */
  look(): void
  /** How many times the feed has begun and ended to look. */
  readonly begun: () => { begins: number; ends: number }
  tokenOf(role: Role): Promise<string>
}

export interface DashboardServerOptions {
  readonly source: DashboardSource
  readonly now?: () => number
  /** Waited for before a token is read. */
  readonly beforeReading?: () => Promise<void>
  /** The answer to what the page asks `/graphql`; none without. */
  readonly graphql?: (body: { query: string; variables: { tags: readonly string[] } }) => unknown
  /** Looks by itself, as in earnest, instead of when it is told to. */
  readonly ticks?: boolean
  readonly port?: number
}

/** The dashboard by itself, listening. */
export async function startDashboard(options: DashboardServerOptions): Promise<DashboardServer> {
  const { source, now = Date.now, beforeReading = async () => {}, graphql, ticks = false, port = 0 } = options
  const tokens = createTokens(TEST_SECRET)
  const instant = () => Temporal.Instant.fromEpochMilliseconds(now())
  const lifecycle = createLifecycle()
  const server = Fastify({ forceCloseConnections: 'idle' })
  let look = () => {}
  const begun = { begins: 0, ends: 0 }
  const every = (given: () => void) => {
    look = given
    begun.begins += 1
    return () => {
      begun.ends += 1
    }
  }
  server.decorateRequest('viewer')
  server.setErrorHandler((error, request, reply) => sendError(error, request, reply))
  registerLifecycle(server, lifecycle)
  const viewers = createViewers({
    now,
    async prove(authorization) {
      await beforeReading()
      return tokens.prove(authorization, instant())
    },
  })
  registerDashboard(server, { dashboard: source, viewers, lifecycle, now, ...(!ticks && { every }) })
  if (graphql) server.post<{ Body: Parameters<typeof graphql>[0] }>('/graphql', async ({ body }) => graphql(body))
  const url = await server.listen({ host: '127.0.0.1', port })
  return {
    ...{ url, lifecycle, server },
    look: () => look(),
    begun: () => ({ ...begun }),
    tokenOf: async (role) => (await tokens.issue({ role, id: parseUserId('1') ?? fail() }, instant())).token,
    [Symbol.asyncDispose]: () => server.close(),
  }
}

const fail = (): never => {
  throw new TypeError('not an id')
}
