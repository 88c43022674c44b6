import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import type { Viewer } from '../domain/viewer.ts'

/** A caller's own id for a request is taken over when it is harmless in a log; otherwise one is made. */
export function requestId({ headers }: IncomingMessage): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID()
}

/**
 * One line for each request: what was asked and how it went, never what was said. No tokens, no query text,
 * no variables, no query strings; the route's pattern instead of the address.
 */
export function registerRequestLog(server: FastifyInstance): void {
  server.decorateRequest('viewer')
  server.decorateRequest('notes')
  server.decorateRequest('statements')
  server.decorateRequest('arrived', 0)

  server.addHook('onRequest', async (request, reply) => {
    request.viewer = { role: 'nobody', refused: null }
    request.notes = { operation: undefined, codes: [], report: (fault) => request.log.error({ err: fault }, 'fault') }
    request.statements = { count: 0 }
    request.arrived = performance.now()
    reply.header('x-request-id', request.id)
  })

  server.addHook('onResponse', async (request, reply) => {
    const { notes, statements, viewer, arrived } = request
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? null,
        status: reply.statusCode,
        ...(notes.operation !== undefined && { operation: notes.operation }),
        viewer: viewerLabel(viewer),
        ms: Math.round((performance.now() - arrived) * 10) / 10,
        sql: statements.count,
        ...(notes.codes.length > 0 && { codes: notes.codes }),
      },
      'request',
    )
  })
}

const viewerLabel = (viewer: Viewer): string =>
  viewer.role === 'nobody' ? 'nobody' : `${viewer.role}:${viewer.id ?? '-'}`
