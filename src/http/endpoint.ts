import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { Cache } from '../cache/cache.ts'
import type { GraphQLContext } from '../graphql/context.ts'
import type { RequestScope } from '../graphql/scope.ts'
import { type AudioRoute, registerAudio } from './audio-route.ts'
import type { DashboardSource } from './dashboard-feed.ts'
import { registerDashboard } from './dashboard-route.ts'
import { registerExplorer } from './explorer.ts'
import { createFailedDocuments, forgetful } from './failed-documents.ts'
import { Familiar } from './familiar.ts'
import { Front, type FrontOptions } from './front.ts'
import { type GraphQLRoute, registerGraphQL } from './graphql-route.ts'
import { type MetricsRoute, registerMetrics } from './metrics-route.ts'
import { QueryLimits } from './query-limits.ts'
import { createQueryRunner, followedRunner, type QueryRunnerOptions } from './query-runner.ts'
import { createRateLimit } from './rate-limit.ts'
import type { RequestTraces } from './request-traces.ts'
import { Sender } from './sender.ts'
import { BODY_MAX } from './server.ts'
import { readStandingHeaders } from './standing-headers.ts'
import { createViewers, type ViewersOptions } from './viewers.ts'
import { Repeats } from './wire/repeats.ts'
import { Verbatim } from './wire/verbatim.ts'
import { WireServer } from './wire/wire-server.ts'

export interface EndpointOptions
  extends Omit<GraphQLRoute, 'sendExplorer' | 'rateLimit' | 'viewers' | 'failedDocuments'>,
    Pick<FrontOptions, 'responses' | 'queries' | 'persisted' | 'lifecycle'>,
    Pick<QueryRunnerOptions, 'queryErrors'>,
    Omit<AudioRoute, 'viewers'>,
    MetricsRoute,
    ViewersOptions {
  readonly cache: Pick<Cache, 'open' | 'openNow' | 'l1'>
  readonly log: FastifyBaseLogger
  readonly createContext: (scope: RequestScope) => GraphQLContext
  readonly dashboard: DashboardSource
  readonly production: boolean
  readonly corsOrigins: readonly string[]
  /** Null: no limit. */
  readonly rateLimitPerMinute: number | null
  /** Null where nothing is traced. */
  readonly traces: RequestTraces | null
}

/** Opens `/graphql` on a server: the front before it, the route behind, and what both of them share. */
export async function openEndpoint(server: FastifyInstance, options: EndpointOptions): Promise<void> {
  const { rateLimitPerMinute, production, cache, responses, log, now, traces } = options
  const shared = {
    ...options,
    viewers: createViewers(options),
    // What is remembered would be in the name of somebody else's trace.
    failedDocuments: traces ? forgetful : createFailedDocuments(),
    rateLimit: rateLimitPerMinute === null ? null : createRateLimit(rateLimitPerMinute),
  }
  await registerGraphQL(server, { ...shared, sendExplorer: production ? null : registerExplorer(server) })
  registerAudio(server, shared)
  registerMetrics(server, shared)
  registerDashboard(server, shared)
  const sender = new Sender({
    log,
    answered: options.answered,
    now,
    traces,
    lifecycle: options.lifecycle,
    standingHeaders: await readStandingHeaders(options),
    keepAliveMs: server.server.keepAliveTimeout,
    grown: (name, whole, bytes) => responses.grow(name, whole, bytes),
  })
  const limits = new QueryLimits(options.timeoutMs, options.lastCall)
  const familiar = responses.keeps ? new Familiar(cache.l1.shelf('request'), now) : null
  const verbatim = responses.keeps ? new Verbatim(cache.l1.shelf('request'), now) : null
  const runner = createQueryRunner(options)
  const run = traces ? followedRunner(runner, traces) : runner
  new Front({ ...shared, familiar, verbatim, limits, sender, run, bodyMax: BODY_MAX }).standBefore(server.server)
  if (verbatim && server.server instanceof WireServer) {
    const repeats = new Repeats({ ...shared, verbatim, sender })
    server.server.answerAtOnce((bytes) => repeats.answer(bytes))
  }
}
