import type { IncomingMessage } from 'node:http'
import websocket from '@fastify/websocket'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, LogController } from 'fastify'
import { handleProtocols } from 'graphql-ws'
import { HonzikError } from '../domain/error.ts'
import type { Health } from '../domain/health.ts'
import type { Viewer } from '../domain/viewer.ts'
import type { RequestNotes } from '../graphql/notes.ts'
import { jsonOf } from './body.ts'
import { sendError } from './errors.ts'
import { registerHealth } from './health-routes.ts'
import { type Lifecycle, registerLifecycle } from './lifecycle.ts'
import { registerMultipart } from './multipart.ts'
import { registerRequestLog, requestId } from './request-log.ts'
import type { RequestTrace, RequestTraces } from './request-traces.ts'
import { endStalled } from './stalled.ts'
import { registerStandingHeaders } from './standing-headers.ts'
import { WireServer } from './wire/wire-server.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; nobody until the route has read the token. */
    viewer: Viewer
    notes: RequestNotes
    /** When the request arrived, on the process's monotonic clock, in milliseconds. */
    arrived: number
    statements: { count: number }
    /** Null where nobody follows it. */
    trace: RequestTrace | null
  }
}

export interface HttpServerOptions {
  readonly log: FastifyBaseLogger
  readonly production: boolean
  readonly corsOrigins: readonly string[]
  readonly lifecycle: Lifecycle
  readonly health: () => Promise<Health>
  /** Milliseconds that a request may take. */
  readonly timeoutMs: number
  /** Null where nothing is traced. */
  readonly traces: RequestTraces | null
}

/** Bytes of a request body at most. */
export const BODY_MAX = 256 * 1024

const CONNECTIONS = {
  // Longer than load balancers commonly keep theirs, so that it is them who close.
  keepAliveTimeout: 72_000,
  // Slower than any honest client; keeps half-sent requests from piling up.
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
}

/** The HTTP server with everything that is the same for every route. */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const { log, production, corsOrigins, lifecycle, health, timeoutMs } = options
  const server = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_MAX,
    genReqId: requestId,
    frameworkErrors: (error, request, reply) => sendError(error, request, reply),
    // A request that was accepted is answered, also while shutting down.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    serverFactory: (listener) => new WireServer(CONNECTIONS, listener),
    routerOptions: { maxParamLength: 100 },
  })
  // Longer than any request is worked on, during which nothing is read.
  endStalled(server.server, { patienceMs: Math.max(60_000, timeoutMs + 10_000) })
  await registerSockets(server)
  registerRequestLog(server, options.traces)
  registerLifecycle(server, lifecycle)
  await registerStandingHeaders(server, { production, corsOrigins })
  readOnlyJson(server)
  await registerMultipart(server)
  server.setErrorHandler((error, request, reply) => sendError(error, request, reply))
  server.setNotFoundHandler((request, reply) =>
    sendError(new HonzikError('NOT_FOUND', 'There is nothing at this address; try /graphql.'), request, reply),
  )
  registerHealth(server, { health, lifecycle })
  return server
}

/** WebSockets, for routes that have a handler for them. */
async function registerSockets(server: FastifyInstance): Promise<void> {
  const bySubprotocol = (offered: Set<string>) => handleProtocols(offered)
  await server.register(websocket, {
    options: { maxPayload: BODY_MAX, handleProtocols: bySubprotocol },
    preClose(done) {
      // Clients know by it that they may come back.
      for (const client of this.websocketServer.clients) client.close(SERVICE_RESTART, 'The server is stopping.')
      done()
    },
  })
}

/** A close code of WebSockets, in IANA's registry (RFC 6455, 11.7). */
const SERVICE_RESTART = 1012

/** Bodies are JSON, and multipart where files come with them, and nothing else. */
function readOnlyJson(server: FastifyInstance): void {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/json', ({ raw }: FastifyRequest, payload: IncomingMessage) =>
    jsonOf(raw, payload, BODY_MAX),
  )
}
