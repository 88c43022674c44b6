import type { ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { unavailable } from '../domain/error.ts'
import { requireAdmin } from '../domain/viewer.ts'
import { DashboardFeed, type DashboardFeedOptions, type DashboardSource } from './dashboard-feed.ts'
import { dashboardFiles } from './dashboard-files.ts'
import { plainHeaders } from './graphql-stream.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { KnownViewer, Viewers } from './viewers.ts'

export interface DashboardRoute extends Pick<DashboardFeedOptions, 'every'> {
  readonly dashboard: DashboardSource
  readonly viewers: Viewers
  readonly lifecycle: Pick<Lifecycle, 'farewell'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Everything is ours, and nothing is inline: what a learner has written can be shown, and cannot run. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

/**
 * `GET /dashboard`: an empty page that anybody may load, and its parts. `GET /dashboard/events`: what it shows, for
 * admins, as server-sent events.
 */
export function registerDashboard(server: FastifyInstance, route: DashboardRoute): void {
  const { page, parts } = dashboardFiles()
  server.get('/dashboard', (request, reply) => {
    reply.header('content-security-policy', PAGE_POLICY).header('cross-origin-opener-policy', 'same-origin')
    return page(request, reply)
  })
  for (const [name, send] of parts) server.get(`/dashboard/${name}`, send)

  const trouble = (error: unknown) => server.log.error({ err: error }, 'fault')
  const feed = new DashboardFeed({ source: route.dashboard, trouble, ...(route.every && { every: route.every }) })
  server.get('/dashboard/events', { exposeHeadRoute: false }, async (request, reply) => {
    const { until } = await signIn(request, route.viewers)
    if (route.lifecycle.farewell.aborted) throw unavailable('The server is stopping. Try again in a moment.')
    feed.requireRoom()
    beginEvents(reply)
    follow(feed, reply.raw, { farewell: route.lifecycle.farewell, forMs: until - route.now() })
  })
}

/** @throws UNAUTHENTICATED, or FORBIDDEN for everyone but admins */
async function signIn(request: FastifyRequest, viewers: Viewers): Promise<KnownViewer> {
  const { authorization } = request.headers
  const known = viewers.known(authorization) ?? (await viewers.read(authorization))
  request.viewer = known.viewer
  requireAdmin(known.viewer)
  return known
}

function beginEvents(reply: FastifyReply): void {
  reply.hijack()
  reply.raw.writeHead(200, {
    ...plainHeaders(reply),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Proxies such as nginx would keep the events back until there are enough of them.
    'x-accel-buffering': 'no',
  })
  // The first look may take a while.
  reply.raw.flushHeaders()
}

interface Ending {
  /** Aborted when the server begins to close. */
  readonly farewell: AbortSignal
  /** Milliseconds for which the follower's token still holds. */
  readonly forMs: number
}

function follow(feed: DashboardFeed, response: ServerResponse, { farewell, forMs }: Ending): void {
  // Who has left while the token was read has left for good: nothing tells of it again.
  if (response.destroyed) return
  const following = feed.follow(response)
  const end = () => {
    following[Symbol.dispose]()
    response.end()
  }
  const timer = setTimeout(end, forMs)
  farewell.addEventListener('abort', end)
  response.once('close', () => {
    clearTimeout(timer)
    farewell.removeEventListener('abort', end)
    following[Symbol.dispose]()
  })
}
