import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { tracedBy } from '../graphql/errors.ts'
import { type CacheStatus, cacheStatus, createNotes } from '../graphql/notes.ts'
import type { RequestTraces } from './request-traces.ts'
import { viewerLabel } from './viewers.ts'

/** What all ids of this process begin with: the first four groups of a UUID. */
const BEGINNING = randomUUID().slice(0, -12)
let ids = 0

/** An id for a request. Like a UUID of its own, without its price: only the process's is random. */
export function nextId(): string {
  ids += 1
  return BEGINNING + ids.toString(16).padStart(12, '0')
}

/** A caller's own id for a request, when it is harmless in a log; otherwise null. */
export function givenId({ headers }: IncomingMessage): string | null {
  const given = headers['x-request-id']
  return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : null
}

/** A caller's own id for a request is taken over; otherwise one is made. */
export const requestId = (request: IncomingMessage): string => givenId(request) ?? nextId()

/**
 * One line for each request: what was asked and how it went, never what was said. No tokens, no query text,
 * no variables, no query strings; the route's pattern instead of the address.
 */
export function registerRequestLog(server: FastifyInstance, traces: RequestTraces | null): void {
  server.decorateRequest('viewer')
  server.decorateRequest('notes')
  server.decorateRequest('statements')
  server.decorateRequest('arrived', 0)
  server.decorateRequest('trace', null)

  server.addHook('onRequest', async (request, reply) => {
    request.viewer = { role: 'nobody', refused: null }
    request.notes = createNotes((fault) => request.log.error({ err: fault }, 'fault'))
    request.statements = { count: 0 }
    request.arrived = performance.now()
    if (traces && isFollowed(request)) request.trace = traces.of(request.raw, request.arrived)
    reply.header('x-request-id', request.id)
    // Also when the client goes before its answer, which no hook of the framework tells.
    reply.raw.once('close', () => {
      const { trace } = request
      const was = seen(request, reply)
      trace?.end({ ...was, type: request.notes.type })
      request.log.info({ ...lineOf(was), ...tracedBy(trace?.traceId) }, 'request')
    })
  })
}

/** Those that ask something; a socket's are many, and none of them is the request that opened it. */
const isFollowed = ({ routeOptions, ws }: FastifyRequest): boolean => routeOptions.url === '/graphql' && !ws

const SWITCHING_PROTOCOLS = 101

/** What the log wants to know of a request. */
export interface Seen {
  readonly method: string | undefined
  readonly route: string | null
  readonly status: number
  /** The whole answer was sent. */
  readonly finished: boolean
  /** On the process's monotonic clock, in milliseconds. */
  readonly arrived: number
  /** The viewer's label. */
  readonly viewer: string
  readonly sql: number
  readonly operation: string | null | undefined
  /** Null for what is no query. */
  readonly cache: CacheStatus | null
  readonly codes: readonly string[]
  readonly cause: string | undefined
}

const seen = (
  { method, routeOptions, viewer, arrived, statements, notes, ws }: FastifyRequest,
  reply: FastifyReply,
): Seen => ({
  method,
  route: routeOptions.url ?? null,
  // A connection that became a socket was never answered in the way of HTTP.
  status: ws ? SWITCHING_PROTOCOLS : reply.raw.statusCode,
  finished: ws || reply.raw.writableFinished,
  arrived,
  viewer: viewerLabel(viewer),
  sql: statements.count,
  operation: notes.operation,
  cache: notes.query ? cacheStatus(notes.cache) : null,
  codes: notes.codes,
  cause: notes.cause,
})

/** One line for one request. */
export function lineOf({ finished, arrived, operation, cache, codes, cause, ...seen }: Seen): Record<string, unknown> {
  return {
    method: seen.method,
    route: seen.route,
    status: seen.status,
    ...(!finished && { aborted: true }),
    ...(operation !== undefined && { operation }),
    viewer: seen.viewer,
    ms: Math.round((performance.now() - arrived) * 10) / 10,
    sql: seen.sql,
    ...(cache !== null && { cache }),
    ...(codes.length > 0 && { codes }),
    ...(cause !== undefined && { cause }),
  }
}
