import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Viewer } from '../domain/viewer.ts'
import { cacheStatus, createNotes } from '../graphql/notes.ts'

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
    request.notes = createNotes((fault) => request.log.error({ err: fault }, 'fault'))
    request.statements = { count: 0 }
    request.arrived = performance.now()
    reply.header('x-request-id', request.id)
    // Also when the client goes before its answer, which no hook of the framework tells.
    reply.raw.once('close', () => request.log.info(lineOf(request, reply), 'request'))
  })
}

function lineOf(request: FastifyRequest, reply: FastifyReply): Record<string, unknown> {
  const { notes, statements, viewer, arrived } = request
  return {
    method: request.method,
    route: request.routeOptions.url ?? null,
    status: reply.statusCode,
    ...(!reply.raw.writableFinished && { aborted: true }),
    ...(notes.operation !== undefined && { operation: notes.operation }),
    viewer: viewerLabel(viewer),
    ms: Math.round((performance.now() - arrived) * 10) / 10,
    sql: statements.count,
    ...(notes.query && { cache: cacheStatus(notes.cache) }),
    ...(notes.codes.length > 0 && { codes: notes.codes }),
    ...(notes.cause !== undefined && { cause: notes.cause }),
  }
}

const viewerLabel = (viewer: Viewer): string =>
  viewer.role === 'nobody' ? 'nobody' : `${viewer.role}:${viewer.id ?? '-'}`
